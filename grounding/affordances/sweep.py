"""Room grounding: is the way free for pushing an item, and is there room for the hand behind it?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from grounding.extents import in_region_frame
from grounding.scene import Scene
from robots import Array, Fixture
from robots.polygons import gap_between

from .chance import CERTAIN, Chance, all_of

AHEAD = 0.10
"""How far an item is pushed, [m]."""
BEHIND = 0.07
"""Room that the closed fingers need behind it, [m]."""
STEPS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"away": (1.0, 0.0), "closer": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
)
"""Directions in the frame of a surface's region."""


def sweep_chance(scene: Scene, item: str, fixture: Fixture, direction: str) -> Chance:
    """Return how likely an item can be pushed on a surface: it stays on it, and nothing is in the way."""
    T = fixture.region.T_world_region
    heading = T[:2, :2] @ np.array(STEPS[direction])
    end = scene.items[item].p_world_item + np.array([*(AHEAD * heading), 0.0])
    x, y, _ = in_region_frame(fixture.region, end)
    half_x, half_y = fixture.region.size[0] / 2, fixture.region.size[1] / 2
    stays = CERTAIN
    if not (-half_x - 0.02 <= x <= half_x + 0.15 and abs(y) <= half_y + 0.02):
        stays = Chance(0.4, (f"{item} would leave the easy part of {fixture.name}",))
    way = _free(scene, item, AHEAD * heading, "in the way of")
    hand = _free(scene, item, -BEHIND * heading, "where the hand must go behind")
    return all_of(stays, way, hand)


def _free(scene: Scene, item: str, shift: Array, words: str) -> Chance:
    here = scene.outlines[item]
    moved = here.corners + shift
    for other, outline in scene.outlines.items():
        is_beside = outline.low < here.high and outline.high > here.low and other != item
        if is_beside and gap_between(moved, outline.corners) < 0.0:
            return Chance(0.3, (f"{other} is {words} {item}",))
    return CERTAIN
