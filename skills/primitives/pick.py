"""Room skills: grasp an item where it is, lift it, and bring it in front of the chest."""

from __future__ import annotations

from grounding import Scene
from skills.motion.arm import carry, tuck_in
from skills.motion.body import Body, Halt, failed
from skills.motion.grasping import ChosenGrasp, choose_grasp, grasp_and_lift, retreat, supporting_fixture
from skills.skill import Outcome, SkillCall, SkillContext

TRIES = 2
"""Grasps that one run attempts before it reports failure."""


class Pick:
    """`pick(item)`: several grasps, each checked by the width of the closed hand after the lift."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Grasp and lift."""
        (item,) = call.arguments
        body = Body(context)
        halt: Halt | None = None
        origin: str | None = None
        for number in range(TRIES):
            scene = context.perceive()
            place = supporting_fixture(item, scene) if item in scene.items else None
            is_here = place is not None and ("robot_at", place) in scene.facts
            if not (is_here if number == 0 else place == origin):  # going after it is the planner's decision
                halt = failed(f"{item} is at {place or 'no known place'}, where the robot does not stand")
                break
            origin = place
            body.evidence["grasps_tried"] = number + 1
            halt = self._once(body, context, scene, item, context.attempt + number)
            if halt is None or halt.is_interruption:
                break
        return body.finish(halt, f"holds {item}")

    def _once(self, body: Body, context: SkillContext, scene: Scene, item: str, attempt: int) -> Halt | None:
        if item not in scene.items:
            return failed(f"nobody knows where {item} is")
        place = supporting_fixture(item, scene)
        if place is None:
            return failed(f"{item} is at no place where it can be grasped, perhaps on the floor")
        fixture = scene.fixtures[place]
        variety = 0.0 if attempt == 0 else 0.35 * attempt
        chosen = choose_grasp(body, context, scene, item, fixture, variety=variety)
        if isinstance(chosen, Halt):
            return chosen
        before = float(scene.items[item].p_world_item[2])
        halt = grasp_and_lift(body, context, scene, item, chosen)
        if halt is None:
            seen = context.perceive()
            body.evidence["lift_m"] = round(float(seen.items[item].p_world_item[2]) - before, 3)
            body.evidence["clearance_m"] = round(chosen.approach.clearance, 4)
            halt = carry(body, context, seen, item)
            if halt is None and context.perceive().held_item != item:
                halt = failed(f"{item} slipped out of the hand")
        if halt is not None and not halt.is_interruption:
            self._give_up(body, context, chosen)
        return halt

    def _give_up(self, body: Body, context: SkillContext, chosen: ChosenGrasp) -> None:
        retreat(body, chosen)
        tuck_in(body, context)
