"""Room skills: press a push button with closed fingers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from grounding import Scene
from robots import Array, Button, Fixture
from skills.skill import SkillContext

from .body import Body, Halt, failed
from .floor_map import floor_map_of
from .posture import arm_at, leave, take_shape
from .reach import Stand, arm_line, base_before, reaches_of, shifted

FINGERTIP_M = 0.009
"""How far the finger tips reach beyond the tool frame."""
BEFORE_M = 0.05
PRESS_SHARE = 1.5
"""Depth of a press as a share of the button's toggling travel."""
PRESS_SPEED = 0.15
CLEARANCE_M = 0.003
REACHES_M = (0.54, 0.48, 0.60, 0.66, 0.72)
SIDES_M = (0.0, 0.15, -0.15, 0.25, -0.25)
TILTS_RAD = (0.0, 0.3)
"""How far the hand may lean back from the button's axis, towards the robot."""


@dataclass(frozen=True, kw_only=True)
class PressPlan:
    """Base pose and arm path of a press."""

    base: Array
    q_line: Array
    """From before the button to the bottom of the press, shape (n, 7)."""


def press(body: Body, context: SkillContext, fixture: Fixture, button: Button) -> Halt | None:
    """Press the button of a fixture once, and return to its dock."""
    scene = context.perceive()
    plan = plan_press(scene, fixture, button, attempt=context.attempt)
    if isinstance(plan, Halt):
        return plan
    halt = take_shape(body, scene, plan.base, plan.q_line[0], width=0.0)
    if halt is not None:
        return halt
    halt = body.move_arm(*plan.q_line[1:], speed=PRESS_SPEED)
    return leave(body, context, fixture, plan.q_line[::-1][1:], halt)


def plan_press(scene: Scene, fixture: Fixture, button: Button, *, attempt: int) -> PressPlan | Halt:
    """Return how to press, or why it cannot be done; each attempt differs."""
    floor, yaw = floor_map_of(scene), fixture.dock[2]
    p_world_button = button.T_world_button[:3, 3]
    options = product(SIDES_M, REACHES_M)
    bases = [base_before(p_world_button, yaw, reach=r, side=s, turn=0.0) for s, r in options]
    bases = [base for base in bases if floor.footprint_clearance(base[None])[0] > 0.01]
    if not bases:
        return failed("no room for the base before the button")
    stands = [
        Stand(T_world_tool=tool, base=base)
        for base in bases
        for tool in tools_on_button(button, yaw, depth_m=button.travel * (PRESS_SHARE + 0.15 * attempt))
    ]
    reason = "no inverse kinematics for the button"
    for reach in reaches_of(stands)[2 * attempt :]:
        T_arm_before = shifted(reach.stand.T_arm_tool, -BEFORE_M * reach.stand.T_arm_tool[:3, 2])
        back = arm_line(reach.q_arm, T_arm_before)
        if back is None:
            continue
        line = np.vstack([back[::-1], reach.q_arm])
        arm = arm_at(scene, reach.stand.base, touching=fixture.name, width=0.0)
        if arm.clearance(line).min() > CLEARANCE_M:
            return PressPlan(base=reach.stand.base, q_line=line)
        reason = "goal in collision: no free way to the button"
    return failed(reason)


def tools_on_button(button: Button, yaw: float, *, depth_m: float) -> list[Array]:
    """Return tool poses whose finger tips are `depth_m` below the button's face."""
    inwards = -button.T_world_button[:3, 0]
    ahead = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    left = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    poses = []
    for tilt, roll in product(TILTS_RAD, (0, 1, 2, 3)):
        # A hand that leans back looks less far down on a horizontal button, further down on a vertical one.
        lean = ahead if abs(inwards[2]) > 0.7 else np.array([0.0, 0.0, -1.0])
        z = np.cos(tilt) * inwards + np.sin(tilt) * lean
        x = np.cross(left, z)
        y = np.cross(z, x)
        R = np.column_stack([x, y, z]) @ _quarter_turns(roll)
        T = np.eye(4)
        T[:3, :3] = R
        T[:3, 3] = button.T_world_button[:3, 3] + depth_m * inwards - FINGERTIP_M * z
        poses.append(T)
    return poses


def _quarter_turns(count: int) -> Array:
    cos, sin = np.cos(count * np.pi / 2), np.sin(count * np.pi / 2)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
