"""Room safety: what stands before the motors: it moves on a lease, and brakes by itself when that runs out.

Nothing here waits for another process, and nothing another process does can keep it from braking.
"""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from robots import Array, Command, Robot
from robots.command_gate import CommandGate

from .links import Links, State, Target
from .priority import DRIVER, run_before_others

SHORTEST = 0.95
"""Share of a control period that passes at least between two targets, also after a late one: the filter lets
0.95 of the published speeds through, so joints that are told late are still not told too fast."""


class LeasedDriver:
    """Takes one target a control period, or brakes within the limits."""

    def __init__(self, robot: Robot, links: Links) -> None:
        """Take a robot at rest.

        Args:
            robot: Its `command` sends one target to the joints and returns when that was sent; its samples
                bear the time of the monotonic clock at which they were taken.
            links: Where targets come from and states go.
        """
        self._robot, self._links = robot, links
        here = robot.observe()
        self._gate = CommandGate(robot.limits, here.q_arm, here.base)
        self._epoch = self._consumed = 0
        self._is_latched = self._is_braking = False
        self._armed = links.times_armed
        self._publish()

    @property
    def is_at_rest(self) -> bool:
        """Return whether the joints were told to stand."""
        return self._gate.is_at_rest

    def tick(self) -> None:
        """Do what one control period asks for, and publish the state."""
        self._arm()
        lease = self._links.lease
        if lease.was_given and not lease.is_valid and not self._is_latched:
            self._is_latched = True
            self._leave()
        may_move = lease.is_valid and not self._is_latched
        target = self._links.take(self._epoch, self._consumed + 1) if may_move else None
        if target is None:
            if not (self._gate.is_at_rest or self._is_braking):
                self._leave()
        elif self._refuses(target):
            self._leave()
            target = None
        self._follow(target)
        self._publish()

    def _leave(self) -> None:
        """End the epoch: what is queued is void, and the joints come to rest before anything new."""
        self._epoch += 1
        self._is_braking = True

    def _follow(self, target: Target | None) -> None:
        if target is None:
            self._send(self._gate.braked(), Command())
            return
        self._is_braking = False
        self._consumed = target.sequence
        self._send(target.q, _grip(target))

    def _arm(self) -> None:
        """Take note of a person's act: it counts only at rest, with a lease, and after the latch."""
        pressed = self._links.times_armed
        if pressed == self._armed:
            return
        self._armed = pressed
        if self._is_latched and self._gate.is_at_rest and self._links.lease.is_valid:
            self._is_latched = False
            self._leave()

    def _refuses(self, target: Target) -> bool:
        return bool(self._gate.check(replace(_grip(target), q_arm=target.q[:7], base=target.q[7:])))

    def _send(self, q: Array, grip: Command) -> None:
        """Tell the joints, and believe the robot's word of what they do; what it refuses ends the path."""
        report = self._robot.command(replace(grip, q_arm=q[:7], base=q[7:]))
        self._gate.accept(self._gate.wanted(report.executed))
        if report.was_refused and not self._is_braking:
            self._leave()

    def _publish(self) -> None:
        seen = self._robot.observe()
        self._links.tell(
            State(
                time_s=seen.time_s,
                epoch=self._epoch,
                consumed=self._consumed,
                is_latched=self._is_latched,
                is_at_rest=self._gate.is_at_rest,
                told=self._gate.target,
                q=np.concatenate([seen.q_arm, seen.base]),
                dq=np.concatenate([seen.dq_arm, seen.base_velocity]),
                gripper=(seen.gripper_width, seen.gripper_force),
                forces=(seen.external_force, seen.hand_force),
                people=seen.people,
            )
        )


def _grip(target: Target) -> Command:
    """Return what a target asks of the gripper."""
    return Command(
        gripper_width=None if math.isnan(target.width) else target.width, gripper_force=target.force
    )


def run_driver(make_robot: Callable[[], Robot], links: Links) -> None:
    """Drive until somebody closes the links, or nobody is left; the main function of its process.

    Args:
        make_robot: Called here; the robot lives in this process alone.
        links: Shared with the filter.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the executor; the driver stops on its lease
    run_before_others(DRIVER)
    robot = make_robot()
    driver, parent = LeasedDriver(robot, links), os.getppid()
    due_s = time.monotonic()
    while not (
        driver.is_at_rest and (links.is_closing or os.getppid() != parent and not links.lease.is_valid)
    ):
        driver.tick()
        now_s = time.monotonic()
        due_s = next_due_s(due_s, now_s, robot.limits.tick_s)
        time.sleep(due_s - now_s)


def next_due_s(due_s: float, sent_s: float, tick_s: float) -> float:
    """Return when the next target is due, [s]: a period after the last was, and not too soon after it."""
    return max(due_s + tick_s, sent_s + SHORTEST * tick_s)
