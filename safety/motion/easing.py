"""Room safety: let go: bring the targets of joints that something keeps away to where they really are.

A joint that is kept from its target is a spring that is drawn: when what keeps it gives way, it leaps.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from robots import Array, RobotLimits

from .bounds import rest_to_rest, shortest_time
from .people import NEAR_TOOL_SPEED
from .surface import speeds, surface_at

HELD_AWAY = 1e-3
"""A joint kept so far from its target, [rad] or [m], gets its place as target: a motion that began there
would otherwise begin with a jump."""
FARTHEST = 0.3
"""Nothing keeps a joint so far from its target, [rad] or [m]: such a place is not gone to."""
PEAK = 1.875
"""Largest speed of a quintic from rest to rest, in means of its own."""


def easing(targets: Array, places: Array, limits: RobotLimits) -> Iterator[Array]:
    """Return targets, one a tick, from where joints were told to be to where they are; the tool is slow.

    Args:
        targets: What the motors were told last, at rest, shape (10,).
        places: Where the joints are, shape (10,).
        limits: Of the robot.
    """
    parts = (limits.arm, limits.base)
    lower, upper = (np.concatenate([getattr(p, side) for p in parts]) for side in ("lower", "upper"))
    away = np.clip(places, lower, upper) - targets
    if not HELD_AWAY < np.abs(away).max() < FARTHEST:
        return
    ways = zip(parts, (away[:7], away[7:]), strict=True)
    seconds = max(shortest_time(d, p.velocity, p.acceleration, p.jerk) for p, d in ways)
    _, moved = speeds(surface_at(targets, is_holding=False), surface_at(places, is_holding=False), 1.0)
    for share in rest_to_rest(max(seconds, PEAK * moved / NEAR_TOOL_SPEED), limits.tick_s):
        yield targets + share * away
