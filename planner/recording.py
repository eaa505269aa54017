"""Room planner: film a run: a robot that passes every command on and takes a picture now and then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from robots import Command, CommandReport, Image, Observation, Robot, RobotLimits

FRAMES_PER_S = 12
SPEED_UP = 4.0
"""The film shows the robot this many times faster than its clock."""


class Recorder:
    """A robot with a film camera behind it; `close` finishes the film."""

    def __init__(self, robot: Robot, picture: Callable[[], Image], file: Path) -> None:
        """Start filming.

        Args:
            robot: Who is filmed.
            picture: Renders the overview, RGB, shape (height, width, 3).
            file: The film, `.mp4`.
        """
        import cv2

        self._robot = robot
        self._picture = picture
        self._every = max(1, round(SPEED_UP / FRAMES_PER_S / robot.limits.tick_s))
        self._ticks = 0
        height, width = picture().shape[:2]
        code = cv2.VideoWriter.fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(str(file), code, FRAMES_PER_S, (width, height))

    @property
    def name(self) -> str:
        """Return the robot's name."""
        return self._robot.name

    @property
    def limits(self) -> RobotLimits:
        """Return the robot's limits."""
        return self._robot.limits

    @property
    def camera_names(self) -> tuple[str, ...]:
        """Return the robot's cameras."""
        return self._robot.camera_names

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the robot's newest state."""
        return self._robot.observe(cameras=cameras)

    def command(self, command: Command) -> CommandReport:
        """Execute one tick; film it when a frame is due."""
        report = self._robot.command(command)
        self._ticks += 1
        if self._ticks % self._every == 0:
            self._writer.write(np.ascontiguousarray(self._picture()[..., ::-1]))
        return report

    def stop(self) -> None:
        """Bring the robot to rest."""
        self._robot.stop()

    def close(self) -> None:
        """Finish the film."""
        self._writer.release()
