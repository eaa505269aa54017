"""Room safety: the robot that skills are given: every tick of it goes through the filter first.

One command of a skill may take several ticks: near people, in SLOW or before a joint limit the same path is
driven more slowly, and the command returns when its target is reached. A skill cannot tell, and has no other
robot to go round it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from robots import Array, Command, CommandReport, Observation, Robot, RobotLimits, RobotProxy, Violation

from .chunk_gate import ChunkGate, Clearance
from .easing import easing
from .modes import Mode, ModeMachine
from .refusals import MOST_REFUSALS_S, keeps_on, not_finite, too_late
from .tick_filter import Tick, TickFilter, planning_limits

PATIENCE_S = 30.0
"""A command that people keep from being finished for so long is given back, [s]: our own choice."""
STATE_PATIENCE_S = 5.0
"""A robot whose state cannot be believed for so long stops until somebody looked, [s]: our own choice."""
OVERTIME = 2.0
"""A skill may send commands for so many times its own limit: it should have ended by itself."""


class StepOverrun(RuntimeError):
    """A skill does not end; the robot was brought to rest."""


def _nothing() -> frozenset[str]:
    return frozenset()


class GuardedRobot(RobotProxy):
    """Filters, stretches, refuses and stops; it never starts a motion of its own."""

    def __init__(
        self,
        robot: Robot,
        *,
        modes: ModeMachine | None = None,
        held_types: Callable[[], frozenset[str]] = _nothing,
        chunks: ChunkGate | None = None,
        on_event: Callable[[Violation], None] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Stand in front of a robot at rest.

        Args:
            robot: What moves.
            modes: Shared with whoever may stop the robot; default is its own.
            held_types: What the hand holds is all of these, e.g. "sharp".
            chunks: Reviews motions that are announced whole; default checks limits alone.
            on_event: Told once of everything that begins to slow, hold or stop the robot.
            clock: That of the robot's samples, [s]; default counts the ticks that were sent.
        """
        super().__init__(robot)
        self._clock = clock
        self.modes = ModeMachine() if modes is None else modes
        now = robot.observe()
        self._filter = TickFilter(robot.limits, self.modes, now.q_arm, now.base)
        self._chunks = ChunkGate(robot.limits) if chunks is None else chunks
        self._limits = planning_limits(robot.limits)
        self._held_types = held_types
        self._on_event = on_event
        self._now_s = now.time_s
        self._refused_s = 0.0
        self._left_s = math.inf
        self._told: tuple[str, str] | None = None
        self._is_settled = self._begins = False
        self._believed = now

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state; joints and base that are no numbers are replaced by the last that were.

        A skill that plans from them plans from where the robot was; its next command is refused all the same,
        because the tick reads the robot itself.
        """
        seen = self._robot.observe(cameras=cameras)
        joints = (seen.q_arm, seen.dq_arm, seen.base, seen.base_velocity)
        if all(np.isfinite(values).all() for values in joints) and math.isfinite(seen.gripper_width):
            self._believed = seen
            return seen
        last = self._believed
        return replace(
            seen, q_arm=last.q_arm, dq_arm=last.dq_arm, base=last.base, base_velocity=last.base_velocity,
            gripper_width=last.gripper_width,
        )  # fmt: skip

    def begin_step(self, timeout_s: float, clearance: Clearance | None = None) -> None:
        """Start a run of a skill: its motions are numbered anew, and its commands are counted.

        Before its first command, a hand that was left pressing against something lets go. What people cost it
        does not count; a skill that goes on after twice its time is refused, and one that does not even end
        then is ended.
        """
        self._chunks.begin(clearance)
        self._left_s = OVERTIME * timeout_s
        self._begins = True

    def wait_for_state(self) -> Violation | None:
        """Stand until the robot's state can be believed; return what stops the robot when it cannot for long.

        Nothing but braking is sent meanwhile.
        """
        if not self._is_settled:
            self._settle()
        until_s = self._now_s + STATE_PATIENCE_S
        while (lost := self._disbelieved(self._robot.observe())) is not None:
            if self.modes.needs_person:
                return self.modes.why
            self._tell(lost)
            if self._now_s > until_s:
                reason = f"the robot's state could not be believed for {STATE_PATIENCE_S:g} s"
                self.modes.enter("state is lost", Mode.PROTECTIVE_STOP, replace(lost, reason=reason))
                return self.modes.why
            self._stand(self._filter.braked())
        return None

    @property
    def limits(self) -> RobotLimits:
        """Return what to plan with: accelerations as they are let through, speeds as published."""
        return self._limits

    def command(self, command: Command) -> CommandReport:
        """Execute one command, in as many ticks as safety takes; a refused one brakes for a tick.

        Raises:
            StepOverrun: If the skill should have ended long ago.
        """
        self._left_s -= self._limits.tick_s
        if self._left_s < 0.0:
            return self._overrun(command)
        if not self._is_settled:
            self._settle()
        if self._begins:
            self._begins = False
            self._brake()
            self._ease()
        sensed = self._robot.observe()
        blocked = self._judged(sensed)
        if blocked is not None:
            return self._refuse((blocked,), command)
        if command.ahead is not None:
            found = self._chunks.review(command.ahead, self._filter.history, self._now_s)
            if found:
                return self._refuse(found, command)
        found = self._filter.admit(command)
        if found:
            return self._refuse(found, command)
        return self._follow(command, sensed)

    def _overrun(self, command: Command) -> CommandReport:
        late = too_late()
        if self._left_s < -PATIENCE_S:
            self._brake()
            raise StepOverrun(str(late))
        return self._refuse((late,), command)

    def stop(self) -> None:
        """Brake to rest within the limits; what presses against something then presses no more."""
        self._brake()
        self._robot.stop()
        self._ease()

    def _ease(self) -> None:
        """Move the targets, within the limits, to where something keeps the joints: motions begin there."""
        sensed = self._robot.observe()
        if self._judged(sensed) is not None:
            return
        places = np.concatenate([sensed.q_arm, sensed.base])
        for target in easing(self._filter.target, places, self._robot.limits):
            if not self._stand(target):
                return

    def _stand(self, target: Array) -> bool:
        """Send a target that is not on the path asked for; return whether the driver took it."""
        report = self._robot.command(_to(target, None))
        self._ticked()
        if report.was_refused:
            self._resync()
            return False
        self._filter.restart(target)
        return True

    def _follow(self, command: Command, sensed: Observation) -> CommandReport:
        """Drive along the path until the command's target is reached as nearly as the speed allows."""
        slowed: dict[str, Violation] = {}
        waited_s = 0.0
        while True:
            tick = self._filter.tick(sensed, self._now_s, self._held_types())
            if tick.target is None:
                return self._refuse(tick.violations, command)
            if tick.slowed is not None:
                slowed[tick.slowed.rule] = tick.slowed
                self._tell(tick.slowed)
            refused = self._send(tick, command)
            if refused:
                return self._refuse(refused, command)
            waited_s += self.limits.tick_s
            if self._filter.is_done:
                break
            if waited_s > PATIENCE_S:
                return self._refuse(tuple(slowed.values()), command)
            sensed = self._robot.observe()
            blocked = self._judged(sensed)
            if blocked is not None:
                return self._refuse((blocked,), command)
        self._refused_s = 0.0
        if not slowed:
            self._told = None
        told = self._filter.target
        executed = replace(command, q_arm=told[:7], base=told[7:])
        return CommandReport(executed=executed, slowed=tuple(slowed.values()))

    def _ticked(self) -> None:
        """Let the clock go on by the tick that was sent."""
        if self._clock is None:
            self._now_s += self._limits.tick_s

    def _read(self, sensed: Observation) -> float:
        """Return the robot clock, which is never behind its newest sample, [s]."""
        self._now_s = max(self._now_s, sensed.time_s, self._clock() if self._clock else -math.inf)
        return self._now_s

    def _disbelieved(self, sensed: Observation) -> Violation | None:
        return self._filter.disbelieved(sensed, self._read(sensed))

    def _judged(self, sensed: Observation) -> Violation | None:
        return self._filter.judge_state(sensed, self._read(sensed))

    def _send(self, tick: Tick, command: Command) -> tuple[Violation, ...]:
        """Send one tick; return why the driver would not have it."""
        assert tick.target is not None
        target = tick.target
        if not np.isfinite(target).all():
            return (not_finite(),)
        report = self._robot.command(_to(target, command.gripper_width, command.gripper_force))
        self._ticked()
        if report.was_refused:
            self._resync()
            return report.violations
        self._filter.sent(target)
        return ()

    def _refuse(self, violations: tuple[Violation, ...], command: Command) -> CommandReport:
        """Brake for one tick instead; whoever is refused for long is stopped until somebody has looked."""
        for violation in violations[:1]:
            self._tell(violation)
        was_moving = not self._filter.is_at_rest
        self._stand(self._filter.braked())
        if not self.modes.may_move and was_moving:
            self._brake()
        self._refused_s += self.limits.tick_s
        if self._refused_s > MOST_REFUSALS_S and self.modes.may_move:
            self.modes.enter("refused commands", Mode.PROTECTIVE_STOP, keeps_on(violations))
            self._refused_s = 0.0
        told = self._filter.target
        return CommandReport(executed=Command(q_arm=told[:7], base=told[7:]), violations=violations)

    def _brake(self) -> None:
        """Bring every joint to rest as hard as its limits allow."""
        while not self._filter.is_at_rest:
            self._stand(self._filter.braked())

    def _resync(self) -> None:
        """The driver went its own way: let it come to rest, and go on from where it was told to stand."""
        self._robot.stop()
        told = self._robot.command(Command()).executed
        self._ticked()
        if told.q_arm is None or told.base is None:
            self._settle()
        else:
            self._filter.rest(told.q_arm, told.base)

    def _settle(self) -> None:
        """Take the robot as it stands, where that can be believed: somebody else moved or stopped it."""
        sensed = self._robot.observe()
        if self._disbelieved(sensed) is None:
            self._filter.rest(sensed.q_arm, sensed.base)
        self._is_settled = True

    def _tell(self, violation: Violation) -> None:
        key = (violation.rule, violation.subject)
        if key != self._told and self._on_event is not None:
            self._told = key
            self._on_event(violation)


def _to(target: Array, width: float | None, force: float = 40.0) -> Command:
    return Command(q_arm=target[:7], base=target[7:], gripper_width=width, gripper_force=force)
