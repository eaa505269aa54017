"""Room safety: the robot as the filter sees it: the driver's queue, and the state that it publishes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np

from robots import Command, CommandReport, Observation, RobotLimits, Violation

from .links import QUEUE, Links, State, Target

PATIENCE_S = 0.1
"""A driver that takes nothing for so long does not drive, [s]."""
REST_S = 3.0
"""Every joint comes to rest in less time, [s]."""
_PAUSE_S = 0.0005


class QueueRobot:
    """Implements `Robot`: a command goes into the queue, and waits while the queue is full."""

    name = "driver"
    camera_names: tuple[str, ...] = ()

    def __init__(self, links: Links, limits: RobotLimits, is_interrupted: Callable[[], bool]) -> None:
        """Wait for the driver's first state.

        Args:
            links: Shared with the driver.
            limits: Of the robot.
            is_interrupted: Whether whoever gave the command is gone.

        Raises:
            TimeoutError: If no driver publishes its state.
        """
        self.limits = limits
        self._links = links
        self._is_interrupted = is_interrupted
        until_s = time.monotonic() + 10 * REST_S
        while links.state() is None:
            if time.monotonic() > until_s:
                raise TimeoutError("no driver publishes its state")
            time.sleep(_PAUSE_S)
        self._seen = self.state
        self._epoch, self._sequence = self._seen.epoch, self._seen.consumed

    @property
    def state(self) -> State:
        """Return the newest state that could be read whole."""
        self._seen = self._links.state() or self._seen
        return self._seen

    @property
    def waiting(self) -> int:
        """Return how many targets the driver has not taken yet."""
        return self._sequence - self.state.consumed

    def resume(self) -> bool:
        """Begin a new epoch with a driver that stands and may move; return whether there was need to."""
        state = self.state
        if state.epoch == self._epoch or state.is_latched or not state.is_at_rest:
            return False
        self._begin_again()
        return True

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return what the driver knows, with the time at which it did."""
        return self.state.observation()

    def command(self, command: Command) -> CommandReport:
        """Queue one target, and renew the driver's lease; refuse it when the driver does not follow."""
        until_s = time.monotonic() + PATIENCE_S
        while True:
            self._links.lease.renew()
            state = self.state
            if state.is_latched or state.epoch != self._epoch:
                return self._refused(command, self._left(state))
            if self._sequence - state.consumed < QUEUE:
                break
            if self._is_interrupted() or time.monotonic() > until_s:
                return self._refused(command, _violation("driver_answers", "the driver takes no targets"))
            time.sleep(_PAUSE_S)
        self._sequence += 1
        assert command.q_arm is not None and command.base is not None
        width = math.nan if command.gripper_width is None else command.gripper_width
        q = np.concatenate([command.q_arm, command.base])
        self._links.put(Target(self._epoch, self._sequence, q, width, command.gripper_force))
        return CommandReport(executed=command)

    def stop(self) -> None:
        """Let the queue run dry: the driver brakes when it does."""
        until_s = time.monotonic() + REST_S
        while not self.state.is_at_rest and time.monotonic() < until_s:
            self._links.lease.renew()
            time.sleep(_PAUSE_S)
        self._begin_again()

    def _left(self, state: State) -> Violation:
        """Wait for rest, begin a new epoch there, and say why the driver left the path."""
        self.stop()
        if state.is_latched:
            return _violation("driver_is_armed", "its lease had run out: somebody has to arm it again")
        return _violation("driver_keeps_up", "a target was late or not possible, so it stopped by itself")

    def _begin_again(self) -> None:
        state = self.state
        self._epoch, self._sequence = state.epoch, state.consumed

    def _refused(self, command: Command, violation: Violation) -> CommandReport:
        return CommandReport(executed=command, violations=(violation,))


def _violation(rule: str, reason: str) -> Violation:
    return Violation(
        rule=rule, layer="tick", subject="the driver", measured="stopped", allowed="", reason=reason
    )
