"""Room skills: close a door or drawer by its handle."""

from __future__ import annotations

from skills.motion.body import Body, failed
from skills.motion.operate import move_joint
from skills.skill import Outcome, SkillCall, SkillContext

CLOSED_ENOUGH = 0.05


class Close:
    """`close(container)`: push by the handle; succeed when the joint is measured closed."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Close it and look."""
        (container,) = call.arguments
        body = Body(context)
        halt = move_joint(body, context, container, 0.0)
        after = context.perceive().fixtures[container].articulation
        fraction = after.open_fraction if after is not None else 0.0
        if halt is None and fraction > CLOSED_ENOUGH:
            halt = failed(f"{container} is still {fraction:.0%} open")
        return body.finish(halt, f"closed {container}", {"open_fraction": fraction})
