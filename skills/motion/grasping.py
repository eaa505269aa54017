"""Room skills: choose a grasp, approach, close, lift, and see whether something is in the hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding import Scene
from grounding.collision import item_solids_in_world, scene_solids
from grounding.grasps import Grasp, narrowed, sample_grasps
from robots import Fixture
from skills.skill import SkillContext

from .approach_choice import Approach, Surroundings, ToolTarget, find_approach
from .arm import LADEN_SPEED, reach_for, run_arm
from .body import Body, Halt, failed
from .drive import drive_to
from .stand import stands_for

WAY_IN_M = 0.09
PASSES = ((0.10, False, 8), (0.10, True, 6), (0.04, True, 4))
"""Height of the lift, [m], whether the fingers open only as far as needed, and how many base poses to try."""
LINE_SPEED = 0.45
GRIP_FORCE_N = 40.0
EMPTY_WIDTH_M = 0.0025
"""Closed pads that are closer than this hold nothing."""


@dataclass(frozen=True, kw_only=True)
class ChosenGrasp:
    """A grasp and how to get there."""

    grasp: Grasp
    approach: Approach


def choose_grasp(
    body: Body, context: SkillContext, scene: Scene, item: str, fixture: Fixture, *, variety: float
) -> ChosenGrasp | Halt:
    """Return the best reachable grasp of an item at a fixture, or why there is none."""
    thing = scene.items[item].item
    grasps = sample_grasps(thing, heading=fixture.dock[2], rng=context.rng, variety=variety)
    if not grasps:
        return failed(f"no grasp fits {item}: it is too wide or lies badly")
    around = Surroundings(
        obstacles=scene_solids(scene, without=frozenset({item}), in_detail=holders(scene, item)),
        touched=item_solids_in_world(thing, in_detail=True),
    )
    stands = stands_for(thing.T_world_item[:3, 3], fixture, scene, body.base)
    reason = ""
    for lift, is_narrow, count in PASSES:
        candidates = [narrowed(grasp) for grasp in grasps] if is_narrow else grasps
        targets = [_target(grasp, lift) for grasp in candidates]
        found = find_approach(targets, stands[:count], around, body.q_arm)
        if isinstance(found, Approach):
            return ChosenGrasp(grasp=candidates[found.index], approach=found)
        reason = found.reason
    return failed(f"{reason}: none of {len(grasps)} grasps of {item} from {len(stands)} base poses")


def _target(grasp: Grasp, lift: float) -> ToolTarget:
    return ToolTarget(
        T_world_tool=grasp.T_world_tool,
        opening=grasp.opening,
        way_in=-WAY_IN_M * grasp.T_world_tool[:3, 2],
        way_out=np.array([0.0, 0.0, lift]),
        cost=grasp.cost,
    )


def holders(scene: Scene, item: str) -> frozenset[str]:
    """Return the bowls and cups that the item is in: their inside must stay reachable."""
    return frozenset(fact[2] for fact in scene.facts if fact[0] == "in" and fact[1] == item)


def grasp_and_lift(
    body: Body, context: SkillContext, scene: Scene, item: str, chosen: ChosenGrasp
) -> Halt | None:
    """Drive to the base pose, approach, close the fingers, and lift; a halt when nothing is held."""
    approach, grasp = chosen.approach, chosen.grasp
    halt = drive_to(body, scene, approach.base)
    if halt is None:
        halt = body.grip(grasp.opening, seconds=0.05)
    if halt is None:
        obstacles = scene_solids(scene, in_detail=holders(scene, item))
        halt = reach_for(body, context, obstacles, approach.q_in[:1], gripper_width=grasp.opening)
    if halt is None:
        halt = run_arm(body, approach.q_in, speed=LINE_SPEED, is_dense=True)
    if halt is None:
        halt = close_fingers(body)
    if halt is None:
        body.evidence["gripper_width_m"] = round(body.observe().gripper_width, 4)
        halt = run_arm(body, approach.q_out, speed=LINE_SPEED, is_dense=True)
    return halt or check_grip(body, item)


def close_fingers(body: Body, *, force: float = GRIP_FORCE_N, most_s: float = 2.0) -> Halt | None:
    """Close until the fingers have stopped moving for a moment."""
    widths = [body.observe().gripper_width]
    for _ in range(round(most_s / 0.1)):
        halt = body.grip(0.0, force=force, seconds=0.1)
        widths.append(body.observe().gripper_width)
        if halt is not None or (len(widths) > 3 and widths[-3] - widths[-1] < 3e-4):
            return halt
    return None


def check_grip(body: Body, item: str) -> Halt | None:
    """Return a halt when the pads have closed on nothing."""
    now = body.observe()
    body.evidence["lifted_width_m"] = round(now.gripper_width, 4)
    body.evidence["grip_force_n"] = round(now.gripper_force, 1)
    if now.gripper_width < EMPTY_WIDTH_M:
        return failed(f"the fingers closed on nothing where {item} was expected")
    return None


def retreat(body: Body, chosen: ChosenGrasp) -> Halt | None:
    """Open and withdraw along the way in, after a failed grasp."""
    halt = body.grip(chosen.grasp.opening, seconds=0.4)
    if halt is None:
        back = np.vstack([body.q_arm[None], chosen.approach.q_in[::-1]])
        halt = run_arm(body, back, speed=LADEN_SPEED)
    return halt


def supporting_fixture(item: str, scene: Scene) -> str | None:
    """Return the fixture where the item is, through what it is in, if need be."""
    for fact in sorted(scene.facts):
        if fact[0] in ("on", "in") and fact[1] == item:
            return fact[2] if fact[2] in scene.fixtures else supporting_fixture(fact[2], scene)
        if fact == ("with_operator", item):
            return min((n for n, f in scene.fixtures.items() if "person" in f.kinds), default=None)
    return None
