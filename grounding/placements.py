"""Room grounding: where and how a held item can be put down in a region, from geometry.

An item lands on one of its faces (upright preferred) at a free spot, turned so that the hand comes from the
robot's side. World frame unless a name says otherwise, [m, rad].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from robots import Array, Item, Region, Sphere, frozen
from robots.transforms import inverse, pose

from .extents import footprint, heights

TURNS = tuple(np.radians([0.0, 25.0, -25.0, 50.0, -50.0]))
GRID_M = 0.035
DROP_M = 0.008
"""Height above the support at which the fingers open, [m]."""
GAPS_M = (0.045, 0.02, 0.006)
"""Distances to neighbours that are tried in turn: fingers need the first."""
EDGE_M = 0.006
DROP_EDGE_M = 0.025
"""Distance that a falling item keeps from the sides, [m]."""
STABLE = 1.6
"""How many times taller than wide an item may stand on a face that is not its own bottom."""
STEEPEST = -0.12
"""Largest vertical part of the approach direction: the hand must come at least a little from above."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One way of putting a held item down."""

    T_world_item: Array
    T_world_tool: Array
    cost: float


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a placement is wanted."""

    region: Region
    taken: Sequence[Array] = ()
    """Footprints of what is there already, each (4, 2)."""
    avoided: Array | None = None
    """Rectangle that shall stay free when there is other room, shape (4, 2)."""
    lowest: float | None = None
    """Height of the item's lowest point when the hand opens; None: just above the region's floor, [m]."""
    is_drop: bool = False
    """The item falls in: neighbours are avoided where that is possible."""
    is_packed: bool = False
    """Fill from the corners, so that more fits."""
    is_crowded: bool = False
    """Touching neighbours is better than not putting it down at all."""


def sample_placements(
    item: Item,
    T_tool_item: Array,
    spot: Spot,
    *,
    heading: float,
    near: Array,
    rng: np.random.Generator,
    variety: float = 0.0,
) -> list[Placement]:
    """Return placements of a held item, best first.

    Args:
        item: What is held (its present pose gives the orientation that need not change).
        T_tool_item: How it sits in the hand, shape (4, 4).
        spot: Where it shall go.
        heading: Direction in which the robot faces, [rad].
        near: Point that is convenient for the robot, shape (2,).
        rng: Decides the order when `variety` is positive.
        variety: Standard deviation of noise on the costs.
    """
    found: list[Placement] = []
    for gap in GAPS_M if not spot.is_drop else (0.0,):
        for R_item, tilt_cost in _orientations(item, T_tool_item, heading):
            found += _at_positions(item, R_item, T_tool_item, spot, gap, near, tilt_cost)
        if found:
            break
    noise = rng.normal(size=len(found)) * variety
    noisy = [replace(p, cost=p.cost + float(n)) for p, n in zip(found, noise, strict=True)]
    return sorted(noisy, key=lambda p: p.cost)


def _orientations(item: Item, T_tool_item: Array, heading: float) -> Iterator[tuple[Array, float]]:
    """Yield rotations of the item in the world with which the hand comes from above and from behind."""
    R_item_tool = T_tool_item[:3, :3].T
    for R_rest, cost in _resting(item):
        approach = R_rest @ R_item_tool[:, 2]
        if approach[2] > STEEPEST:
            continue
        flat = float(np.hypot(approach[0], approach[1]))
        if flat > 0.25:
            yaw = heading - float(np.arctan2(approach[1], approach[0]))
            for turn in TURNS:
                yield pose(0, 0, 0, yaw=yaw + turn)[:3, :3] @ R_rest, cost + 0.4 * abs(turn)
            continue
        closing = R_rest @ R_item_tool[:, 1]
        yaw = heading + np.pi / 2 - float(np.arctan2(closing[1], closing[0]))
        for k in range(8):
            turn = k * np.pi / 4
            yield pose(0, 0, 0, yaw=yaw + turn)[:3, :3] @ R_rest, cost + 0.1 * abs(float(np.sin(turn)))


def _resting(item: Item) -> Iterator[tuple[Array, float]]:
    """Yield rotations that stand the item on one of its faces, with a dislike for those it would not keep."""
    R_now = item.T_world_item[:3, :3]
    if isinstance(item.solids[0].shape, Sphere):
        yield R_now, 0.0
        return
    is_round = not np.isclose(item.size[0], item.size[1]) or len(item.solids) > 3
    for axis in range(3):
        for sign in (1.0, -1.0):
            up = np.zeros(3)
            up[axis] = sign
            is_upright = axis == 2 and sign > 0
            if not is_upright and item.size[axis] > STABLE * min(np.delete(item.size, axis)):
                continue
            is_upside_down = axis == 2 and sign < 0
            cost = 0.0 if is_upright else 1.5 + (1.0 if is_upside_down else 0.0) + (0.0 if is_round else 0.5)
            yield _turned_up(up), cost - 0.3 * float((R_now @ up)[2])


def _turned_up(up: Array) -> Array:
    """Return a rotation that takes a unit axis of the item to the world's z."""
    z = np.asarray(up, dtype=np.float64)
    x = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.5 else np.array([0.0, 1.0, 0.0])
    y = np.cross(z, x)
    return np.stack([x, y, z])  # rows: world axes in the item's frame


def _at_positions(
    item: Item, R_item: Array, T_tool_item: Array, spot: Spot, gap: float, near: Array, tilt_cost: float
) -> list[Placement]:
    T_region = spot.region.T_world_region
    T_zero = np.eye(4)
    T_zero[:3, :3] = R_item
    turned = replace(item, T_world_item=frozen(T_zero))
    corners = footprint(turned) @ T_region[:2, :2]  # in the region's axes, (4, 2)
    reach = np.abs(corners).max(axis=0)
    room = np.array(spot.region.size[:2]) / 2 - EDGE_M - reach
    if spot.is_drop:
        room = np.maximum(room - DROP_EDGE_M, 0.0)
    if room.min() < 0:
        return []
    xs, ys = (np.linspace(-r, r, max(1, int(2 * r / GRID_M) | 1)) if r > 1e-3 else np.zeros(1) for r in room)
    grid = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    points = grid @ T_region[:2, :2].T + T_region[:2, 3]
    radius = (
        float(np.linalg.norm(corners, axis=1).max()) if not _is_disc(item, R_item) else float(reach.max())
    )
    gaps = _gaps(points, footprint(turned), spot.taken, radius)
    keep = np.flatnonzero(gaps >= gap)
    if spot.is_drop:
        costs = tilt_cost + 0.8 * np.linalg.norm(grid, axis=1) - 12.0 * np.minimum(gaps, 0.03)
    elif spot.is_packed:
        costs = tilt_cost + 1.5 * np.linalg.norm(room - np.abs(grid), axis=1)
    else:
        costs = tilt_cost + 0.8 * np.linalg.norm(points - near, axis=1) - 3.0 * np.minimum(gaps, 0.08)
    if spot.avoided is not None:
        costs = costs + 1.2 * (_gaps(points, footprint(turned), [spot.avoided], radius) < 0.035)
    floor = float(T_region[2, 3])
    lowest = floor + DROP_M if spot.lowest is None else spot.lowest
    height = lowest - heights(turned)[0]
    best = keep[np.argsort(costs[keep], kind="stable")[:20]]
    return [_placement(R_item, points[i], height, T_tool_item, float(costs[i])) for i in best]


def _placement(R_item: Array, point: Array, height: float, T_tool_item: Array, cost: float) -> Placement:
    T = np.eye(4)
    T[:3, :3] = R_item
    T[:3, 3] = (*point, height)
    return Placement(T_world_item=frozen(T), T_world_tool=frozen(T @ inverse(T_tool_item)), cost=cost)


def _is_disc(item: Item, R_item: Array) -> bool:
    return bool(abs(R_item[2, 2]) > 0.9 and abs(item.size[0] - item.size[1]) < 1e-6)


def _gaps(points: Array, corners: Array, taken: Sequence[Array], radius: float) -> Array:
    """Return lower bounds of the distance of a footprint at points (n, 2) to rectangles, shape (n,)."""
    gaps = np.full(len(points), 0.5)
    for other in taken:
        centre = other.mean(axis=0)
        edges = np.stack([other[1] - other[0], other[2] - other[1]])
        lengths = np.maximum(np.linalg.norm(edges, axis=1), 1e-6)
        axes = edges / lengths[:, None]
        offset = points - centre
        across = np.abs(offset @ axes.T) - lengths / 2 - np.abs(corners @ axes.T).max(axis=0)
        as_rectangles = across.max(axis=1)
        local = np.abs(offset @ axes.T) - lengths / 2
        as_disc = np.linalg.norm(np.maximum(local, 0), axis=1) + np.minimum(local.max(axis=1), 0) - radius
        gaps = np.minimum(gaps, np.maximum(as_rectangles, as_disc))
    return gaps
