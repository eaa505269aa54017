"""Room skills: the robot's body during one run of a skill: it moves along paths until told to stop.

Every motion returns None, or the `Halt` that ended it: cancelled, out of time, or refused by the driver. The
body remembers the last targets it sent, so that motions join without a jump even while something presses
against the hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from robots import Array, Chunk, Command, CommandReport, Observation, Violation
from skills.skill import Evidence, Outcome, SkillContext, Status

from .whole_body import ARM, BASE, body_limits, time_path

SETTLE_TICKS = 24
REST_SPEED = 0.01
"""Below this every joint counts as at rest, [rad/s] or [m/s]."""

StopTest = Callable[[Observation], bool]


@dataclass(frozen=True, kw_only=True)
class Halt:
    """Why a skill cannot go on."""

    status: Status
    reason: str
    refused_by: Violation | None = None
    """The rule for whose sake the robot refused a command."""

    @property
    def is_interruption(self) -> bool:
        """Return whether to stop at once instead of clearing up."""
        return self.status in (Status.CANCELLED, Status.TIMED_OUT)


class Body:
    """Streams commands for one run of a skill, and writes its outcome."""

    def __init__(self, context: SkillContext) -> None:
        """Start where the robot is, at rest, with the clock at zero."""
        self._context = context
        now = context.robot.observe()
        self._start_s = now.time_s
        self._tick_s = context.robot.limits.tick_s
        self._ticks = 0
        self._motions = 0
        self._limits = body_limits(context.robot.limits)
        self.target: Array = np.concatenate([now.q_arm, now.base])
        """Last configuration sent, shape (10,)."""
        self.q_start: Array = np.array(now.q_arm)
        """Arm configuration at the start of the run, shape (7,)."""
        self.evidence: dict[str, float | int | str | bool] = {}
        self.was_slowed = False
        """Whether the last motion was not driven as timed: at its end the joints are slower, or behind."""

    @property
    def tick_s(self) -> float:
        """Return the control period, [s]."""
        return self._tick_s

    @property
    def q_arm(self) -> Array:
        """Return the last arm target, shape (7,)."""
        return self.target[ARM]

    @property
    def base(self) -> Array:
        """Return the last base target, shape (3,)."""
        return self.target[BASE]

    def observe(self) -> Observation:
        """Return the newest state."""
        return self._context.robot.observe()

    def follow(
        self, path: Array, *, speed: float = 1.0, width: float | None = None, until: StopTest | None = None
    ) -> Halt | None:
        """Move along configurations (n, 10) from the last target, from rest to rest.

        Args:
            path: Way points after the present one, shape (n, 10).
            speed: Share of the allowed speed.
            width: Gripper width to command on the way, [m].
            until: Looked at every tick; true brakes and ends the motion without a halt.
        """
        whole = np.vstack([self.target, np.reshape(path, (-1, 10))])
        timed = time_path(whole, self._limits, tick_s=self._tick_s, speed=speed)
        return self.play(timed, width=width, until=until)

    def play(
        self,
        configurations: Array,
        *,
        width: float | Array | None = None,
        until: StopTest | None = None,
        observed_at_s: float | None = None,
    ) -> Halt | None:
        """Send one configuration (10,) per tick, already timed within the limits.

        Args:
            configurations: Targets from the last one on, shape (n, 10).
            width: Gripper width to command, [m]; one for all ticks, or shape (n,).
            until: Looked at every tick; true brakes and ends the motion without a halt.
            observed_at_s: Robot clock of what the motion was computed from, [s]; default is now.
        """
        robot = self._context.robot
        ahead: Chunk | None = self._announced(configurations, observed_at_s)
        self.was_slowed = False
        widths = np.broadcast_to(np.nan if width is None else width, len(configurations))
        for configuration, opening in zip(configurations, widths, strict=True):
            halt = self._interruption()
            if halt is not None or (until is not None and until(robot.observe())):
                self.rest()
                return halt
            command = Command(
                q_arm=configuration[ARM],
                base=configuration[BASE],
                gripper_width=None if np.isnan(opening) else float(opening),
                ahead=ahead,
            )
            ahead = None
            report = robot.command(command)
            if report.was_refused:
                self.rest()
                return _refused(report)
            self.target = configuration
            self.was_slowed |= bool(report.slowed) or _is_behind(report.executed, configuration)
        return None

    def _announced(self, configurations: Array, observed_at_s: float | None) -> Chunk:
        """Return a motion as it is announced with its first tick."""
        self._motions += 1
        if observed_at_s is None:
            observed_at_s = self._context.robot.observe().time_s
        return Chunk(q=configurations, sequence=self._motions, observed_at_s=observed_at_s)

    def move_arm(
        self, *waypoints: Array, speed: float = 1.0, width: float | None = None, until: StopTest | None = None
    ) -> Halt | None:
        """Move the arm through joint positions (7,) while the base stands."""
        path = np.array([np.concatenate([q, self.base]) for q in waypoints])
        return self.follow(path, speed=speed, width=width, until=until)

    def move_base(
        self, waypoints: Array, *, speed: float = 1.0, until: StopTest | None = None
    ) -> Halt | None:
        """Drive through base poses (n, 3), turning the short way, while the arm keeps its joint positions."""
        poses = np.array(waypoints, dtype=np.float64).reshape(-1, 3)
        poses[:, 2] = np.unwrap([self.base[2], *poses[:, 2]])[1:]
        path = np.column_stack([np.tile(self.q_arm, (len(poses), 1)), poses])
        return self.follow(path, speed=speed, until=until)

    def grip(self, width: float, *, force: float = 40.0, seconds: float = 0.4) -> Halt | None:
        """Move the fingers and wait until they have arrived or closed on something."""
        for _ in range(max(1, round(seconds / self._tick_s))):
            halt = self._interruption()
            if halt is not None:
                return halt
            report = self._context.robot.command(Command(gripper_width=width, gripper_force=force))
            if report.was_refused:
                return _refused(report)
        return None

    def wait(self, seconds: float) -> Halt | None:
        """Hold still for so long."""
        for _ in range(round(seconds / self._tick_s)):
            halt = self._interruption()
            if halt is not None:
                return halt
            report = self._context.robot.command(Command())
            if report.was_refused:
                return _refused(report)
        return None

    def rest(self) -> None:
        """Brake to rest, and remember where the motors are told to stand."""
        robot = self._context.robot
        robot.stop()
        told, now = robot.command(Command()).executed, robot.observe()
        q_arm, base = (
            (now.q_arm, now.base) if told.q_arm is None or told.base is None else (told.q_arm, told.base)
        )
        self.target = np.concatenate([q_arm, base])

    def finish(self, halt: Halt | None, done: str, evidence: Evidence | None = None) -> Outcome:
        """Come to rest and return the outcome: `done` is the reason when nothing halted it."""
        self._context.robot.stop()
        self._settle()
        measured = {**self.evidence, **(evidence or {})}
        status = Status.SUCCEEDED if halt is None else halt.status
        reason = done if halt is None else halt.reason
        duration_s = self.observe().time_s - self._start_s
        return Outcome(status=status, reason=reason, evidence=measured, duration_s=duration_s)

    def _settle(self) -> None:
        """Hold until the joints have followed their targets to rest, some ticks at most."""
        for _ in range(SETTLE_TICKS):
            now = self.observe()
            if max(np.abs(now.dq_arm).max(), np.abs(now.base_velocity).max()) < REST_SPEED:
                return
            if self._context.robot.command(Command()).was_refused:
                return

    def _interruption(self) -> Halt | None:
        """Return whether to stop before the next tick. Called once a tick, so it counts them."""
        if self._context.is_cancelled():
            return Halt(status=Status.CANCELLED, reason="cancelled")
        self._ticks += 1
        if self._ticks * self._tick_s > self._context.timeout_s:
            return Halt(status=Status.TIMED_OUT, reason=f"not done after {self._context.timeout_s:.0f} s")
        return None


def _refused(report: CommandReport) -> Halt:
    first = report.violations[0]
    return Halt(status=Status.FAILED, reason=f"the robot refused: {first}", refused_by=first)


def _is_behind(executed: Command, configuration: Array) -> bool:
    """Return whether the motors were told something else than the configuration."""
    parts = ((executed.q_arm, configuration[ARM]), (executed.base, configuration[BASE]))
    return any(told is not None and bool((np.abs(told - wanted) > 1e-7).any()) for told, wanted in parts)


def first_halt(*stages: Callable[[], Halt | None]) -> Halt | None:
    """Run stages in order until one halts; return that halt, or None."""
    for stage in stages:
        halt = stage()
        if halt is not None:
            return halt
    return None


def failed(reason: str) -> Halt:
    """Return the halt of a skill that cannot do what it was asked."""
    return Halt(status=Status.FAILED, reason=reason)
