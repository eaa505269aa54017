"""Room skills: move a door or drawer to a joint position by its handle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding import Scene
from robots import Array, Articulation, Fixture
from skills.skill import SkillContext

from .articulation import base_along_joint, handle_bases, handle_stands
from .body import Body, Halt, failed, first_halt
from .floor_map import FloorMap, floor_map_of
from .posture import arm_at, leave, take_shape
from .reach import Reach, arm_line, reaches_of, shifted

APPROACH_M = 0.10
GRIP_FORCE_N = 60.0
PULL_SPEED = 0.45
"""Share of the base's speed while it pulls: fast pulls slip."""
BASES_TRIED = 12
CLEARANCE_M = 0.003


@dataclass(frozen=True, kw_only=True)
class HandlePlan:
    """Everything decided before the robot moves."""

    reach: Reach
    q_line: Array
    """Joint positions from before the handle to around it, shape (n, 7)."""
    pull: Array
    """Base poses that carry the joint to its target, shape (k, 3)."""


def move_joint(body: Body, context: SkillContext, name: str, target: float) -> Halt | None:
    """Grasp the handle of fixture `name`, drive its joint to `target`, let go, and return to the dock."""
    scene = context.perceive()
    fixture = scene.fixtures[name]
    if fixture.articulation is None:
        return failed(f"{name} has no door or drawer")
    plan = plan_handle(scene, fixture, fixture.articulation, target, attempt=context.attempt)
    if isinstance(plan, Halt):
        return plan
    halt = take_shape(body, scene, plan.reach.stand.base, plan.q_line[0], width=0.06)
    if halt is not None:
        return halt
    halt = first_halt(
        lambda: body.move_arm(*plan.q_line[1:], speed=0.3),
        lambda: _grasp(body, fixture.articulation),
        lambda: _pull(body, fixture.articulation, plan),
    )
    if halt is None or not halt.is_interruption:
        halt = body.grip(0.07, seconds=0.4) or halt
    return leave(body, context, fixture, plan.q_line[::-1][1:], halt)


def plan_handle(
    scene: Scene, fixture: Fixture, articulation: Articulation, target: float, *, attempt: int
) -> HandlePlan | Halt:
    """Return how to bring the joint to `target`, or why it cannot be done; each attempt differs."""
    floor, delta = floor_map_of(scene), target - articulation.position
    bases = [base for base in handle_bases(articulation) if _is_pull_free(floor, articulation, base, delta)]
    if not bases:
        return failed("no path for the base along the motion of the handle")
    first = 3 * attempt % len(bases)
    bases = (bases[first:] + bases[:first])[:BASES_TRIED]
    reaches = reaches_of([stand for base in bases for stand in handle_stands(articulation, base)])
    for reach in reaches[attempt % 2 :]:
        T_arm_before = shifted(reach.stand.T_arm_tool, -APPROACH_M * reach.stand.T_arm_tool[:3, 2])
        back = arm_line(reach.q_arm, T_arm_before)
        if back is None:
            continue
        line = np.vstack([back[::-1], reach.q_arm])
        arm = arm_at(scene, reach.stand.base, touching=fixture.name, width=0.06)
        if arm.clearance(line).min() > CLEARANCE_M:
            return HandlePlan(
                reach=reach, q_line=line, pull=base_along_joint(articulation, reach.stand.base, delta)
            )
    reason = "goal in collision: no free grasp of the handle" if reaches else "no inverse kinematics"
    return failed(reason)


def _is_pull_free(floor: FloorMap, articulation: Articulation, base: Array, delta: float) -> bool:
    poses = np.vstack([base, base_along_joint(articulation, base, delta, step_m=0.1)])
    return bool(floor.footprint_clearance(poses).min() > 0.01)


def _grasp(body: Body, articulation: Articulation | None) -> Halt | None:
    halt = body.grip(0.0, force=GRIP_FORCE_N, seconds=0.6)
    width = body.observe().gripper_width
    body.evidence["grip_width_m"] = width
    if halt is None and articulation is not None and width < articulation.handle_radius:
        return failed("the hand closed beside the handle")
    return halt


def _pull(body: Body, articulation: Articulation | None, plan: HandlePlan) -> Halt | None:
    radius = articulation.handle_radius if articulation is not None else 0.0
    yaw_turns = np.round((body.base[2] - plan.reach.stand.base[2]) / (2 * np.pi)) * 2 * np.pi
    halt = body.move_base(
        plan.pull + np.array([0.0, 0.0, yaw_turns]),
        speed=PULL_SPEED,
        until=lambda seen: seen.gripper_width < radius,
    )
    if halt is None and body.observe().gripper_width < radius:
        return failed("the handle slipped out of the hand")
    return halt
