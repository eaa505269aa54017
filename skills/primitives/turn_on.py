"""Room skills: switch an appliance on by pressing its button."""

from __future__ import annotations

from skills.motion.switch import switch
from skills.skill import Outcome, SkillCall, SkillContext


class TurnOn:
    """`turn_on(device)`: press by contact; succeed when the power is measured on."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Press the button."""
        (device,) = call.arguments
        return switch(context, device, wanted=True)
