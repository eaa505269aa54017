"""Room grounding: is there room for the fingers around an item?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grounding.extents import Outline
from grounding.scene import Scene
from robots import Fixture
from robots.polygons import gap_between

from .chance import CERTAIN, Chance

FINGER_GAP = 0.03
"""A finger with clearance fits between an item and its neighbour from here on, [m]."""
TIGHT_GAP = 0.012
"""Below this only some directions of approach are left, [m]."""
HAND_GAP = 0.06
"""What a neighbour needs that towers over the item: beside it the hand itself must pass, [m]."""
TOWERING = 0.06
"""How much higher a neighbour is beside which not fingers but the hand must pass, [m]."""
WALL_GAP = 0.03
"""Distance of a low item to the side of a container below which few grasps are left, [m]."""


def clearance_chance(scene: Scene, item: str, fixture: Fixture) -> Chance:
    """Return how likely neighbours and walls leave a way to grasp; each tight one costs something.

    Items above or below it count too; those inside it (an apple in the bowl) do not.

    Args:
        scene: What stands around.
        item: What is to be grasped.
        fixture: Where it is.
    """
    probability, reasons = 1.0, []
    for other, gap in _neighbours(scene, item):
        probability *= 0.92 if gap >= TIGHT_GAP else 0.80
        reasons.append(f"{other} stands {max(0.0, gap) * 100:.0f} cm from {item}")
    if "container" in fixture.kinds and _is_at_wall(scene.outlines[item], fixture):
        probability *= 0.85
        reasons.append(f"{item} lies at the wall of {fixture.name}")
    return Chance(probability, tuple(reasons)) if reasons else CERTAIN


def _neighbours(scene: Scene, item: str) -> Iterator[tuple[str, float]]:
    """Yield the items that are in the way of the hand, with their distance, [m]."""
    here = scene.outlines[item]
    for other, outline in scene.outlines.items():
        is_apart = outline.low > here.high + 0.12 or outline.high < here.low - 0.005
        if other == item or is_apart or abs(outline.centre - here.centre).max() > 0.35:
            continue
        if ("in", other, item) in scene.facts or ("in", item, other) in scene.facts:
            continue
        gap = gap_between(here.corners, outline.corners)
        if gap < (HAND_GAP if outline.high > here.high + TOWERING else FINGER_GAP):
            yield other, gap


def _is_at_wall(outline: Outline, fixture: Fixture) -> bool:
    """Return whether an item lies low and close to a side of the region that it is in."""
    region = fixture.region
    rim = float(region.T_world_region[2, 3]) + region.size[2]
    if outline.high > rim - TOWERING:
        return False
    T = region.T_world_region
    local = np.abs((outline.corners - T[:2, 3]) @ T[:2, :2])
    return bool((local.max(axis=0) > np.asarray(region.size[:2]) / 2 - WALL_GAP).any())
