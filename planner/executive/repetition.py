"""Room planner: whether an interrupted step may be done again without asking, read off its contract.

Most effects are states: they are seen to hold or not, and making one true twice changes nothing more. The
others are deeds that add up (what is poured twice is twice as much), or end in somebody's hands.
"""

from __future__ import annotations

from grounding import PREDICATE_BY_NAME, Scene
from skills import Contract, SkillCall

_ONCE_OR_TWICE = frozenset({"visited", "found", "wiped"})
"""Deeds of which a second one changes nothing."""
_OF_A_PERSON = frozenset({"with_operator"})
"""What a person has a part in, and may change meanwhile."""


def why_not_again(contract: Contract, call: SkillCall, scene: Scene) -> str | None:
    """Return why a person has to say whether `call` is to be done again, or None.

    Args:
        contract: Of the skill.
        call: What was interrupted, and of which no effect is seen.
        scene: What is seen now.
    """
    added = sorted({effect.atom.predicate for effect in contract.effects if effect.is_add})
    unknown = [name for name in added if name not in PREDICATE_BY_NAME]
    if unknown:
        return f"nobody knows what doing it twice does to ({unknown[0]} ...)"
    if any(PREDICATE_BY_NAME[name].is_memory and name not in _ONCE_OR_TWICE for name in added):
        return "part of it may have happened, and doing it again adds to that"
    if _OF_A_PERSON & set(added):
        operator = contract.operator
        if not operator.is_applicable(call.arguments, scene.facts, scene.universe):
            return "the person may have taken what is not where it was"
    return None
