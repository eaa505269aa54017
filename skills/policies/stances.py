"""Room skills: where base and hand are when a policy begins a skill, and how the robot leaves its end.

A policy of an arm sees what is in front of it. Driving there and folding the arm afterwards is planned,
the same whichever policy acts between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from grounding import Scene
from robots import Array
from robots.mobile_base import ARM_HOME
from robots.panda_kinematics import tool_pose
from skills.motion.arm import LADEN_SPEED, carry, tuck_in
from skills.motion.body import Body, Halt, failed, first_halt
from skills.motion.drive import drive_to
from skills.motion.grasping import supporting_fixture
from skills.motion.operate import plan_handle
from skills.motion.posture import behind, leave, take_shape
from skills.motion.reach import arm_line, shifted
from skills.motion.stand import stands_for
from skills.primitives.open import TARGET_FRACTION
from skills.skill import SkillCall, SkillContext

HOME_RAD = 0.05
AS_PLANNED_RAD = 0.25
"""An arm that is so near to how the primitive grasps the bar withdraws as the primitive does."""
RISE_M = 0.08
PUSH_BACK_M = 0.12
"""How far the base stands back for a push away: the hand needs room on the item's near side, [m]."""


class Stance(Protocol):
    """Before and after a policy."""

    def take(self, body: Body, context: SkillContext, scene: Scene, call: SkillCall) -> Halt | None:
        """Come to where the policy begins."""
        ...

    def leave(self, body: Body, context: SkillContext, call: SkillCall, halt: Halt | None) -> Halt | None:
        """Come from where the policy ended to where the robot can drive on; return what went wrong first."""
        ...


class BeforeItem:
    """Stand before the item with the hand above the surface."""

    def __init__(self, *, width: float) -> None:
        """Start with the fingers so far open, [m]."""
        self._width = width

    def take(self, body: Body, context: SkillContext, scene: Scene, call: SkillCall) -> Halt | None:
        """Drive before the item; the arm comes into its carrying shape."""
        item = call.arguments[0]
        place = supporting_fixture(item, scene) if item in scene.items else None
        if place is None or ("robot_at", place) not in scene.facts:
            return failed(f"{item} is at {place or 'no known place'}, where the robot does not stand")
        base = stands_for(scene.items[item].p_world_item, scene.fixtures[place], scene, body.base)[0]
        if call.arguments[1:] == ("away",):
            base = behind(np.array(base), PUSH_BACK_M)
        return at_home(body, scene, base, self._width)

    def leave(self, body: Body, context: SkillContext, call: SkillCall, halt: Halt | None) -> Halt | None:
        """Bring what is held before the chest, or fold the empty hand."""
        if halt is not None and halt.is_interruption:
            return halt
        scene = context.perceive()
        if scene.held_item is not None:
            after = carry(body, context, scene, scene.held_item)
        else:
            after = rise(body) or body.grip(0.08, seconds=0.1) or tuck_in(body, context)
        return halt or after


class BeforeSurface:
    """Stand where the robot is; what it holds stays before the chest."""

    def take(self, body: Body, context: SkillContext, scene: Scene, call: SkillCall) -> Halt | None:
        """Check that the hand holds the item."""
        item = call.arguments[0]
        return None if scene.held_item == item else failed(f"the hand does not hold {item}")

    def leave(self, body: Body, context: SkillContext, call: SkillCall, halt: Halt | None) -> Halt | None:
        """Fold the arm, with what it may still hold."""
        if halt is not None and halt.is_interruption:
            return halt
        scene = context.perceive()
        if scene.held_item is not None:
            return halt or carry(body, context, scene, scene.held_item)
        return halt or rise(body) or tuck_in(body, context)


class BeforeHandle:
    """Stand before the handle with the hand shaped for its bar."""

    def __init__(self, *, is_opening: bool) -> None:
        """Begin to open or to close."""
        self._is_opening = is_opening
        self._line: Array | None = None

    def take(self, body: Body, context: SkillContext, scene: Scene, call: SkillCall) -> Halt | None:
        """Come to the pose from which the primitive would grasp."""
        fixture = scene.fixtures[call.arguments[0]]
        joint = fixture.articulation
        if joint is None:
            return failed(f"{fixture.name} has neither door nor drawer")
        target = TARGET_FRACTION[joint.kind] * joint.upper if self._is_opening else 0.0
        plan = plan_handle(scene, fixture, joint, target, attempt=context.attempt)
        if isinstance(plan, Halt):
            return plan
        self._line = plan.q_line
        return take_shape(body, scene, plan.reach.stand.base, plan.q_line[0], width=0.06)

    def leave(self, body: Body, context: SkillContext, call: SkillCall, halt: Halt | None) -> Halt | None:
        """Let the bar go, withdraw, and go back to the dock."""
        if self._line is None:
            return halt
        if halt is None or not halt.is_interruption:
            halt = body.grip(0.07, seconds=0.4) or halt
        back = shifted(tool_pose(body.q_arm), -0.10 * tool_pose(body.q_arm)[:3, 2])
        line = arm_line(body.q_arm, back)
        is_as_planned = np.abs(body.q_arm - self._line[-1]).max() < AS_PLANNED_RAD
        way = self._line[::-1][1:] if line is None or is_as_planned else line
        return leave(body, context, context.perceive().fixtures[call.arguments[0]], way, halt)


def at_home(body: Body, scene: Scene, base: Array, width: float) -> Halt | None:
    """Come to a base pose with the arm in its carrying shape."""
    if np.abs(body.q_arm - ARM_HOME).max() < HOME_RAD:
        return first_halt(lambda: drive_to(body, scene, base), lambda: body.grip(width, seconds=0.05))
    return take_shape(body, scene, base, ARM_HOME, width=width)


def rise(body: Body) -> Halt | None:
    """Move the hand straight up a little, as far as the arm can."""
    T = np.array(tool_pose(body.q_arm))
    T[2, 3] += RISE_M
    line = arm_line(body.q_arm, T)
    return None if line is None else body.move_arm(*line, speed=LADEN_SPEED)


def stance_for(skill: str) -> Stance:
    """Return a fresh stance for one run.

    Raises:
        ValueError: If no policy can implement the skill.
    """
    stances: Mapping[str, Stance] = {
        "pick": BeforeItem(width=0.08),
        "push": BeforeItem(width=0.0),
        "place": BeforeSurface(),
        "open": BeforeHandle(is_opening=True),
        "close": BeforeHandle(is_opening=False),
    }
    if skill not in stances:
        raise ValueError(f"no policy can implement {skill!r} yet; skills: {', '.join(stances)}")
    return stances[skill]
