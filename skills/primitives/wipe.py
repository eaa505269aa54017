"""Room skills: wipe a surface with the sponge or towel in the hand."""

from __future__ import annotations

import numpy as np

from robots.panda_kinematics import tool_pose
from skills.motion.body import Body, Halt, failed, first_halt
from skills.motion.posture import leave, take_shape
from skills.motion.reach import polished, shifted
from skills.motion.wiping import PRESS_M, WipePlan, gap_under, plan_wipe
from skills.skill import Outcome, SkillCall, SkillContext

WIPED_ENOUGH = 0.6
SWEEP_SPEED = 0.3
CARRY_SPEED = 0.5
TOUCHES = 3
LOST_M = 0.05
"""Gap at which the item is no longer in the hand that wipes."""
"""Corrections of the height before a pair of strokes."""


class Wipe:
    """`wipe(surface)`: sweep its patch; succeed when enough of it is measured wiped."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Wipe, and look."""
        (surface,) = call.arguments
        body = Body(context)
        halt = self._wipe(body, context, surface)
        after = context.perceive()
        fraction = after.fixtures[surface].wiped_fraction
        if halt is None and fraction < WIPED_ENOUGH:
            halt = failed(f"wiped only {fraction:.0%} of {surface}")
        evidence = {"wiped_fraction": fraction, "is_holding": after.held_item is not None}
        return body.finish(halt, f"wiped {surface}", evidence)

    def _wipe(self, body: Body, context: SkillContext, surface: str) -> Halt | None:
        scene = context.perceive()
        fixture, held = scene.fixtures[surface], scene.held_item
        if held is None:
            return failed("the hand holds nothing to wipe with")
        plan = plan_wipe(scene, fixture, scene.items[held].item, attempt=context.attempt)
        if isinstance(plan, Halt):
            return plan
        body.evidence["planned_cover"] = plan.cover
        halt = take_shape(body, scene, plan.strokes[0], plan.q_line[0], speed=CARRY_SPEED)
        if halt is not None:
            return halt
        halt = first_halt(
            lambda: body.move_arm(*plan.q_line[1:], speed=0.15),
            lambda: self._grasp_anew(body),
            lambda: self._sweep(body, context, surface, held, plan),
        )
        return leave(body, context, fixture, plan.q_line[::-1][1:], halt, speed=CARRY_SPEED)

    def _grasp_anew(self, body: Body) -> Halt | None:
        """Let the item lie and close again: what has turned in the hand lines up with the fingers."""
        width = body.observe().gripper_width
        return first_halt(
            lambda: body.grip(min(0.08, width + 0.012), seconds=0.3),
            lambda: body.grip(0.0, seconds=0.5),
        )

    def _sweep(
        self, body: Body, context: SkillContext, surface: str, tool: str, plan: WipePlan
    ) -> Halt | None:
        """Drive the strokes two by two, touching the surface anew before each pair."""
        for first in range(1, len(plan.strokes), 2):
            halt = self._touch(body, context, surface, tool) or body.move_base(
                plan.strokes[first : first + 2], speed=SWEEP_SPEED
            )
            if halt is not None:
                return halt
        return None

    def _touch(self, body: Body, context: SkillContext, surface: str, tool: str) -> Halt | None:
        """Lower or raise the hand until the item just touches, as seen."""
        for _ in range(TOUCHES):
            scene = context.perceive()
            patch = scene.fixtures[surface].wipe_patch
            gap = gap_under(patch, scene.items[tool].item) if patch is not None else np.inf
            if gap > LOST_M:
                return failed(f"lost {tool}")
            if -2 * PRESS_M <= gap <= 0.0:
                return None
            T_arm_tool = shifted(tool_pose(body.q_arm), np.array([0.0, 0.0, -gap - PRESS_M]))
            halt = body.move_arm(polished(body.q_arm, T_arm_tool), speed=0.1)
            if halt is not None:
                return halt
        return None
