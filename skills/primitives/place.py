"""Room skills: put the held item down on a surface."""

from __future__ import annotations

from skills.motion.body import Body, failed
from skills.motion.placing import put_down, surface_spot
from skills.skill import Outcome, SkillCall, SkillContext


class Place:
    """`place(item, surface)`: a free spot within reach, upright when the grasp allows it."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Put it down and look whether it stays."""
        item, surface = call.arguments
        body, scene = Body(context), context.perceive()
        if scene.held_item != item:
            return body.finish(failed(f"the hand does not hold {item}"), "")
        fixture = scene.fixtures[surface]
        halt = put_down(body, context, scene, item, fixture, [surface_spot(scene, item, fixture)])
        if halt is None:
            seen = context.perceive()
            body.evidence["is_on"] = ("on", item, surface) in seen.facts
            body.evidence["height_m"] = round(float(seen.items[item].p_world_item[2]), 3)
            if not body.evidence["is_on"]:
                halt = failed(f"{item} did not stay on {surface}")
        return body.finish(halt, f"{item} stands on {surface}")
