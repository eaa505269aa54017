"""Room grounding: is the dock of a place free to stand on, or does an open door take it up?"""

from __future__ import annotations

import math

import numpy as np

from grounding.scene import Scene
from robots import Array, Box, Solid
from robots.mobile_base import PLATFORM
from robots.polygons import gap_between

from .chance import CERTAIN, Chance

BLOCKED = 0.5
"""Chance that a base pose beside a blocked dock serves as well."""
_HALF = np.asarray(PLATFORM.shape.size[:2]) / 2 if isinstance(PLATFORM.shape, Box) else np.zeros(2)
_CORNERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


def standing_chance(scene: Scene, place: str) -> Chance:
    """Return how likely the base can stand at the dock of a place."""
    x, y, yaw = scene.fixtures[place].dock
    cos, sin = math.cos(yaw), math.sin(yaw)
    body = np.array([x, y]) + (_CORNERS * _HALF) @ np.array([[cos, sin], [-sin, cos]])
    for name, fixture in scene.fixtures.items():
        if fixture.articulation is None or fixture.articulation.open_fraction < 0.05:
            continue
        near = (solid for solid in fixture.solids if math.dist(solid.T_owner_solid[:2, 3], (x, y)) < 1.0)
        moving = [s for s in near if s.part in ("door", "drawer") and isinstance(s.shape, Box)]
        if any(gap_between(body, _shadow(solid)) < 0.0 for solid in moving):
            return Chance(BLOCKED, (f"the open {moving[0].part} of {name} is in the way",))
    return CERTAIN


def _shadow(solid: Solid) -> Array:
    """Return the corners of an upright box's shadow on the floor, shape (4, 2)."""
    assert isinstance(solid.shape, Box)
    T = solid.T_owner_solid
    corners: Array = T[:2, 3] + (_CORNERS * (np.asarray(solid.shape.size[:2]) / 2)) @ T[:2, :2].T
    return corners
