"""Room skills: move the arm along planned paths: around obstacles, along lines, into the carrying pose."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grounding import Scene
from grounding.collision import ArmCollision, scene_solids
from grounding.extents import heights
from robots import Array, Item, Solid
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_ARM_LIMITS
from robots.panda_kinematics import arm_mount, find_configurations, tool_pose
from robots.panda_spheres import Spheres, spheres_in_box
from robots.transforms import inverse, pose
from skills.skill import SkillContext

from .arm_planner import ArmPath, NoArmPath, plan_arm_path
from .body import Body, Halt, failed
from .level import LevelArmCollision, upright_axis
from .posture import fold
from .trajectory import time_arm_path

EMPTY_SPEED = 0.9
LADEN_SPEED = 0.5
CARRY_XYZ = (0.31, 0.0, 0.46)
"""Where the tool is while the base drives, in the arm's mount frame, [m]."""


def run_arm(body: Body, path: Array, *, speed: float, is_dense: bool = False) -> Halt | None:
    """Move along joint positions (n, 7), the first being where the arm is."""
    whole = np.vstack([body.q_arm, path[1:]])
    trajectory = time_arm_path(whole, PANDA_ARM_LIMITS, tick_s=body.tick_s, speed=speed, is_dense=is_dense)
    stretch = float(body.evidence.get("largest_stretch", 1.0))
    body.evidence["largest_stretch"] = round(max(stretch, trajectory.stretch), 3)
    base = np.tile(body.base, (len(trajectory.q), 1))
    return body.play(np.hstack([trajectory.q, base]))


def reach_for(
    body: Body,
    context: SkillContext,
    obstacles: Sequence[Solid],
    q_goals: Array,
    *,
    gripper_width: float,
    held: Spheres | None = None,
    up: Array | None = None,
    speed: float = EMPTY_SPEED,
) -> Halt | None:
    """Plan to the easiest of `q_goals` (k, 7) around the obstacles, and move there.

    With `up`, a held vessel's vertical in the tool frame, it is kept level if that is possible at all.
    """
    collision = ArmCollision(obstacles, body.base, gripper_width=gripper_width, held=held)
    seed = int(context.rng.integers(2**31 - 1))
    path: ArmPath | NoArmPath = NoArmPath(reason="no path in time")
    if up is not None:
        level = LevelArmCollision(obstacles, body.base, up=up, gripper_width=gripper_width, held=held)
        path = plan_arm_path(level, body.q_arm, q_goals, seed=seed)
    if isinstance(path, NoArmPath):
        path = plan_arm_path(collision, body.q_arm, q_goals, seed=seed)
    body.evidence["arm_plans"] = int(body.evidence.get("arm_plans", 0)) + 1
    if isinstance(path, NoArmPath):
        return failed(path.reason)
    body.evidence["edges_checked"] = int(body.evidence.get("edges_checked", 0)) + path.edges_checked
    return run_arm(body, path.q, speed=speed)


def go_home(body: Body, context: SkillContext, scene: Scene) -> Halt | None:
    """Bring the empty hand into the carrying configuration."""
    width = body.observe().gripper_width
    return reach_for(body, context, scene_solids(scene), ARM_HOME[None], gripper_width=width)


def tuck_in(body: Body, context: SkillContext) -> Halt | None:
    """Bring the empty hand home; when no path is found, step back from the furniture first."""
    halt = go_home(body, context, context.perceive())
    if halt is None or halt.is_interruption:
        return halt
    body.evidence["arm_note"] = halt.reason
    return fold(body, context.perceive(), speed=LADEN_SPEED)


def carry(body: Body, context: SkillContext, scene: Scene, item: str) -> Halt | None:
    """Bring the held item in front of the chest, as level as it is now."""
    others = scene_solids(scene, without=frozenset({item}))
    T_now = tool_pose(body.q_arm)
    heading = float(np.arctan2(T_now[1, 2], T_now[0, 2])) if np.hypot(T_now[0, 2], T_now[1, 2]) > 0.3 else 0.0
    T_level = pose(0, 0, 0, yaw=-heading) @ T_now
    goals = [ARM_HOME[None]]
    for lift in (0.0, 0.1):
        T = np.array(T_level)
        T[:3, 3] = np.array(CARRY_XYZ) + (0.0, 0.0, lift)
        goals.insert(-1, find_configurations(T, context.rng, seeds=12))
    thing = scene.items[item].item
    held, up = held_spheres(thing, T_world_tool(body)), upright_axis(thing, T_world_tool(body))
    halt: Halt | None = failed("no inverse kinematics")
    for q_goals in goals:
        if len(q_goals):
            halt = reach_for(
                body, context, others, q_goals, gripper_width=0.04, held=held, up=up, speed=LADEN_SPEED
            )
        if halt is None or halt.is_interruption:
            return halt
    body.evidence["arm_note"] = halt.reason if halt else ""
    return fold(body, context.perceive(), speed=LADEN_SPEED)


def T_world_tool(body: Body) -> Array:
    """Return the tool's pose in the world at the last targets."""
    return arm_mount(body.base) @ tool_pose(body.q_arm)


def held_spheres(item: Item, T_world_tool_now: Array) -> Spheres:
    """Return a held item as spheres in the tool frame."""
    return spheres_in_box(item.size, inverse(T_world_tool_now) @ item.T_world_item)


def lowest_below_tool(item: Item, T_world_tool_now: Array) -> float:
    """Return how far the held item hangs below the tool, [m]."""
    return float(T_world_tool_now[2, 3] - heights(item)[0])
