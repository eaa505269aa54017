"""Room grounding: where two fingers can hold an item, from its geometry and how it lies.

A grasp is a tool pose: the tool's origin between the pads, z the approach direction, y the closing direction.
Everything is in the world frame, [m, rad].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from robots import Array, Box, Cylinder, Item, Sphere, frozen

from .extents import heights

MAX_WIDTH = 0.077
"""Widest thing between pads that open 80 mm, with 1.5 mm to spare on either side, [m]."""
LOWEST_TOOL = 0.0155
"""Height of the tool above what the item rests on, [m]: finger tips reach 12 mm further, and 3 mm of air."""
PITCHES = tuple(np.radians([90.0, 65.0, 50.0, 36.0, 22.0]))
"""How far below the horizon the hand looks along its approach."""
BACK_OFF = 0.005
"""How far before a cylinder's axis the tool stops, [m]: the pads still cover the widest part."""
PALM = 0.033
"""Free depth between the tool and the palm, [m]."""
TURNS = tuple(np.radians([0.0, 25.0, -25.0, 50.0, -50.0, 75.0, -75.0, 95.0, -95.0]))
"""Approach headings, relative to where the robot faces."""
RIM_DEPTHS = (0.014, 0.0045)
"""How far below a rim the tool goes, [m]: deep is firm, shallow keeps a tilted palm above the rim."""
SIDEWAYS_PITCH = np.radians(49.0)
"""Flattest approach from the robot's left or right."""
SPARE = 0.018
"""How much wider than the item a narrow opening is, [m]."""
TILTS = tuple(np.radians([0.0, 25.0, -25.0, 42.0, -42.0, 58.0, -58.0]))
"""Approach angles from straight down, in the plane that a box or a rim leaves free."""
DOWN = frozen([0.0, 0.0, -1.0])


@dataclass(frozen=True, kw_only=True)
class Grasp:
    """One way of holding an item."""

    T_world_tool: Array
    width: float
    """Distance between the pads when they hold it, [m]."""
    opening: float
    """Distance between the pads on the way there, [m]."""
    cost: float
    """Dislike, from geometry alone; small is good."""


def sample_grasps(
    item: Item, *, heading: float, rng: np.random.Generator, variety: float = 0.0
) -> list[Grasp]:
    """Return grasps of an item, best first.

    Args:
        item: What to hold, where it is now.
        heading: Direction in which the robot faces, [rad].
        rng: Decides the order when `variety` is positive.
        variety: Standard deviation of noise on the costs: how far to stray from the best grasp.
    """
    lowest, _ = heights(item)
    found = [_lifted(g, lowest + LOWEST_TOOL) for g in _raw_grasps(item, heading)]
    noise = rng.normal(size=len(found)) * variety
    noisy = [replace(g, cost=g.cost + float(n)) for g, n in zip(found, noise, strict=True)]
    return sorted(noisy, key=lambda g: g.cost)


def narrowed(grasp: Grasp) -> Grasp:
    """Return the grasp with fingers that open only as far as needed: for items that stand in a corner."""
    return replace(grasp, opening=min(grasp.opening, grasp.width + SPARE))


def _raw_grasps(item: Item, heading: float) -> Iterator[Grasp]:
    shape = item.solids[0].shape
    R, p = item.T_world_item[:3, :3], item.T_world_item[:3, 3]
    is_hollow = len(item.solids) > 3
    if is_hollow and R[2, 2] > 0.7:
        yield from _rim_grasps(item, heading)
    if isinstance(shape, Sphere):
        yield from _ball_grasps(p, 2 * shape.radius, heading)
    elif isinstance(shape, Box):
        yield from _box_grasps(p, R, shape.size, heading)
    elif is_hollow and item.size[0] <= MAX_WIDTH:
        yield from _column_grasps(p, R[:, 2], item.size[0] / 2, item.size[2], heading)
    elif isinstance(shape, Cylinder) and not is_hollow:
        for k, solid in enumerate(s for s in item.solids if isinstance(s.shape, Cylinder)):
            centre = p + R @ solid.T_owner_solid[:3, 3]
            size = (
                (solid.shape.radius, solid.shape.height) if isinstance(solid.shape, Cylinder) else (0.0, 0.0)
            )
            for grasp in _column_grasps(centre, R[:, 2], *size, heading):
                yield replace(grasp, cost=grasp.cost + 0.8 * k)


def _lifted(grasp: Grasp, lowest: float) -> Grasp:
    """Return the grasp with its tool not below a height."""
    T = np.array(grasp.T_world_tool)
    T[2, 3] = max(T[2, 3], lowest)
    return replace(grasp, T_world_tool=frozen(T))


def _approaches(heading: float) -> Iterator[tuple[Array, Array, float]]:
    """Yield approach direction, horizontal closing direction, cost."""
    for pitch, turn in product(PITCHES, TURNS):
        if abs(turn) > 1.0 and pitch < SIDEWAYS_PITCH:
            continue
        yaw = heading + turn
        ahead = np.array([np.cos(yaw), np.sin(yaw), 0.0])
        side = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
        cost = 0.8 * abs(pitch - np.radians(43.0)) + 0.25 * abs(turn)
        yield np.cos(pitch) * ahead + np.sin(pitch) * DOWN, side, cost


def _ball_grasps(p: Array, width: float, heading: float) -> Iterator[Grasp]:
    for approach, side, cost in _approaches(heading):
        yield from _both_ways(p, approach, side, width, cost)


def _column_grasps(p: Array, axis: Array, radius: float, height: float, heading: float) -> Iterator[Grasp]:
    """Yield grasps across a cylinder that stands or lies."""
    up = axis if axis[2] >= 0 else -axis
    if up[2] > 0.8:
        offsets = (0.0, 0.2 * height, height / 2 - 0.024, -0.15 * height)
        for (approach, side, cost), offset in product(_approaches(heading), offsets):
            if height / 2 - offset > 0.012:
                centre = p + up * offset - BACK_OFF * approach
                yield from _both_ways(centre, approach, side, 2 * radius, cost + 8 * abs(offset))
    elif up[2] < 0.5:
        across = _unit(np.cross([0.0, 0.0, 1.0], axis))
        for tilt, share in product(TILTS[:5], (0.0, 0.2, -0.2)):
            approach = (
                np.cos(tilt) * np.cross(across, axis) * _sign(np.cross(across, axis)) + np.sin(tilt) * axis
            )
            cost = 0.8 * abs(abs(tilt) - 0.4) + 8 * abs(share) * height + _from_behind(approach, heading)
            yield from _both_ways(p + axis * share * height, approach, across, 2 * radius, cost)


def _box_grasps(p: Array, R: Array, size: Sequence[float], heading: float) -> Iterator[Grasp]:
    """Yield grasps across the sides of a box that are narrow enough and not above each other."""
    for i in range(3):
        closing = R[:, i]
        if size[i] > MAX_WIDTH or abs(closing[2]) > 0.35:
            continue
        free = [k for k in range(3) if k != i]
        up = max(free, key=lambda k: abs(R[2, k]))
        along = next(k for k in free if k != up)
        vertical = R[:, up] * np.sign(R[2, up])
        down = _unit(DOWN - closing * (closing @ DOWN))
        flat = np.cross(closing, down)
        tall, long = size[up], size[along]
        for tilt in TILTS:
            approach = np.cos(tilt) * down + np.sin(tilt) * flat
            cost = 0.6 * abs(abs(tilt) - 0.7) + _from_behind(approach, heading) + 0.3 * float(size[i] > 0.07)
            for h, s in _box_points(tall, long, tilt):
                centre = p + vertical * h + flat * s
                yield from _both_ways(centre, approach, closing, size[i], cost + 6 * abs(h) + 6 * abs(s))


def _box_points(tall: float, long: float, tilt: float) -> Iterator[tuple[float, float]]:
    """Yield heights and sideways offsets from a box's centre where the palm clears its top and near side."""
    yield from {(h, 0.0) for h in (0.0, max(0.0, tall / 2 - 0.026), 0.25 * tall)}
    if long >= 0.09:
        share = min(0.25 * long, 0.05)
        yield from ((max(0.0, tall / 2 - 0.026), share), (max(0.0, tall / 2 - 0.026), -share))
    if tilt == 0.0:
        return
    for inset in (0.018, 0.03):  # near the upper edge on the hand's side
        depth = (PALM - inset * abs(np.sin(tilt))) / np.cos(tilt)
        if depth > 0.012:
            yield max(0.0, tall / 2 - depth), -float(np.sign(tilt)) * max(0.0, long / 2 - inset)


def _rim_grasps(item: Item, heading: float) -> Iterator[Grasp]:
    """Yield grasps of an upright bowl, plate or cup with one finger inside."""
    T, top = item.T_world_item, item.size[2] / 2
    floor = max(
        s.T_owner_solid[2, 3] + s.shape.height / 2 for s in item.solids if isinstance(s.shape, Cylinder)
    )
    for wall in item.solids:
        if not isinstance(wall.shape, Box):
            continue
        T_wall, size = T @ wall.T_owner_solid, wall.shape.size
        out, along, up = T_wall[:3, 0], T_wall[:3, 1], T_wall[:3, 2]
        for tilt, depth in product(TILTS, RIM_DEPTHS):
            tip = 0.010 * (
                np.cos(tilt) + abs(np.sin(tilt))
            )  # how far the tilted pad's corner is below the tool
            deepest = top - floor - 0.003 - float(tip)
            if deepest < 0.004:
                continue
            p = T_wall[:3, 3] + up * (size[2] / 2 - min(depth, deepest))
            approach = -np.cos(tilt) * up + np.sin(tilt) * along
            cost = 0.5 + 0.8 * abs(abs(tilt) - 0.73) + _from_behind(approach, heading) - 8 * depth
            cost += 1.0 * float(item.size[0] <= MAX_WIDTH)  # a cup is better held around its body
            for grasp in _both_ways(p, approach, out, size[0], cost):
                yield replace(grasp, opening=0.05)


def _both_ways(p: Array, approach: Array, closing: Array, width: float, cost: float) -> Iterator[Grasp]:
    """Yield the grasp and the one with the hand turned by half a turn about its approach."""
    for sign in (1.0, -1.0):
        T = np.eye(4)
        T[:3, 0], T[:3, 1], T[:3, 2], T[:3, 3] = (
            np.cross(sign * closing, approach),
            sign * closing,
            approach,
            p,
        )
        yield Grasp(T_world_tool=frozen(T), width=float(width), opening=0.08, cost=float(cost))


def _from_behind(approach: Array, heading: float) -> float:
    """Return a cost for a hand that comes from anywhere but the robot's side."""
    ahead = float(approach[0] * np.cos(heading) + approach[1] * np.sin(heading))
    return 1.2 * max(0.0, -ahead) + 0.3 * float(np.hypot(approach[0], approach[1]) - ahead)


def _unit(v: Array) -> Array:
    return np.asarray(v / np.linalg.norm(v))


def _sign(v: Array) -> float:
    return -1.0 if v[2] > 0 else 1.0
