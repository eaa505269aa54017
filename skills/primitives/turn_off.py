"""Room skills: switch an appliance off by pressing its button."""

from __future__ import annotations

from skills.motion.switch import switch
from skills.skill import Outcome, SkillCall, SkillContext


class TurnOff:
    """`turn_off(device)`: press by contact; succeed when the power is measured off."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Press the button."""
        (device,) = call.arguments
        return switch(context, device, wanted=False)
