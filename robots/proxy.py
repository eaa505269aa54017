"""Room robots: a robot that stands in front of another one: a filter, a recorder, a disturber."""

from __future__ import annotations

from collections.abc import Sequence

from .robot import Command, CommandReport, Observation, Robot, RobotLimits


class RobotProxy:
    """Implements `Robot` by passing everything on; subclass and override what should differ."""

    def __init__(self, robot: Robot) -> None:
        """Stand in front of `robot`."""
        self._robot = robot

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
        """Execute one tick."""
        return self._robot.command(command)

    def stop(self) -> None:
        """Bring the robot to rest."""
        self._robot.stop()
