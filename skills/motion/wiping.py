"""Room skills: sweep a held cleaning item over a patch of a surface.

The arm keeps its shape with the item flat on the surface; the base drives the strokes, so the height stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grounding import Scene
from grounding.collision import ArmCollision, item_solids_in_world
from robots import Array, Fixture, Item, Region, Solid
from robots.transforms import inverse, pose

from .body import Halt, failed
from .floor_map import FloorMap, floor_map_of
from .held import face_down, grid_of, item_in_tool, lowest_face, squared, turned_about_vertical
from .reach import Reach, Stand, arm_line, reaches_of, shifted

PRESS_M = 0.0002
"""How far the item is pushed into the surface: a stiff arm that presses more drags it out of the grip."""
ABOVE_M = 0.08
CLEARANCE_M = 0.008
STEP_M = 0.03
TURNS = np.arange(16) * np.pi / 8
SIDES_M = np.array([0.0, 0.10, -0.10])
BACKS_M = np.array([-0.02, 0.04, 0.10])
LEAST_COVER = 0.65


@dataclass(frozen=True, kw_only=True)
class WipePlan:
    """Arm line down to the surface, and base poses of the strokes."""

    q_line: Array
    """From above the patch to the surface, shape (n, 7)."""
    strokes: Array
    """Base poses x, y, yaw, shape (k, 3); the first is where the arm goes down."""
    cover: float
    """Share of the patch that the strokes should touch."""


def plan_wipe(scene: Scene, fixture: Fixture, item: Item, *, attempt: int) -> WipePlan | Halt:
    """Return how to wipe the fixture's patch with the held item, or why it cannot be done."""
    patch = fixture.wipe_patch
    if patch is None:
        return failed(f"{fixture.name} has no patch to wipe")
    floor = floor_map_of(scene)
    reaches = reaches_of(_stands(scene, fixture, patch, item))[3 * attempt :]
    if not reaches:
        return failed("no inverse kinematics for the patch")
    best: WipePlan | None = None
    for reach in reaches[:8]:
        plan = _plan_from(scene, floor, patch, item, reach)
        if plan is not None and (best is None or plan.cover > best.cover + 0.02):
            best = plan
        if best is not None and best.cover > 0.95:
            break
    if best is None:
        return failed("goal in collision: no free sweep over the patch")
    if best.cover < LEAST_COVER:
        return failed(f"things stand too near: only {best.cover:.0%} of the patch can be swept")
    return best


def gap_under(patch: Region, item: Item) -> float:
    """Return how far the item's lowest corner is above the patch, [m]; negative when pressed in."""
    T_patch_item = inverse(patch.T_world_region) @ item.T_world_item
    reach = np.abs(T_patch_item[2, :3]) @ (np.array(item.size) / 2)
    return float(T_patch_item[2, 3] - reach)


def _stands(scene: Scene, fixture: Fixture, patch: Region, item: Item) -> list[Stand]:
    T_tool_item = squared(item_in_tool(scene, item))
    axis, sign = lowest_face(T_tool_item)
    T_world_item = face_down(axis, sign)
    T_world_item[:3, 3] = patch.T_world_region[:3, 3]
    T_world_item[2, 3] += item.size[axis] / 2 - PRESS_M
    tools = [T @ inverse(T_tool_item) for T in turned_about_vertical(T_world_item, TURNS)]
    x, y, yaw = fixture.dock
    T_world_dock = pose(x, y, 0.0, yaw=yaw)
    bases = [T_world_dock @ np.array([-back, side, 0.0, 1.0]) for back, side in grid_of(BACKS_M, SIDES_M)]
    return [Stand(T_world_tool=T, base=np.array([base[0], base[1], yaw])) for base in bases for T in tools]


def _plan_from(scene: Scene, floor: FloorMap, patch: Region, item: Item, reach: Reach) -> WipePlan | None:
    T_arm_above = shifted(reach.stand.T_arm_tool, np.array([0.0, 0.0, ABOVE_M]))
    up = arm_line(reach.q_arm, T_arm_above)
    if up is None:
        return None
    half = _half_extents(scene, patch, item, reach)
    rows = _rows(patch.size[0], half[0])
    most = max(0.0, patch.size[1] / 2 - half[1])
    free = _free_offsets(scene, floor, patch, item, reach, rows, most)
    if free is None:
        return None
    ends = [row_free if i % 2 == 0 else row_free[::-1] for i, row_free in enumerate(free)]
    offsets = [(0.0, 0.0)] + [(row, y) for row, pair in zip(rows, ends, strict=True) for y in pair]
    swept = sum(min(patch.size[1], pair[1] - pair[0] + 2 * half[1]) for pair in free) / len(free)
    return WipePlan(
        q_line=np.vstack([up[::-1], reach.q_arm]),
        strokes=np.stack([_moved(reach.stand.base, patch, dx, dy) for dx, dy in offsets]),
        cover=float(swept / patch.size[1]),
    )


def _half_extents(scene: Scene, patch: Region, item: Item, reach: Reach) -> Array:
    """Return half of the item's extent along the patch's x and y, shape (2,)."""
    R_patch_world = patch.T_world_region[:3, :3].T
    R_patch_item = R_patch_world @ (reach.stand.T_world_tool @ squared(item_in_tool(scene, item)))[:3, :3]
    # Along slanted axes the inscribed extent covers, not the bounding one.
    sizes = np.where(np.abs(R_patch_item[2]) > 0.7, np.inf, np.array(item.size) / 2)
    weights = np.maximum(np.abs(R_patch_item[:2]), 1e-6)
    return np.asarray((sizes / weights).min(axis=1), dtype=np.float64)


def _rows(depth: float, half: float) -> list[float]:
    count = max(1, int(np.ceil(depth / (2 * half) - 0.05)))
    most = max(0.0, depth / 2 - half)
    return [float(row) for row in np.linspace(-most, most, count)] if count > 1 else [0.0]


def _moved(base: Array, patch: Region, dx: float, dy: float) -> Array:
    offset = patch.T_world_region[:2, :2] @ np.array([dx, dy])
    return np.array([base[0] + offset[0], base[1] + offset[1], base[2]])


def _free_offsets(
    scene: Scene, floor: FloorMap, patch: Region, item: Item, reach: Reach, rows: Sequence[float], most: float
) -> list[tuple[float, float]] | None:
    """Return for each row how far to the right and left the hand may sweep, or None if not at all."""
    others = [thing.item for name, thing in scene.items.items() if name != item.name]
    solids = [solid for other in others for solid in item_solids_in_world(other)]
    found = []
    for row in rows:
        right, left = (_free_until(floor, solids, patch, reach, row, sign * most) for sign in (-1.0, 1.0))
        if right is None or left is None:
            return None
        found.append((right, left))
    return found


def _free_until(
    floor: FloorMap, solids: Sequence[Solid], patch: Region, reach: Reach, row: float, end: float
) -> float | None:
    last = None
    for dy in np.linspace(0.0, end, int(np.ceil(abs(end) / STEP_M)) + 1):
        base = _moved(reach.stand.base, patch, row, float(dy))
        arm = ArmCollision(solids, base, gripper_width=0.06)
        if (
            floor.footprint_clearance(base[None])[0] < 0.008
            or arm.clearance(reach.q_arm[None])[0] < CLEARANCE_M
        ):
            break
        last = float(dy)
    return last
