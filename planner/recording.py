"""Room planner: film a run: a robot that passes every command on and takes a picture now and then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from robots import Command, CommandReport, Image, Robot, RobotProxy

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen

FRAMES_PER_S = 12
SPEED_UP = 4.0
"""The film shows the robot this many times faster than its clock."""
GIF_EVERY = 4
"""The GIF keeps every so many frames of the film, at a smaller size, and plays them at twice its speed."""
GIF_WIDTH = 400
OVERVIEW_EYE, OVERVIEW_TARGET = (0.2, -4.5, 3.3), (0.0, 0.15, 0.4)
"""Where the pictures of a run are taken from, and what they look at, [m] in the world frame."""
OVERVIEW_FOV = 0.84
"""Vertical opening of that camera, [rad]."""


def overview(kitchen: PybulletKitchen) -> Image:
    """Return a picture of the whole home, RGB, shape (400, 640, 3)."""
    from robots.pybullet import CameraModel, looking_at, render

    model = CameraModel(width=640, height=400, vertical_fov=OVERVIEW_FOV, far=12.0)
    T_world_camera = looking_at(OVERVIEW_EYE, OVERVIEW_TARGET)
    return render(kitchen.bullet, model, T_world_camera, time_s=0.0).rgb


class Recorder(RobotProxy):
    """A robot with a film camera behind it; `close` finishes the film, and a GIF beside it."""

    def __init__(self, robot: Robot, picture: Callable[[], Image], file: Path) -> None:
        """Start filming.

        Args:
            robot: Who is filmed.
            picture: Renders the overview, RGB, shape (height, width, 3).
            file: The film, `.mp4`.
        """
        import cv2

        super().__init__(robot)
        self._picture = picture
        self._gif_file = file.with_suffix(".gif")
        self._gif: list[Image] = []
        self._count = 0
        self._every = max(1, round(SPEED_UP / FRAMES_PER_S / robot.limits.tick_s))
        self._ticks = 0
        height, width = picture().shape[:2]
        code = cv2.VideoWriter.fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(str(file), code, FRAMES_PER_S, (width, height))

    def command(self, command: Command) -> CommandReport:
        """Execute one tick; film it when a frame is due."""
        report = self._robot.command(command)
        self._ticks += 1
        if self._ticks % self._every == 0:
            self._film(np.ascontiguousarray(self._picture()[..., ::-1]))
        return report

    def close(self) -> None:
        """Finish film and GIF."""
        import cv2

        self._writer.release()
        if not self._gif:
            return
        animation = cv2.Animation()
        animation.frames = self._gif
        duration_ms = round(1000 * GIF_EVERY / FRAMES_PER_S / 2)
        animation.durations = [duration_ms] * len(self._gif)
        cv2.imwriteanimation(str(self._gif_file), animation, [])

    def _film(self, bgr: Image) -> None:
        import cv2

        self._writer.write(bgr)
        if self._count % GIF_EVERY == 0:
            height, width = bgr.shape[:2]
            size = (GIF_WIDTH, round(height * GIF_WIDTH / width))
            self._gif.append(np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), dtype=np.uint8))
        self._count += 1
