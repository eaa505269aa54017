"""Room safety: whether what the robot says of itself can be believed: fresh, finite, physically possible."""

from __future__ import annotations

import numpy as np

from robots import Array, Observation, RobotLimits, Violation

MOST_AGE_S = 0.05
"""Oldest state on which a motor may be commanded, [s]: our own choice, six control periods."""
JUMP_SHARE, JUMP_SLACK = 2.0, 0.05
"""A joint that moved more than so many times its speed limit allows, plus this, [rad] or [m], was misread."""

RETURN_SLACK = 0.2
"""After a sample that was not believed, the next one that is lies so near to what the motors were told, [rad]
or [m]: the robot stood meanwhile, and time makes no jump possible. A wrist lags by 0.17 rad at most."""


class StateWatch:
    """Compares every sample with the one before, and after a bad one with what the motors were told."""

    def __init__(self, limits: RobotLimits) -> None:
        """Take the limits of speed."""
        self._is_doubted = False
        self._velocity = np.concatenate([limits.arm.velocity, limits.base.velocity])
        self._last: tuple[float, Array] | None = None

    def check(self, sensed: Observation, now_s: float, told: Array) -> Violation | None:
        """Return why the sample must not be used; None when it may.

        Args:
            sensed: The newest sample.
            now_s: Robot clock that every executed tick has advanced, [s].
            told: What the motors were told last, shape (10,).
        """
        wrong = self._check(sensed, now_s, told)
        self._is_doubted = wrong is not None
        return wrong

    def _check(self, sensed: Observation, now_s: float, told: Array) -> Violation | None:
        age_s = now_s - sensed.time_s
        if not -1e-6 <= age_s <= MOST_AGE_S:
            return _violation("state_is_fresh", "joint state", round(age_s, 4), f"0 to {MOST_AGE_S}", "s")
        q = np.concatenate([sensed.q_arm, sensed.base])
        rates = np.concatenate([sensed.dq_arm, sensed.base_velocity])
        if not (np.isfinite(q).all() and np.isfinite(rates).all()):
            return _violation("state_is_finite", "joint state", "not a number", "finite numbers")
        if self._is_doubted and self._last is not None:
            return self._return(sensed.time_s, q, told)
        return self._jump(sensed.time_s, q)

    def _return(self, time_s: float, q: Array, told: Array) -> Violation | None:
        away = np.abs(q - told)
        worst = int(away.argmax())
        if away[worst] > RETURN_SLACK:
            return _violation(
                "state_is_possible", f"axis {worst + 1}", round(float(away[worst]), 4), RETURN_SLACK
            )
        self._last = (time_s, q)
        return None

    def _jump(self, time_s: float, q: Array) -> Violation | None:
        last, self._last = self._last, (time_s, q)
        if last is None or time_s < last[0]:
            return None
        allowed = JUMP_SHARE * self._velocity * (time_s - last[0]) + JUMP_SLACK
        excess = np.abs(q - last[1]) / allowed
        worst = int(excess.argmax())
        if excess[worst] <= 1.0:
            return None
        self._last = last  # what is impossible is not what the next sample is measured against
        moved = round(float(abs(q[worst] - last[1][worst])), 4)
        return _violation("state_is_possible", f"axis {worst + 1}", moved, round(float(allowed[worst]), 4))


def _violation(
    rule: str, subject: str, measured: float | str, allowed: float | str, unit: str = ""
) -> Violation:
    return Violation(rule=rule, layer="tick", subject=subject, measured=measured, allowed=allowed, unit=unit)
