"""Room safety: the arm must be able to stop before it hits the robot's own body or itself."""

from __future__ import annotations

import numpy as np

from grounding.collision import ArmCollision
from robots import Array, RobotLimits, Violation

LEAST_M = 0.01
"""Distance to the robot itself at which a stop has to end, [m]. Source: MoveIt Servo's default for itself;
ordinary primitives keep 30 mm."""
EVERY_TICKS = 4
"""How often it is looked at; what is covered until the next look counts as covered."""


class SelfClearance:
    """Looks at where the hardest stop would end."""

    def __init__(self, limits: RobotLimits) -> None:
        """Take the arm's limits."""
        self._acceleration = limits.arm.acceleration
        self._ahead_s = (EVERY_TICKS + 1) * limits.tick_s
        self._lower, self._upper = limits.arm.lower, limits.arm.upper
        self._collision = ArmCollision([], np.zeros(3))
        self._ticks = 0

    def check(self, q: Array, velocity: Array) -> Violation | None:
        """Return why the arm must stop now; None when it may go on.

        Args:
            q: Arm joints that the motors were told, shape (7,).
            velocity: Joint velocities that come next, shape (7,).
        """
        self._ticks += 1
        if self._ticks % EVERY_TICKS and np.any(velocity):
            return None
        braking = velocity * np.abs(velocity) / (2.0 * self._acceleration)
        end = np.clip(q + velocity * self._ahead_s + braking, self._lower, self._upper)
        here, there = (float(d) for d in self._collision.clearance(np.stack([q, end])))
        if there >= min(LEAST_M, here):
            return None
        return Violation(
            rule="clear_of_itself",
            layer="tick",
            subject="distance of the arm to the robot where it would stop",
            measured=round(there, 4),
            allowed=LEAST_M,
            unit="m",
        )
