"""Room planner: an arm that follows its targets exactly and writes them down where every process can read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from multiprocessing.context import BaseContext

import numpy as np

from robots import Array, Command, CommandReport, Observation, RobotLimits
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS

LONGEST = 3_000
"""Control periods that are written down: 25 s."""


class Log:
    """When the joints were told what; outlives the process that writes it."""

    def __init__(self, context: BaseContext) -> None:
        """Make an empty log."""
        self._rows = context.RawArray("d", LONGEST * 11)
        self._count = context.RawValue("q", 0)

    def add(self, q: Array) -> None:
        """Write down targets, shape (10,), and the monotonic clock."""
        row = int(self._count.value)
        if row < LONGEST:
            self._rows[11 * row : 11 * row + 11] = [time.monotonic(), *q]
            self._count.value = row + 1

    def read(self) -> Array:
        """Return one row a control period: time, [s], then arm and base, shape (n, 11)."""
        count = int(self._count.value)
        return np.array(self._rows[: 11 * count]).reshape(count, 11)


class LoggedRobot:
    """Implements `Robot`: joints are where they were told to be."""

    name = "logged"
    camera_names: tuple[str, ...] = ()
    limits: RobotLimits = PANDA_LIMITS

    def __init__(self, log: Log) -> None:
        """Stand at home."""
        self._log = log
        self._q = np.concatenate([ARM_HOME, np.zeros(3)])
        self._dq = np.zeros(10)

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return where it was told to be."""
        return Observation(
            time_s=time.monotonic(), q_arm=self._q[:7], dq_arm=self._dq[:7], base=self._q[7:],
            base_velocity=self._dq[7:], gripper_width=0.08, gripper_force=0.0,
        )  # fmt: skip

    def command(self, command: Command) -> CommandReport:
        """Be there."""
        assert command.q_arm is not None and command.base is not None
        q = np.concatenate([command.q_arm, command.base])
        self._dq, self._q = (q - self._q) / self.limits.tick_s, q
        self._log.add(q)
        return CommandReport(executed=command)

    def stop(self) -> None:
        """Stand where it was told to be."""
