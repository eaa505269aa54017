"""Room skills: open a door or drawer by its handle."""

from __future__ import annotations

from skills.motion.body import Body, failed
from skills.motion.operate import move_joint
from skills.skill import Outcome, SkillCall, SkillContext

TARGET_FRACTION = {"prismatic": 0.97, "revolute": 0.88}
"""How far to open: a drawer just short of its stop, a door past a right angle."""
OPEN_ENOUGH = 0.8


class Open:
    """`open(container)`: pull by contact and friction; succeed when the joint is measured open."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Open it and look."""
        (container,) = call.arguments
        body = Body(context)
        articulation = context.perceive().fixtures[container].articulation
        if articulation is None:
            return body.finish(failed(f"{container} has neither door nor drawer"), "")
        target = TARGET_FRACTION[articulation.kind] * articulation.upper
        halt = move_joint(body, context, container, target)
        after = context.perceive().fixtures[container].articulation
        fraction = after.open_fraction if after is not None else 0.0
        if halt is None and fraction < OPEN_ENOUGH:
            halt = failed(f"{container} opened only {fraction:.0%}")
        return body.finish(halt, f"opened {container}", {"open_fraction": fraction})
