"""Room safety: the tick filter: what may be sent to the motors next, in one fixed order of checks.

A skill sends targets, one per tick. They are knots of a path; the filter moves along it, at full speed a knot
a tick, and slower where somebody is near, the mode is SLOW or a joint limit comes up. So the path stays what
the skill planned, and only the time on it stretches. What cannot be slowed down in time is stopped off the
path, each joint as hard as its limits allow.

No clock and no robot in here: samples and times come in as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from robots import Array, Command, Observation, RobotLimits, Violation
from robots.command_gate import AXES, TOLERANCE, CommandGate

from .asked_path import AskedPath
from .bounds import braking_bound
from .modes import Mode, ModeMachine
from .people import allowance
from .refusals import at_limit, no_braking_room
from .self_clearance import SelfClearance
from .state_watch import StateWatch

VELOCITY_SHARE = np.array([0.95, 0.95, 0.95, 0.95, 0.85, 0.85, 0.85])
"""Share of the arm's published speed that is let through: a joint overshoots a little, and the wrist of 12 Nm
more, when all joints brake at once."""
BASE_SHARE, PLANNED_SHARE = 0.95, 0.95
"""The same for the base; and the share of a planned speed that is let through: primitives take 0.9 of it."""
LIMIT_MARGIN = 6e-3
"""Joints are told to stay so far inside their position limits, [rad] or [m]: they follow late under load."""
MOST_FORCE_N = 20.0
"""Contact force at which the robot stops until somebody looked. Source: the vendor's examples."""
CRUSHING_N, EASED_N = 150.0, 60.0
"""Contact force on the hand at which a motion is refused once, until it has eased: grips and handles stay
below it, a finger that is driven into a thing does not; our own choice."""
STATE, FORCE = "state", "contact"
BISECTIONS = 10
SCALES = tuple(i / 20 for i in range(21))


@dataclass(frozen=True)
class Tick:
    """What to do in one control period."""

    target: Array | None
    """Shape (10,); None: brake as hard as the limits allow."""
    violations: tuple[Violation, ...] = ()
    """Why the command cannot be executed."""
    slowed: Violation | None = None
    """Why it is executed more slowly."""


def inner_limits(limits: RobotLimits) -> RobotLimits:
    """Return the limits that the filter lets through: speed reduced, acceleration and jerk as published.

    Less acceleration would keep the simulated wrist (12 Nm) nearer to hostile targets, but primitives stop on
    contact, and a softer stop knocks things over.
    """
    arm, base = limits.arm, limits.base
    return replace(
        limits,
        arm=replace(arm, velocity=arm.velocity * VELOCITY_SHARE),
        base=replace(base, velocity=base.velocity * BASE_SHARE),
    )


def planning_limits(limits: RobotLimits) -> RobotLimits:
    """Return the limits to plan with: primitives take 0.9 of a speed by themselves, which is let through."""
    inner = inner_limits(limits)
    return replace(
        inner,
        arm=replace(inner.arm, velocity=inner.arm.velocity / PLANNED_SHARE),
        base=replace(inner.base, velocity=inner.base.velocity / PLANNED_SHARE),
    )


class TickFilter:
    """Remembers the path that was asked for, and how far along it the motors are."""

    def __init__(self, limits: RobotLimits, modes: ModeMachine, q_arm: Array, base: Array) -> None:
        """Start at rest.

        Args:
            limits: As published.
            modes: Where causes for less than RUN are noted.
            q_arm: Joint positions, shape (7,).
            base: Base pose, shape (3,).
        """
        allowed = inner_limits(limits)
        self._dt = limits.tick_s
        self._modes = modes
        self._watch = StateWatch(limits)
        self._self = SelfClearance(limits)
        self._asked = CommandGate(allowed, q_arm, base)
        """Differences of the path as it was asked for."""
        self._sent = CommandGate(allowed, q_arm, base)
        """Differences of what the motors were told."""
        parts = (allowed.arm, allowed.base)
        self._acceleration = np.concatenate([p.acceleration for p in parts])
        self._jerk = np.concatenate([p.jerk for p in parts])
        self._lower = np.concatenate([p.lower for p in parts]) + LIMIT_MARGIN
        self._upper = np.concatenate([p.upper for p in parts]) - LIMIT_MARGIN
        self._path = AskedPath(self._sent.target)
        self._scale = 1.0
        """Share of full speed of the last tick."""
        self._is_pressing = False

    @property
    def target(self) -> Array:
        """Return what the motors were told last, shape (10,)."""
        return self._sent.target

    @property
    def history(self) -> tuple[Array, Array, Array]:
        """Return what the motors were told last: position, velocity, acceleration, each of shape (10,)."""
        return self._sent.history

    @property
    def is_at_rest(self) -> bool:
        """Return whether the motors were told to stand."""
        return self._sent.is_at_rest

    @property
    def left(self) -> float:
        """Return how many ticks at full speed the motors are behind what was asked for."""
        return self._path.left

    @property
    def is_done(self) -> bool:
        """Return whether the motors are as near to what was asked for as the present speed allows."""
        return self._path.left < max(self._scale, 1e-6) - 1e-9

    def judge_state(self, sensed: Observation, now_s: float) -> Violation | None:
        """Check freshness, numbers and contact; note in the modes what is wrong, and what is right again."""
        wrong = self.disbelieved(sensed, now_s)
        if wrong is not None:
            return wrong
        if not sensed.external_force <= MOST_FORCE_N:
            hit = Violation(
                rule="contact_is_gentle",
                layer="tick",
                subject="contact force",
                measured=round(sensed.external_force, 1),
                allowed=MOST_FORCE_N,
                unit="N",
            )
            self._modes.enter(FORCE, Mode.PROTECTIVE_STOP, hit)
        if not self._modes.may_move:
            return self._modes.why
        return self._crushing(sensed.hand_force)

    def disbelieved(self, sensed: Observation, now_s: float) -> Violation | None:
        """Return why a sample cannot be believed, for which the robot holds; None when it can."""
        wrong = self._watch.check(sensed, now_s, self._sent.target)
        if wrong is None:
            self._modes.clear(STATE)
        else:
            self._modes.enter(STATE, Mode.HOLD, wrong)
        return wrong

    def _crushing(self, force: float) -> Violation | None:
        """Return why a motion that drives the hand into something ends; the next may lead away from it."""
        if force <= EASED_N:
            self._is_pressing = False
        if self._is_pressing or force <= CRUSHING_N:
            return None
        self._is_pressing = True
        return Violation(
            rule="hand_is_gentle",
            layer="tick",
            subject="contact force on the hand",
            measured=round(force, 1),
            allowed=CRUSHING_N,
            unit="N",
        )

    def admit(self, command: Command) -> tuple[Violation, ...]:
        """Take a command's target as the next knot, or return every limit that it breaks."""
        found = self._asked.check(command)
        if found:
            return tuple(replace(v, layer="tick") for v in found)
        wanted = self._asked.wanted(command)
        outside = ~((wanted >= self._lower) & (wanted <= self._upper))
        if outside.any() and bool((wanted != self._asked.target)[outside].any()):
            axis = int(np.flatnonzero(outside)[0])
            return (at_limit(AXES[axis], float(wanted[axis])),)
        self._asked.accept(wanted)
        self._path.append(self._asked.target)
        return ()

    def tick(
        self, sensed: Observation, now_s: float, held_types: frozenset[str], clearance_scale: float = 1.0
    ) -> Tick:
        """Return the next target on the path, at the speed that is allowed now.

        Args:
            sensed: A sample that `judge_state` let pass.
            now_s: Robot clock, [s].
            held_types: What the hand holds is all of these.
            clearance_scale: Share of speed that obstacles leave.
        """
        here = self._sent.target
        share = min(1.0, self._path.left)  # a whole tick ahead, also where less than one is known
        step = (self._path.ahead(share) - here) / share if share > 0.0 else np.zeros_like(here)
        speed = np.abs(step) / self._dt
        near = allowance(
            sensed.people,
            here,
            here + step,
            dt=self._dt,
            now_s=now_s,
            stopping_s=float((speed / self._acceleration).max()) + self._dt,
            held_types=held_types,
            is_slow=self._modes.mode == Mode.SLOW,
        )
        braking = self._braking_scale(here, step)
        scale = self._reachable(min(near.scale, braking, clearance_scale))
        if scale is None or (braking < 1.0 and scale > braking + 1e-9):
            return Tick(None, (no_braking_room(),))
        itself = self._self.check(here[:7], scale * step[:7] / self._dt)
        if itself is not None:
            return Tick(None, (itself,))
        self._scale = scale
        return Tick(self._path.advance(scale), slowed=near.reason if near.scale < 1.0 else None)

    def sent(self, target: Array) -> None:
        """Note what the motors were really told."""
        self._sent.accept(target)

    def restart(self, target: Array) -> None:
        """Forget the path: the motors were told `target` off it, and go on from there."""
        self._sent.accept(target)
        self._asked.history = self._sent.history
        self._path = AskedPath(self._sent.target)

    def rest(self, q_arm: Array, base: Array) -> None:
        """Forget everything: the robot stands here."""
        self._sent.reset(q_arm, base)
        self._asked.reset(q_arm, base)
        self._path = AskedPath(self._sent.target)
        self._scale = 1.0

    def braked(self) -> Array:
        """Return the next target of the hardest stop, shape (10,)."""
        return self._sent.braked()

    def _braking_scale(self, here: Array, step: Array) -> float:
        """Return the share of speed from which every joint can still stop before its limit."""
        there = here + step
        room = np.where(step > 0.0, self._upper - there, there - self._lower)
        bound = braking_bound(room, self._acceleration, self._jerk, self._dt)
        speed = np.abs(step) / self._dt
        fast = speed > bound
        return float((bound[fast] / speed[fast]).min()) if fast.any() else 1.0

    def _reachable(self, wanted: float) -> float | None:
        """Return the share of speed nearest to `wanted` that acceleration and jerk allow; None if none is."""
        if self._is_smooth(wanted):
            return wanted
        good, bad = self._scale, wanted
        if not self._is_smooth(good):
            choices = [s for s in SCALES if self._is_smooth(s)]
            if not choices:
                return None
            good = min(choices, key=lambda s: abs(s - wanted))
        for _ in range(BISECTIONS):
            middle = (good + bad) / 2.0
            good, bad = (middle, bad) if self._is_smooth(middle) else (good, middle)
        return good

    def _is_smooth(self, scale: float) -> bool:
        _, velocity, acceleration = self._sent.history
        next_velocity = (self._path.ahead(scale) - self._sent.target) / self._dt
        change = (next_velocity - velocity) / self._dt
        slack = 1.0 + TOLERANCE / 2
        return bool(
            (np.abs(change) <= self._acceleration * slack).all()
            and (np.abs(change - acceleration) / self._dt <= self._jerk * slack).all()
        )
