"""Room planner: what the person said must not be done, as skill calls that a plan must not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skills import SkillCall

from .meaning import Understanding
from .references import Conversation, References
from .sight import Sight

_SKILLS = {
    "open": ("open",),
    "close": ("close",),
    "turn_on": ("turn_on",),
    "turn_off": ("turn_off",),
    "wipe": ("wipe",),
    "go": ("go_to",),
    "visit": ("go_to",),
    "hold": ("pick",),
    "bring": ("hand_over",),
    "pour": ("pour",),
    "push": ("push",),
    "release": ("place",),
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Things that stay untouched, and single calls that are forbidden."""

    untouched: frozenset[str] = frozenset()
    calls: frozenset[tuple[str, str]] = frozenset()
    """(skill, name of an argument)."""

    def broken_by(self, calls: Iterable[SkillCall]) -> str:
        """Return the first call that breaks them as text, "" if none does."""
        for call in calls:
            for name in call.arguments:
                if name in self.untouched or (call.skill, name) in self.calls:
                    return str(call)
        return ""


def limits_of(understanding: Understanding, sight: Sight) -> Limits:
    """Return the limits that a person's "do not ..." sets in this scene."""
    context = understanding.context
    references = References(sight, Conversation(context=context))
    goals = [r.destination.place for r in understanding.requests if r.destination and r.destination.place]
    calls: set[tuple[str, str]] = set()
    for request in context.forbidden:
        is_pronoun = bool(request.objects) and all(thing.pronoun for thing in request.objects)
        named = goals if is_pronoun and request.frame in ("open", "close", "turn_on", "turn_off") else ()
        names = {place for phrase in (*request.places, *named) for place in phrase.places}
        names |= references.named_by((request,))
        calls |= {(skill, name) for skill in _SKILLS.get(request.frame, ()) for name in names}
    touched = references.named_by(r for r in context.forbidden if r.frame == "touch")
    return Limits(untouched=touched, calls=frozenset(calls))
