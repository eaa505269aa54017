"""Room skills: put the held item into a bin, sink, drawer, fridge, microwave, bowl or cup."""

from __future__ import annotations

from skills.motion.body import Body, failed
from skills.motion.containers import container_spots, fixture_of
from skills.motion.placing import put_down
from skills.skill import Outcome, SkillCall, SkillContext


class PutIn:
    """`put_in(item, container)`: set down inside where the hand fits, else let fall from just above."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Put it in and look whether it is inside."""
        item, container = call.arguments
        body, scene = Body(context), context.perceive()
        fixture = fixture_of(container, scene)
        if scene.held_item != item:
            return body.finish(failed(f"the hand does not hold {item}"), "")
        if fixture is None:
            return body.finish(failed(f"nobody knows where {container} is"), "")
        halt = put_down(body, context, scene, item, fixture, container_spots(scene, item, container))
        if halt is None:
            seen = context.perceive()
            body.evidence["is_in"] = ("in", item, container) in seen.facts
            body.evidence["height_m"] = round(float(seen.items[item].p_world_item[2]), 3)
            if not body.evidence["is_in"]:
                halt = failed(f"{item} did not end up in {container}")
        return body.finish(halt, f"{item} is in {container}")
