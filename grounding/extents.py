"""Room grounding: how far objects and furniture reach: heights, footprints and insides, from their solids.

Everything is in the world frame unless it says otherwise, [m].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from robots import Array, Box, Cylinder, Fixture, Item, Region, Solid

_CORNERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


def interval_along(item: Item, direction: Array) -> tuple[float, float]:
    """Return the least and greatest coordinate of an item along a unit vector of the world frame.

    Plain floats: with vectors of three, NumPy's overhead is ten times the arithmetic.
    """
    R = item.T_world_item[:3, :3]
    dx, dy, dz = (R.T @ direction).tolist()  # the direction in the item's axes
    middle = float(direction @ item.T_world_item[:3, 3])
    low, high = math.inf, -math.inf
    for solid in item.solids:
        (xx, yx, zx, px), (xy, yy, zy, py), (xz, yz, zz, pz), _ = solid.T_owner_solid.tolist()
        along = (dx * xx + dy * xy + dz * xz, dx * yx + dy * yy + dz * yz, dx * zx + dy * zy + dz * zz)
        centre = middle + dx * px + dy * py + dz * pz
        reach = _reach_along(solid, along)
        low, high = min(low, centre - reach), max(high, centre + reach)
    return low, high


def _reach_along(solid: Solid, along: tuple[float, float, float]) -> float:
    """Return how far a solid reaches from its own centre along a unit vector given in its own axes."""
    x, y, z = along
    match solid.shape:
        case Box(size=size):
            return (abs(x) * size[0] + abs(y) * size[1] + abs(z) * size[2]) / 2
        case Cylinder(radius=radius, height=height):
            return abs(z) * height / 2 + radius * math.sqrt(max(0.0, 1.0 - z * z))
        case _:
            return solid.shape.radius


def heights(item: Item) -> tuple[float, float]:
    """Return the lowest and highest z of an item."""
    return interval_along(item, np.array([0.0, 0.0, 1.0]))


def in_region_frame(region: Region, point: Array) -> Array:
    """Return a world point, shape (3,), in the region's frame."""
    T = region.T_world_region
    found: Array = T[:3, :3].T @ (point - T[:3, 3])
    return found


def is_over(region: Region, point: Array, *, margin: float = 0.0) -> bool:
    """Return whether a world point is above or below the region's bottom face, grown by `margin`."""
    x, y, _ = in_region_frame(region, point)
    return bool(abs(x) <= region.size[0] / 2 + margin and abs(y) <= region.size[1] / 2 + margin)


def owned_box(fixture: Fixture) -> tuple[Array, Array]:
    """Return lower and upper corner, in the region's frame, of the solids that surround the region.

    A drawer's region is surrounded by the drawer, every other region by the fixture's body; handles, hands
    and buttons do not count because they are thinner than 3 cm, doors because they turn away.
    """
    parts = {solid.part for solid in fixture.solids}
    wanted = "drawer" if "drawer" in parts else "body"
    low, high = np.full(3, math.inf), np.full(3, -math.inf)
    T = fixture.region.T_world_region
    for solid in fixture.solids:
        if solid.part != wanted or not isinstance(solid.shape, Box):
            continue
        centre = in_region_frame(fixture.region, solid.T_owner_solid[:3, 3])
        half = _half_extents(solid, T[:3, :3])
        low, high = np.minimum(low, centre - half), np.maximum(high, centre + half)
    return low, high


def _half_extents(solid: Solid, R_world_frame: Array) -> Array:
    R = np.abs(R_world_frame.T @ solid.T_owner_solid[:3, :3])
    assert isinstance(solid.shape, Box)
    half: Array = R @ np.asarray(solid.shape.size) / 2
    return half


def is_on_top(solids: Sequence[Solid], point: Array, height: float, *, tolerance: float = 0.01) -> bool:
    """Return whether a world point is over a box whose top is at `height`."""
    for solid in solids:
        if not isinstance(solid.shape, Box):
            continue
        T = solid.T_owner_solid
        local = T[:3, :3].T @ (point - T[:3, 3])
        half = np.asarray(solid.shape.size) / 2
        top = T[2, 3] + float(np.abs(T[2, :3]) @ half)
        if abs(top - height) <= tolerance and bool(np.all(np.abs(local[:2]) <= half[:2])):
            return True
    return False


def footprint(item: Item) -> Array:
    """Return the corners of a rectangle around the item's shadow on the floor, shape (4, 2).

    The rectangle is turned like the item; a round item that stands gives the square around its disc.
    """
    R = item.T_world_item[:3, :3]
    heading = R[:2, int(np.argmax(np.hypot(R[0], R[1])))]  # the item's axis that lies flattest
    axis = np.array([*(heading / np.linalg.norm(heading)), 0.0])
    across = np.array([-axis[1], axis[0], 0.0])
    (a0, a1), (b0, b1) = interval_along(item, axis), interval_along(item, across)
    middle = (a0 + a1) / 2 * axis[:2] + (b0 + b1) / 2 * across[:2]
    corners: Array = middle + _CORNERS @ np.array([(a1 - a0) / 2 * axis[:2], (b1 - b0) / 2 * across[:2]])
    return corners


@dataclass(frozen=True, kw_only=True)
class Outline:
    """An item's upright bounding prism in the world frame, [m]."""

    corners: Array
    """Rectangle around its shadow on the floor, counter-clockwise, shape (4, 2)."""
    low: float
    high: float

    @property
    def centre(self) -> Array:
        """Return the middle of the rectangle, shape (2,)."""
        return np.asarray(self.corners.mean(axis=0), dtype=np.float64)


def outline_of(item: Item) -> Outline:
    """Return the outline of an item."""
    low, high = heights(item)
    return Outline(corners=footprint(item), low=low, high=high)


def rectangle_of(region: Region, *, margin: float = 0.0) -> Array:
    """Return the corners of the region's bottom face, grown by `margin`, in the world, shape (4, 2)."""
    half = np.asarray(region.size[:2]) / 2 + margin
    T = region.T_world_region
    corners: Array = T[:2, 3] + (_CORNERS * half) @ T[:2, :2].T
    return corners


def is_within(polygon: Array, point: Array, *, margin: float = 0.0) -> bool:
    """Return whether a point, shape (2,), is inside a convex counter-clockwise polygon grown by `margin`."""
    edges = np.roll(polygon, -1, axis=0) - polygon
    outward = np.column_stack([edges[:, 1], -edges[:, 0]])
    outward = outward / np.linalg.norm(outward, axis=1, keepdims=True)
    return bool(np.all(np.sum(outward * (point - polygon), axis=1) <= margin))
