"""Room skills: slide an item over its surface with closed fingers, while the base drives."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from grounding import Scene
from robots import Array, Fixture, Item
from robots.transforms import inverse, pose

from .body import Halt, failed
from .floor_map import floor_map_of
from .posture import arm_at
from .press import FINGERTIP_M
from .reach import Reach, Stand, arm_line, reaches_of, shifted

PUSH_M = 0.09
LEAST_PUSH_M = 0.055
GAPS_M = (0.03, 0.012)
"""Free distances between fingers and item before the push, tried in this order."""
FINGER_HALF_M = 0.011
FINGER_HALF_WIDTH_M = 0.022
HIGHEST_CONTACT_M = 0.035
"""Low enough not to topple a can or bottle."""
LOWEST_TIP_M = 0.006
ABOVE_M = 0.05
"""How far the finger tips are above the tallest thing on the surface before they come down."""
EDGE_M = {"closer": 0.03, "away": 0.08, "left": 0.02, "right": 0.02}
"""How far beyond the region's border an item's centre may be pushed: it stays well on the surface."""
CLEARANCE_M = 0.004
LEANS_RAD = (0.35, 0.2, 0.5, 0.0)
"""How far the finger tips go ahead of the hand, so that the hand does not touch tall items."""
SIDES_M = (0.0, 0.15, -0.15, 0.3, -0.3)
BACKS_M = (0.12, 0.0, 0.06)
TRIED = 30
DIRECTION_RAD = {"away": 0.0, "left": np.pi / 2, "closer": np.pi, "right": -np.pi / 2}
"""As seen by a robot that faces the surface from its dock."""


@dataclass(frozen=True, kw_only=True)
class PushPlan:
    """Arm line down beside the item, and the base pose at the end of the push."""

    base: Array
    q_line: Array
    end: Array
    distance_m: float
    """How far the item should move."""


def plan_push(scene: Scene, fixture: Fixture, item: Item, direction: str, *, attempt: int) -> PushPlan | Halt:
    """Return how to push, or why it cannot be done."""
    yaw = fixture.dock[2] + DIRECTION_RAD[direction]
    ahead = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    distance = min(PUSH_M, _room(fixture, item, ahead, direction), _free_way(scene, item, ahead))
    if distance < LEAST_PUSH_M:
        return failed(f"no room to push {item.name} {direction}: only {max(0.0, distance):.2f} m are free")
    for gap in GAPS_M:
        plan = _plan_from(scene, fixture, item, gap, ahead, distance, attempt)
        if plan is not None:
            return plan
    return failed("goal in collision: no free place for the fingers beside it")


def _plan_from(
    scene: Scene, fixture: Fixture, item: Item, gap: float, ahead: Array, distance: float, attempt: int
) -> PushPlan | None:
    """Return a push that starts `gap` behind the item, or None."""
    travel = (gap + _extent(item, ahead) - _contact_depth(item, ahead) + distance) * ahead
    starts, floor = np.stack(_bases(fixture)), floor_map_of(scene)
    gaps = [floor.footprint_clearance(poses) for poses in (starts, starts + travel)]
    is_free = np.minimum(*gaps) > CLEARANCE_M
    tools = tools_behind(item, ahead, fixture.region.T_world_region[2, 3], gap)
    stands = [Stand(T_world_tool=tool, base=base) for base in starts[is_free] for tool in tools]
    for reach in reaches_of(stands)[3 * attempt :][:TRIED]:
        line = _line_down(scene, fixture.name, item, reach, travel)
        if line is not None:
            base = reach.stand.base
            return PushPlan(base=base, q_line=line, end=base + travel, distance_m=distance)
    return None


def tools_behind(item: Item, ahead: Array, z_surface: float, gap: float) -> list[Array]:
    """Return tool poses whose tips are `gap` behind the item, seen along the push direction."""
    reach = _extent(item, ahead) + gap + FINGER_HALF_M
    height = float(np.clip(0.35 * item.size[2], LOWEST_TIP_M, HIGHEST_CONTACT_M))
    tip = item.T_world_item[:3, 3] - reach * ahead
    tip[2] = z_surface + height
    poses = []
    for lean, sign in product(LEANS_RAD, (1.0, -1.0)):
        z = np.array([0.0, 0.0, -np.cos(lean)]) + np.sin(lean) * ahead
        y = sign * np.cross(z, ahead)
        y = y / np.linalg.norm(y)
        T = np.eye(4)
        T[:3, :3] = np.column_stack([np.cross(y, z), y, z])
        T[:3, 3] = tip - FINGERTIP_M * z
        poses.append(T)
    return poses


def _extent(item: Item, ahead: Array) -> float:
    """Return half of the item's extent along a direction, [m]; round for standing round things."""
    if item.size[0] == item.size[1] and abs(item.T_world_item[2, 2]) > 0.9:
        return item.size[0] / 2
    return float(np.abs(item.T_world_item[:3, :3].T @ ahead) @ (np.array(item.size) / 2))


def _contact_depth(item: Item, ahead: Array) -> float:
    """Return how far behind its centre an item is met by a finger that comes along `ahead`, [m]."""
    if item.size[0] == item.size[1] and abs(item.T_world_item[2, 2]) > 0.9:
        return item.size[0] / 2
    along = np.maximum(np.abs(item.T_world_item[:3, :3].T @ ahead), 1e-6)
    return float((np.array(item.size) / 2 / along).min())


def _room(fixture: Fixture, item: Item, ahead: Array, direction: str) -> float:
    """Return how far the item may go before it nears the edge of the surface, [m]."""
    T_region_item = inverse(fixture.region.T_world_region) @ item.T_world_item
    axis = 0 if direction in ("away", "closer") else 1
    way = float((fixture.region.T_world_region[:3, :3].T @ ahead)[axis])
    border = fixture.region.size[axis] / 2 + EDGE_M[direction]
    return float(border - np.sign(way) * T_region_item[axis, 3])


def _free_way(scene: Scene, item: Item, ahead: Array) -> float:
    """Return how far the item may go before it meets another one, [m]."""
    left, free = np.array([-ahead[1], ahead[0], 0.0]), np.inf
    half = max(_extent(item, left), FINGER_HALF_WIDTH_M)
    for name, thing in scene.items.items():
        offset = thing.item.T_world_item[:3, 3] - item.T_world_item[:3, 3]
        beside = abs(float(offset @ left)) - half - _extent(thing.item, left)
        on_way = float(offset @ ahead)
        if name != item.name and abs(offset[2]) < 0.2 and beside < 0.0 and on_way > 0.0:
            free = min(free, on_way - _extent(item, ahead) - _extent(thing.item, ahead) - 0.005)
    return free


def _bases(fixture: Fixture) -> list[Array]:
    x, y, yaw = fixture.dock
    T_world_dock = pose(x, y, 0.0, yaw=yaw)
    points = [T_world_dock @ np.array([-b, s, 0.0, 1.0]) for b, s in product(BACKS_M, SIDES_M)]
    return [np.array([p[0], p[1], yaw]) for p in points]


def _line_down(scene: Scene, place: str, item: Item, reach: Reach, travel: Array) -> Array | None:
    """Return the arm's line down to the item if it and the push are free."""
    tip = reach.stand.T_world_tool[2, 3]
    heights = [thing.item.T_world_item[2, 3] + max(thing.item.size) / 2 for thing in scene.items.values()]
    above = max(0.15, max(height for height in heights if height < tip + 0.35) - tip + ABOVE_M)
    up = arm_line(reach.q_arm, shifted(reach.stand.T_arm_tool, np.array([0.0, 0.0, above])))
    if up is None:
        return None
    line = np.vstack([up[::-1], reach.q_arm])
    base, end = reach.stand.base, reach.stand.base + travel
    before = arm_at(scene, base, touching=place, width=0.0)
    after = arm_at(scene, end, touching=place, without=item.name, width=0.0)
    is_free = before.clearance(line).min() > CLEARANCE_M and after.clearance(line).min() > 0.0
    return line if is_free else None
