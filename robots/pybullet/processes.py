"""Room robots: household processes that rigid bodies do not have: wiping, and pouring as a model.

Pouring is a model, not a fluid: a filled item tilted beyond 75 degrees loses its content in `POUR_S` seconds;
what is lost goes into the item with a cavity, or the sink, whose opening is straight below its mouth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array
from robots.geometry import Region
from robots.transforms import inverse

POUR_TILT = math.radians(75.0)
POUR_S = 1.0
CELL = 0.02
"""Edge of a wiping cell, [m]."""


class WipeGrid:
    """Cells of a wiping patch that a cleaning item has touched."""

    def __init__(self, size: tuple[float, float, float]) -> None:
        """Cover a patch of this size with cells."""
        self._half = (size[0] / 2, size[1] / 2)
        shape = (max(1, round(size[0] / CELL)), max(1, round(size[1] / CELL)))
        self.cells = np.zeros(shape, dtype=np.bool_)
        x = (np.arange(shape[0]) + 0.5) / shape[0] * size[0] - size[0] / 2
        y = (np.arange(shape[1]) + 0.5) / shape[1] * size[1] - size[1] / 2
        self._centres = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)  # (nx, ny, 2)

    @property
    def fraction(self) -> float:
        """Return the touched part, 0 to 1."""
        return float(self.cells.mean())

    def touch(self, T_patch_item: Array, size: tuple[float, float, float]) -> None:
        """Mark the cells under the face with which a box-shaped item lies on the patch."""
        R = T_patch_item[:2, :3]
        down = int(np.argmax(np.abs(T_patch_item[2, :3])))
        local = (self._centres - T_patch_item[:2, 3]) @ R  # (nx, ny, 3): coordinates along the item's axes
        inside = np.ones(self.cells.shape, dtype=np.bool_)
        for axis in range(3):
            if axis != down:
                inside &= np.abs(local[..., axis]) <= size[axis] / 2
        self.cells |= inside


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Something that liquid can fall into: a horizontal rectangle in the world."""

    name: str
    T_world_opening: Array
    """Centre of the opening, z up."""
    half: tuple[float, float]


def item_opening(name: str, T_world_item: Array, size: tuple[float, float, float]) -> Opening | None:
    """Return the opening of an upright vessel, or None when it is tilted by more than 30 degrees."""
    if T_world_item[2, 2] < math.cos(math.radians(30.0)):
        return None
    T = T_world_item.copy()
    T[:3, 3] += T[:3, 2] * size[2] / 2
    # A margin of 15 mm: the stream is wider than the mouth's centre line.
    return Opening(name=name, T_world_opening=T, half=(size[0] / 2 + 0.015, size[1] / 2 + 0.015))


def region_opening(name: str, region: Region) -> Opening:
    """Return the opening at the top of a container region."""
    T = region.T_world_region.copy()
    T[2, 3] += region.size[2]
    return Opening(name=name, T_world_opening=T, half=(region.size[0] / 2, region.size[1] / 2))


def is_pouring(T_world_item: Array) -> bool:
    """Return whether a vessel is tilted far enough to lose its content."""
    return bool(T_world_item[2, 2] < math.cos(POUR_TILT))


def receiver_below(
    T_world_item: Array, size: tuple[float, float, float], openings: Mapping[str, Opening]
) -> str | None:
    """Return the highest opening straight below the mouth of a tilted vessel."""
    mouth = T_world_item[:3, 3] + T_world_item[:3, 2] * size[2] / 2
    best, height = None, -math.inf
    for opening in openings.values():
        p = inverse(opening.T_world_opening)[:3, :3] @ (mouth - opening.T_world_opening[:3, 3])
        below = p[2] > -0.01 and abs(p[0]) <= opening.half[0] and abs(p[1]) <= opening.half[1]
        if below and opening.T_world_opening[2, 3] > height:
            best, height = opening.name, float(opening.T_world_opening[2, 3])
    return best
