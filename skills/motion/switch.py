"""Room skills: bring an appliance into a power state by pressing its button."""

from __future__ import annotations

from skills.skill import Outcome, SkillContext

from .body import Body, failed
from .press import press


def switch(context: SkillContext, device: str, *, wanted: bool) -> Outcome:
    """Press the device's button unless it is already as wanted; succeed when the power is measured so."""
    body, word = Body(context), "on" if wanted else "off"
    fixture = context.perceive().fixtures[device]
    if fixture.button is None:
        return body.finish(failed(f"{device} has no button"), "")
    if fixture.button.is_on is wanted:
        return body.finish(None, f"{device} was {word} already", {"is_on": wanted, "presses": 0})
    halt = press(body, context, fixture, fixture.button)
    after = context.perceive().fixtures[device].button
    is_on = after is not None and after.is_on
    if halt is None and is_on is not wanted:
        halt = failed(f"pressed the button, but {device} is not {word}")
    return body.finish(halt, f"turned {word} {device}", {"is_on": is_on, "presses": 1})
