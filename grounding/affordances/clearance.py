"""Room grounding: is there room for the fingers around an item?"""

from __future__ import annotations

from grounding.extents import gap_between
from grounding.scene import Scene

from .chance import CERTAIN, Chance

FINGER_GAP = 0.03
"""A finger with clearance fits between an item and its neighbour from here on, [m]."""
TIGHT_GAP = 0.012
"""Below this only some directions of approach are left, [m]."""


def clearance_chance(scene: Scene, item: str) -> Chance:
    """Return how likely neighbours leave a way to grasp: one tight neighbour costs a little, more cost more.

    Items above or below it count too; those inside it (an apple in the bowl) do not.
    """
    here = scene.outlines[item]
    probability, reasons = 1.0, []
    for other, outline in scene.outlines.items():
        if other == item or outline.low > here.high + 0.12 or outline.high < here.low - 0.005:
            continue
        if abs(outline.centre - here.centre).max() > 0.35:
            continue
        if ("in", other, item) in scene.facts or ("in", item, other) in scene.facts:
            continue
        gap = gap_between(here.corners, outline.corners)
        if gap < FINGER_GAP:
            probability *= 0.92 if gap >= TIGHT_GAP else 0.80
            reasons.append(f"{other} stands {max(0.0, gap) * 100:.0f} cm from {item}")
    return Chance(probability, tuple(reasons)) if reasons else CERTAIN
