"""Room skills: tilt a held vessel so that its mouth is above an opening.

The vessel turns about its own centre while it sinks towards the target, so that its bottom never meets the
target's rim; the mouth ends a few centimetres above the middle of the opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from grounding import Scene
from robots import Array, Fixture, Item
from robots.panda_kinematics import tool_pose
from robots.transforms import inverse, pose

from .body import Halt, failed
from .cartesian import even_poses, follow_tool_poses
from .floor_map import floor_map_of
from .held import grid_of, item_in_tool
from .posture import arm_at
from .reach import Reach, Stand, reaches_of

TILT_RAD = 1.85
"""Final tilt from upright: well past the 75 degrees at which a vessel empties."""
TILT_STEPS = 24
LINE_STEPS = 36
RIM_GAPS_M = (0.03, 0.06, 0.10)
"""Free heights between the tilted vessel's side and the opening, tried in this order."""
LIFT_M = 0.12
"""How much higher the vessel is before it tilts."""
CLEARANCE_M = 0.004
DIRECTIONS = np.arange(8) * np.pi / 4
TURNS = np.arange(12) * np.pi / 6
WIDEST_HEADING_RAD = 1.2
"""Largest angle between the robot's heading and a slanted hand's."""
SIDES_M = np.array([0.0, 0.15, -0.15, 0.3, -0.3])
BACKS_M = np.array([0.0, 0.10])


@dataclass(frozen=True, kw_only=True)
class PourPlan:
    """Base pose and arm path: level to the target, then tilting."""

    base: Array
    q_path: Array
    """From the present configuration to fully tilted, shape (n, 7)."""


def openings_of(scene: Scene, target: str) -> Array:
    """Return points above which a mouth pours into the target, in the world frame, [m], shape (n, 3)."""
    if target in scene.items:
        item = scene.items[target].item
        return np.asarray(item.T_world_item[None, :3, 3] + [0.0, 0.0, item.size[2] / 2], dtype=np.float64)
    region = scene.fixtures[target].region
    x, y, z = region.size
    inside = [(-x / 6, y / 4, z, 1.0), (-x / 6, -y / 4, z, 1.0)]  # beside the tap, a little to the front
    return np.stack([(region.T_world_region @ np.array(p))[:3] for p in inside])


def plan_pour(scene: Scene, fixture: Fixture, item: Item, target: str, *, attempt: int) -> PourPlan | Halt:
    """Return how to pour the held item into a target at the fixture, or why it cannot be done."""
    bases, reason = _bases(scene, fixture), "no inverse kinematics for pouring"
    T_tool_item, q_arm = item_in_tool(scene, item), np.asarray(scene.observation.q_arm)
    groups = [bases[k : k + 3] for k in range(0, len(bases), 3)]
    for gap, group, p_world_opening in product(RIM_GAPS_M, groups, openings_of(scene, target)):
        ends = _ends(item, T_tool_item, p_world_opening, gap, yaw=fixture.dock[2])
        direction_of: dict[int, float] = {}
        stands = []
        for base, (T_world_tool, direction) in product(group, ends):
            stands.append(Stand(T_world_tool=T_world_tool, base=base))
            direction_of[id(stands[-1])] = direction
        reaches = reaches_of(stands)[2 * attempt :]
        if not reaches:
            continue
        motions = [_motion(r, q_arm, T_tool_item, direction_of[id(r.stand)]) for r in reaches]
        lines = follow_tool_poses(np.stack(motions), np.tile(q_arm, (len(reaches), 1)))
        arms = [arm_at(scene, base) for base in group]
        for k in np.flatnonzero(lines.is_solved):
            base = reaches[k].stand.base
            arm = next(arm for arm, here in zip(arms, group, strict=True) if here is base)
            # The end is the tightest: looking there first spares most of the paths.
            if all(arm.clearance(q).min() > CLEARANCE_M for q in (lines.q[k, -1:], lines.q[k])):
                return PourPlan(base=base, q_path=lines.q[k])
        reason = "goal in collision: no free, level way to tilt there"
    return failed(reason)


def _motion(reach: Reach, q_arm: Array, T_tool_item: Array, direction: float) -> Array:
    """Return tool poses in the arm's frame: level from where it is, then tilting, shape (s, 4, 4)."""
    T_end = reach.stand.T_world_tool @ T_tool_item
    T_arm_world = reach.stand.T_arm_tool @ inverse(reach.stand.T_world_tool)
    tilts = []
    for share in np.linspace(1.0, 0.0, TILT_STEPS + 1):
        T_world_item = T_end.copy()
        T_world_item[:3, :3] = tilted(direction, -TILT_RAD * float(share))[:3, :3] @ T_end[:3, :3]
        T_world_item[2, 3] += LIFT_M * float(share)
        tilts.append(T_arm_world @ T_world_item @ inverse(T_tool_item))
    return np.concatenate([even_poses(tool_pose(q_arm), tilts[0], LINE_STEPS), np.stack(tilts[1:])])


def _ends(
    item: Item, T_tool_item: Array, p_world_opening: Array, gap: float, *, yaw: float
) -> list[tuple[Array, float]]:
    """Return tool poses with the tilted item's mouth above the opening, each with its tilting direction."""
    found = []
    p_mouth = p_world_opening + np.array([0.0, 0.0, max(item.size[:2]) / 2 + gap])
    for turn in TURNS:
        T_upright_tool = pose(0.0, 0.0, 0.0, yaw=float(turn)) @ inverse(T_tool_item)
        ahead = T_upright_tool[:2, 2] @ np.array([np.cos(yaw), np.sin(yaw)])
        slant = float(np.hypot(*T_upright_tool[:2, 2]))
        if ahead < slant * np.cos(WIDEST_HEADING_RAD) - 0.3 * (1.0 - slant):
            continue
        for direction in DIRECTIONS:
            T = tilted(float(direction), TILT_RAD)
            T[:3, 3] = p_mouth - T[:3, 2] * item.size[2] / 2
            found.append((T @ T_upright_tool, float(direction)))
    return found


def tilted(direction: float, angle: float) -> Array:
    """Return the rotation (4, 4) that leans the vertical by `angle` towards a horizontal direction."""
    about = pose(0.0, 0.0, 0.0, yaw=direction)
    return np.asarray(about @ pose(0.0, 0.0, 0.0, pitch=angle) @ inverse(about), dtype=np.float64)


def _bases(scene: Scene, fixture: Fixture) -> Sequence[Array]:
    x, y, yaw = fixture.dock
    T_world_dock = pose(x, y, 0.0, yaw=yaw)
    points = [T_world_dock @ np.array([-back, side, 0.0, 1.0]) for back, side in grid_of(BACKS_M, SIDES_M)]
    bases = np.array([[p[0], p[1], yaw] for p in points])
    return list(bases[floor_map_of(scene).footprint_clearance(bases) > 0.01])
