"""Room skills: pour what is in the held vessel into a cup, a bowl or the sink."""

from __future__ import annotations

from grounding import Scene
from robots import Fixture
from skills.motion.body import Body, Halt, failed, first_halt
from skills.motion.drive import drive_to, drive_to_dock
from skills.motion.pouring import plan_pour
from skills.skill import Outcome, SkillCall, SkillContext

from .find import place_of

TILT_SPEED = 0.5
EMPTYING_S = 1.4


class Pour:
    """`pour(item, target)`: tilt over the target; succeed when perception says that it was poured."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Pour, and look."""
        item, target = call.arguments
        body = Body(context)
        halt = self._pour(body, context, item, target)
        after = context.perceive()
        is_poured = ("poured", item, target) in after.facts
        if halt is None and not is_poured:
            halt = failed(f"tilted {item}, but nothing reached {target}")
        evidence = {
            "is_poured": is_poured,
            "left_fraction": after.items[item].item.filled_fraction,
            "is_holding": after.held_item == item,
        }
        return body.finish(halt, f"poured {item} into {target}", evidence)

    def _pour(self, body: Body, context: SkillContext, item: str, target: str) -> Halt | None:
        scene = context.perceive()
        fixture = fixture_of(target, scene)
        if fixture is None:
            return failed(f"nobody knows where {target} is")
        plan = plan_pour(scene, fixture, scene.items[item].item, target, attempt=context.attempt)
        if isinstance(plan, Halt):
            return plan
        return first_halt(
            lambda: drive_to(body, scene, plan.base),
            lambda: body.move_arm(*plan.q_path[1:], speed=TILT_SPEED),
            lambda: body.wait(EMPTYING_S),
            lambda: body.move_arm(*plan.q_path[::-1][1:], speed=TILT_SPEED),
            lambda: drive_to_dock(body, context.perceive(), fixture),
        )


def fixture_of(target: str, scene: Scene) -> Fixture | None:
    """Return the fixture that is, or has, the target."""
    place = target if target in scene.fixtures else place_of(target, scene)
    return scene.fixtures[place] if place is not None else None
