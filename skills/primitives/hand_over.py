"""Room skills: give the held item to the person, on the tray that they hold out."""

from __future__ import annotations

from dataclasses import replace

from skills.motion.body import Body, failed
from skills.motion.placing import put_down, surface_spot
from skills.skill import Outcome, SkillCall, SkillContext


class HandOver:
    """`hand_over(item)`: place it on the nearest person's tray, beside what is there already."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Put it on the tray and look whether it was received."""
        (item,) = call.arguments
        body, scene = Body(context), context.perceive()
        here = [
            f
            for name, f in scene.fixtures.items()
            if "person" in f.kinds and ("robot_at", name) in scene.facts
        ]
        if scene.held_item != item:
            return body.finish(failed(f"the hand does not hold {item}"), "")
        if not here:
            return body.finish(failed("nobody is here to receive it"), "")
        person = here[0]
        spot = surface_spot(scene, item, person)
        halt = put_down(body, context, scene, item, person, [spot, replace(spot, is_crowded=True)])
        if halt is None:
            seen = context.perceive()
            body.evidence["is_received"] = ("with_operator", item) in seen.facts
            body.evidence["height_m"] = round(float(seen.items[item].p_world_item[2]), 3)
            if not body.evidence["is_received"]:
                halt = failed(f"{item} did not stay on the tray of {person.name}")
        return body.finish(halt, f"{person.name} has {item}")
