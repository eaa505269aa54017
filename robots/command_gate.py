"""Room robots: what a driver does before a motor hears of a command (no simulator, no hardware).

The gate differentiates the *commanded* targets at the tick rate and compares them with the published limits.
A command outside them is refused whole; while the robot moves, that tick brakes within the limits instead,
because repeating the last target would itself be an instant stop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .arrays import Array, frozen
from .robot import Command, RobotLimits, Violation

TOLERANCE = 1e-6
"""Relative slack on every limit, for the rounding of finite differences."""

AXES = (*(f"arm joint {i}" for i in range(1, 8)), "base x", "base y", "base yaw")


RATE_RULES = (("joint velocity", "/s"), ("joint acceleration", "/s^2"), ("joint jerk", "/s^3"))


class CommandGate:
    """Checks commands against limits, and remembers the last targets that were executed."""

    def __init__(self, limits: RobotLimits, q_arm: Array, base: Array) -> None:
        """Start at rest at the given joint positions."""
        self._limits = limits
        parts = (limits.arm, limits.base)
        self._lower = np.concatenate([p.lower for p in parts])  # (10,)
        self._upper = np.concatenate([p.upper for p in parts])
        self._acceleration = np.concatenate([p.acceleration for p in parts])
        self._jerk = np.concatenate([p.jerk for p in parts])
        velocity = np.concatenate([p.velocity for p in parts])
        self._rates = np.stack([velocity, self._acceleration, self._jerk])  # (3, 10)
        self._units = ("rad",) * 7 + ("m", "m", "rad")
        self.history: tuple[Array, Array, Array] = (frozen([]), frozen([]), frozen([]))
        self.reset(q_arm, base)

    def reset(self, q_arm: Array, base: Array) -> None:
        """Forget the past: the robot is at rest here."""
        q = frozen(np.concatenate([q_arm, base]))
        self.history = (q, frozen(np.zeros(10)), frozen(np.zeros(10)))

    @property
    def target(self) -> Array:
        """Return the last executed targets, arm then base, shape (10,)."""
        return self.history[0]

    @property
    def velocity(self) -> Array:
        """Return the last commanded velocity, shape (10,)."""
        return self.history[1]

    @property
    def is_at_rest(self) -> bool:
        """Return whether the commanded velocity is zero."""
        return bool(np.all(self.history[1] == 0.0))

    def wanted(self, command: Command) -> Array:
        """Return the targets that a command asks for; a part that is None brakes to rest and holds."""
        is_complete = command.q_arm is not None and command.base is not None
        wanted = np.array(self.target if is_complete or self.is_at_rest else self.braked())
        if command.q_arm is not None:
            wanted[:7] = command.q_arm
        if command.base is not None:
            wanted[7:] = command.base
        return wanted

    def check(self, command: Command) -> tuple[Violation, ...]:
        """Return every limit that the command breaks; empty means that it may be executed."""
        malformed = self._malformed(command)
        if malformed:
            return malformed
        q = self.wanted(command)
        dt = self._limits.tick_s
        rates = np.empty((3, 10))
        np.subtract(q, self.history[0], out=rates[0])
        for k in range(3):
            rates[k] /= dt
            if k < 2:
                np.subtract(rates[k], self.history[k + 1], out=rates[k + 1])
        is_fast = ~(np.abs(rates) <= self._rates * (1 + TOLERANCE))
        is_outside = ~((q >= self._lower - 1e-9) & (q <= self._upper + 1e-9))
        if not is_fast.any() and not is_outside.any():
            return ()
        return tuple(self._outside_positions(q, is_outside, command) + self._too_fast(rates, is_fast))

    def accept(self, q: Array) -> None:
        """Remember the targets of an executed tick, shape (10,)."""
        dt = self._limits.tick_s
        velocity = (q - self.history[0]) / dt
        velocity = np.where(np.abs(velocity) < 1e-12, 0.0, velocity)
        self.history = (frozen(q), frozen(velocity), frozen((velocity - self.history[1]) / dt))

    def braked(self) -> Array:
        """Return the next targets of the hardest stop within the limits, shape (10,)."""
        q, velocity, acceleration = self.history
        dt = self._limits.tick_s
        # The tick must obey both bounds on the change of velocity: acceleration, and jerk from the last one.
        low = np.maximum(-self._acceleration, acceleration - self._jerk * dt) * dt
        high = np.minimum(self._acceleration, acceleration + self._jerk * dt) * dt
        slower = velocity + np.clip(-velocity, low, high)
        return np.where(slower == 0.0, q, q + slower * dt)

    def _malformed(self, command: Command) -> tuple[Violation, ...]:
        found = []
        for subject, values, size in (("arm target", command.q_arm, 7), ("base target", command.base, 3)):
            if values is None:
                continue
            if np.shape(values) != (size,):
                found.append(_violation("shape", subject, str(np.shape(values)), f"({size},)"))
            elif not np.isfinite(values).all():
                found.append(
                    _violation("finite", subject, str(np.asarray(values).tolist()), "finite numbers")
                )
        grip = self._limits
        for subject, value, top, unit in (
            ("gripper width", command.gripper_width, grip.gripper_max_width, "m"),
            ("gripper force", command.gripper_force, grip.gripper_max_force, "N"),
        ):
            if value is not None and not 0.0 <= value <= top:
                found.append(_violation("gripper range", subject, float(value), f"0 to {top}", unit))
        return tuple(found)

    def _outside_positions(
        self, q: Array, is_outside: NDArray[np.bool_], command: Command
    ) -> list[Violation]:
        asked = np.array([command.q_arm is not None] * 7 + [command.base is not None] * 3)
        return [
            _violation(
                "joint position",
                AXES[i],
                float(q[i]),
                f"{self._lower[i]:g} to {self._upper[i]:g}",
                self._units[i],
            )
            for i in np.flatnonzero(is_outside & asked)
        ]

    def _too_fast(self, rates: Array, is_fast: NDArray[np.bool_]) -> list[Violation]:
        return [
            _violation(rule, AXES[i], abs(float(rates[k, i])), float(self._rates[k, i]), self._units[i] + per)
            for k, (rule, per) in enumerate(RATE_RULES)
            for i in np.flatnonzero(is_fast[k])
        ]


def _violation(
    rule: str, subject: str, measured: float | str, allowed: float | str, unit: str = ""
) -> Violation:
    return Violation(
        rule=rule, layer="driver", subject=subject, measured=measured, allowed=allowed, unit=unit
    )
