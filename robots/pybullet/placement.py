"""Room robots: where items stand at the start, sampled by seed with room for fingers between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array
from robots.geometry import Region
from robots.polygons import gap_between
from robots.setup import ImpossibleStart
from robots.transforms import pose

GAPS = (0.05, 0.03, 0.015, 0.004)
"""Free distances between neighbours that are tried in turn, [m]: a finger with clearance needs 5 cm."""
TRIES = 400
_DROP = 0.003


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """Rectangle or disc that an item covers, in the region's frame."""

    x: float
    y: float
    yaw: float
    half: tuple[float, float]
    is_round: bool

    def corners(self) -> Array:
        """Return the corners, shape (4, 2); a disc gives its bounding octagon, shape (8, 2)."""
        if self.is_round:
            angles = np.arange(8) * math.pi / 4 + math.pi / 8
            radius = self.half[0] / math.cos(math.pi / 8)
            return np.array([self.x, self.y]) + radius * np.column_stack([np.cos(angles), np.sin(angles)])
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        local = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * self.half
        turned: Array = np.array([self.x, self.y]) + local @ np.array([[c, s], [-s, c]])
        return turned


def _gap(a: Footprint, b: Footprint) -> float:
    return gap_between(a.corners(), b.corners())


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An item's place: its footprint, and its pose in the region's frame."""

    footprint: Footprint
    T_region_item: Array


def sample_place(
    size: tuple[float, float, float],
    *,
    region: Region,
    others: Sequence[Footprint],
    headroom: float,
    is_round: bool,
    name: str,
    rng: np.random.Generator,
) -> Placed:
    """Return a free place for one item in a region.

    Args:
        size: Bounding box of the item when it stands, [m].
        region: Where it shall stand.
        others: Footprints already taken, in the region's frame.
        headroom: Free height above the region's floor, [m]; taller items lie down.
        is_round: Whether the footprint is a disc.
        name: Item name, for the message.
        rng: Source of randomness.

    Raises:
        ImpossibleStart: If no free place is found.
    """
    lies = size[2] > headroom - 0.01
    extents = (size[2], size[1], size[0]) if lies else size
    round_now = is_round and not lies
    half = (extents[0] / 2, extents[1] / 2)
    for gap in GAPS:
        for _ in range(TRIES):
            found = _candidate(half, region, round_now, rng)
            if found is not None and all(
                gap_between(found.corners(), other.corners()) >= gap for other in others
            ):
                return Placed(footprint=found, T_region_item=_item_pose(found, extents[2], lies))
    raise ImpossibleStart(f"there is no free place left for {name} among {len(others)} other items")


def _candidate(
    half: tuple[float, float], region: Region, is_round: bool, rng: np.random.Generator
) -> Footprint | None:
    u, v, w = rng.random(3)
    yaw = (2 * w - 1) * math.pi
    c, s = (1.0, 0.0) if is_round else (abs(math.cos(yaw)), abs(math.sin(yaw)))
    room_x = region.size[0] / 2 - (half[0] * c + half[1] * s) - 0.002
    room_y = region.size[1] / 2 - (half[0] * s + half[1] * c) - 0.002
    if room_x < 0 or room_y < 0:
        return None
    return Footprint(x=(2 * u - 1) * room_x, y=(2 * v - 1) * room_y, yaw=yaw, half=half, is_round=is_round)


def _item_pose(place: Footprint, height: float, lies: bool) -> Array:
    T_region_item = pose(place.x, place.y, height / 2 + _DROP, yaw=place.yaw)
    if lies:
        T_region_item = T_region_item @ pose(0.0, 0.0, 0.0, pitch=math.pi / 2)
    return T_region_item
