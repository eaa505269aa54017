"""Room skills: come to a working place with the arm in shape, and leave it with the arm folded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grounding import Scene
from grounding.collision import ArmCollision, scene_solids
from robots import Array, Fixture
from robots.mobile_base import ARM_HOME
from skills.skill import SkillContext

from .arm_planner import ArmPath, NoArmPath, plan_arm_path
from .base_planner import is_edge_free
from .body import Body, Halt, failed, first_halt
from .drive import drive_to, drive_to_dock
from .floor_map import floor_map_of
from .held import held_spheres

FOLDED_GAP_M = 0.03
"""Distance that the folded arm keeps from everything when the base arrives, [m]."""
FOLDED_RAD = 0.1
STANDOFF_M = 0.18
"""How far behind its working place the base stands while the arm takes shape or folds."""


def behind(base: Array, distance_m: float) -> Array:
    """Return the base pose so much further back, shape (3,)."""
    return base - distance_m * np.array([np.cos(base[2]), np.sin(base[2]), 0.0])


def take_shape(
    body: Body, scene: Scene, base: Array, q_arm: Array, *, width: float | None = None, speed: float = 1.0
) -> Halt | None:
    """Drive to `base` and bring the arm to `q_arm` around what is in the scene, there or a step before.

    Args:
        body: The robot's body.
        scene: What stands around.
        base: Working pose of the base.
        q_arm: Joint positions to arrive with.
        width: Gripper width to command meanwhile, [m].
        speed: Share of the arm's speed; less when the hand holds something.
    """
    reason = "goal in collision"
    for place in _places(body, scene, base, q_arm):
        path = plan_arm_path(arm_at(scene, place), body.q_arm, q_arm[None], seed=0)
        if isinstance(path, NoArmPath):
            reason = path.reason
            continue
        points = path.q[1:]
        return first_halt(
            lambda: drive_to(body, scene, place),  # noqa: B023  # called before the next turn of the loop
            lambda: body.move_arm(*points, width=width, speed=speed),  # noqa: B023  # the same
            lambda: body.move_base(np.array([*base[:2], body.base[2]]), speed=0.5),
        )
    return failed(reason)


def _places(body: Body, scene: Scene, base: Array, q_arm: Array) -> list[Array]:
    """Return where the arm may take shape: at `base` or before it, where the folded arm is freest first."""
    floor, steps = floor_map_of(scene), np.linspace(0.0, STANDOFF_M, 4)
    back = behind(base, STANDOFF_M)
    shaped = min(float(arm_at(scene, behind(base, d)).clearance(q_arm[None])[0]) for d in steps)
    places = [base, back] if is_edge_free(floor, base, back) and shaped > 0.0 else [base]
    gaps = [float(arm_at(scene, place).clearance(body.q_arm[None])[0]) for place in places]
    return [place for place, gap in zip(places, gaps, strict=True) if gap > FOLDED_GAP_M] or places[::-1]


def fold(body: Body, scene: Scene, *, speed: float = 1.0) -> Halt | None:
    """Bring the arm into its carrying configuration; step back first where that is not free.

    A hand that holds something returns to how it held it at the start of the skill.
    """
    q_rest = ARM_HOME if scene.held_item is None else body.q_start
    path = plan_arm_path(arm_at(scene, body.base), body.q_arm, q_rest[None], seed=0)
    if isinstance(path, ArmPath):
        return body.move_arm(*path.q[1:], speed=speed)
    return first_halt(
        lambda: body.move_base(behind(body.base, STANDOFF_M), speed=0.6),
        lambda: body.move_arm(q_rest, speed=speed),
    )


def tidy(body: Body, scene: Scene) -> Halt | None:
    """Fold an empty hand that an earlier, interrupted skill left stretched out."""
    is_folded = float(np.abs(body.q_arm - ARM_HOME).max()) < FOLDED_RAD
    return None if is_folded or scene.held_item is not None else fold(body, scene)


def arm_at(
    scene: Scene, base: Array, *, touching: str | None = None, without: str | None = None, width: float = 0.08
) -> ArmCollision:
    """Return the arm's collision model at a base pose, with what it holds.

    Args:
        scene: What stands around.
        base: Base pose x, y, yaw in the world frame.
        touching: Fixture that the fingers may touch, but not the rest of the arm.
        without: Item that is ignored.
        width: Gripper width when the hand is empty, [m].
    """
    touched = scene.fixtures[touching].solids if touching is not None else ()
    others = {name: fixture for name, fixture in scene.fixtures.items() if name != touching}
    held = scene.held_item
    ignored = frozenset(name for name in (held, without) if name is not None)
    obstacles = scene_solids(replace(scene, fixtures=others), without=ignored)
    if held is None:
        return ArmCollision(obstacles, base, gripper_width=width, touched=touched)
    return ArmCollision(
        obstacles,
        base,
        gripper_width=scene.observation.gripper_width,
        touched=touched,
        held=held_spheres(scene, scene.items[held].item),
    )


def leave(
    body: Body,
    context: SkillContext,
    fixture: Fixture,
    q_back: Array,
    halt: Halt | None,
    *,
    speed: float = 1.0,
) -> Halt | None:
    """Withdraw along `q_back` (n, 7), fold, and return to the dock, also after a failure; return `halt`.

    A cancelled skill stays where it is.
    """
    if halt is not None and halt.is_interruption:
        return halt
    after = first_halt(
        lambda: body.move_arm(*q_back, speed=0.6 * speed),
        lambda: fold(body, context.perceive(), speed=speed),
        lambda: drive_to_dock(body, context.perceive(), fixture),
    )
    return halt or after
