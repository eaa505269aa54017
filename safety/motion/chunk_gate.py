"""Room safety: a motion that is announced whole is reviewed whole, before its first tick moves anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from robots import Array, Chunk, RobotLimits, Violation
from robots.command_gate import AXES, RATE_RULES, TOLERANCE
from robots.panda_kinematics import link_poses, tool_jacobian

from .bounds import braking_bound
from .tick_filter import LIMIT_MARGIN, inner_limits

Clearance: TypeAlias = Callable[[Array], Array]
"""Smallest distance to an obstacle, [m], shape (n,), of configurations (n, 10)."""
LEAST_CLEARANCE = -0.01
"""A motion that brings arm or palm deeper into an obstacle is refused, [m]: the spheres around the links are
larger than the links. In 1,100 motions of the primitives the smallest was 0.001."""
LONGEST = 20_000
"""Knots of one motion: almost three minutes."""
MOST_CONDITION = 25.0
"""A motion that brings the tool nearer to a singularity is refused: condition number of d(tool position)/dq.
A stretched arm cannot give way. In 1,908 motions of the primitives the largest was 18, a milk carton put into
the back of a fridge; the wrist's own singularities are harmless to motions in joint space."""
CHECKED_EVERY = 4
"""Clearance is computed for every so many knots: 33 ms apart, 75 mm of the fastest arm."""


class ChunkGate:
    """Remembers the sequence of one skill run, and where obstacles are."""

    def __init__(self, limits: RobotLimits) -> None:
        """Take the limits as published; `begin` says what stands around."""
        allowed = inner_limits(limits)
        parts = (allowed.arm, allowed.base)
        self._dt = limits.tick_s
        self._rates = [np.concatenate([getattr(p, n) for p in parts]) for n in _RATES]
        self._lower = np.concatenate([p.lower for p in parts]) + LIMIT_MARGIN
        self._upper = np.concatenate([p.upper for p in parts]) - LIMIT_MARGIN
        self.begin()

    def begin(self, clearance: Clearance | None = None) -> None:
        """Start a run of a skill: its announcements are numbered anew, among these obstacles or none."""
        self._sequence = -1
        self.clearance = clearance

    def review(
        self, chunk: Chunk, history: tuple[Array, Array, Array], now_s: float
    ) -> tuple[Violation, ...]:
        """Return why the motion must not begin; empty when it may.

        Args:
            chunk: The motion.
            history: Position, velocity and acceleration that the motors were told last, each (10,).
            now_s: Robot clock, [s].
        """
        q = np.asarray(chunk.q, dtype=np.float64)
        if q.ndim != 2 or q.shape[1] != len(AXES) or not 0 < len(q) <= LONGEST:
            return (_violation("shape", "chunk", str(q.shape), f"(1 to {LONGEST}, {len(AXES)})"),)
        if not np.isfinite(q).all():
            return (_violation("finite", "chunk", "not a number", "finite numbers"),)
        found = self._order(chunk, len(q), now_s)
        if found:
            return found
        found = self._motion(q, history) or self._singular(q, history[0]) or self._obstacles(q)
        if not found:
            self._sequence = chunk.sequence
        return found

    def _order(self, chunk: Chunk, count: int, now_s: float) -> tuple[Violation, ...]:
        if chunk.sequence <= self._sequence:
            return (_violation("sequence_grows", "chunk", chunk.sequence, f"more than {self._sequence}"),)
        age_s, horizon_s = now_s - chunk.observed_at_s, count * self._dt
        if not -1e-6 <= age_s <= horizon_s:
            return (_violation("chunk_is_fresh", "chunk", round(age_s, 3), f"0 to {horizon_s:.3f}", "s"),)
        return ()

    def _motion(self, q: Array, history: tuple[Array, Array, Array]) -> tuple[Violation, ...]:
        at, velocity, acceleration = history
        differences = [np.diff(np.vstack([at, q]), axis=0) / self._dt]
        for before in (velocity, acceleration):
            differences.append(np.diff(np.vstack([before, differences[-1]]), axis=0) / self._dt)
        for (rule, per), values, most in zip(RATE_RULES, differences, self._rates, strict=True):
            broken = ~(np.abs(values) <= most * (1.0 + TOLERANCE))
            if broken.any():
                knot, axis = (int(i) for i in np.argwhere(broken)[0])
                measured = round(abs(float(values[knot, axis])), 4)
                return (_at(rule, knot, axis, measured, float(most[axis]), f"rad{per}"),)
        moved = np.abs(differences[0]) > 1e-9
        outside = ~((q >= self._lower) & (q <= self._upper)) & moved
        if outside.any():
            knot, axis = (int(i) for i in np.argwhere(outside)[0])
            allowed = f"{self._lower[axis]:.4f} to {self._upper[axis]:.4f}"
            return (_at("joint position", knot, axis, round(float(q[knot, axis]), 4), allowed, "rad"),)
        return self._stops(q, differences[0])

    def _stops(self, q: Array, velocity: Array) -> tuple[Violation, ...]:
        """Refuse a motion with a knot from which a joint could not stop before its limit."""
        room = np.where(velocity > 0.0, self._upper - q, q - self._lower)
        bound = braking_bound(room, self._rates[1], self._rates[2], self._dt)
        broken = ~(np.abs(velocity) <= bound + 1e-9)
        if not broken.any():
            return ()
        knot, axis = (int(i) for i in np.argwhere(broken)[0])
        speed, allowed = abs(float(velocity[knot, axis])), float(bound[knot, axis])
        return (_at("stop_exists", knot, axis, round(speed, 4), round(allowed, 4), "rad/s"),)

    def _singular(self, q: Array, here: Array) -> tuple[Violation, ...]:
        path = np.vstack([here[:7], q[::CHECKED_EVERY, :7]])
        conditions = np.linalg.cond(tool_jacobian(link_poses(path))[:, :3])
        worst = int(conditions.argmax())
        if conditions[worst] <= MOST_CONDITION or conditions[0] > MOST_CONDITION:
            return ()  # out of a singularity every way is allowed
        knot = (worst - 1) * CHECKED_EVERY + 1
        measured = round(float(conditions[worst]), 1)
        return (_violation("away_from_singularity", f"knot {knot} of the motion", measured, MOST_CONDITION),)

    def _obstacles(self, q: Array) -> tuple[Violation, ...]:
        if self.clearance is None:
            return ()
        gaps = self.clearance(q[::CHECKED_EVERY])
        worst = int(np.argmin(gaps))
        if not gaps[worst] >= min(LEAST_CLEARANCE, float(gaps[0])):
            measured = round(float(gaps[worst]), 4)
            knot = worst * CHECKED_EVERY + 1
            return (_violation("clearance", f"knot {knot} of the motion", measured, LEAST_CLEARANCE, "m"),)
        return ()


_RATES = ("velocity", "acceleration", "jerk")


def _at(rule: str, knot: int, axis: int, measured: float, allowed: float | str, unit: str) -> Violation:
    unit = unit if axis not in (7, 8) else unit.replace("rad", "m")
    return _violation(rule, f"{AXES[axis]} at knot {knot + 1}", measured, allowed, unit)


def _violation(
    rule: str, subject: str, measured: float | str, allowed: float | str, unit: str = ""
) -> Violation:
    return Violation(
        rule=rule, layer="trajectory", subject=subject, measured=measured, allowed=allowed, unit=unit
    )
