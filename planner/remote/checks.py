"""Room planner: which perceived facts a decision rests on, and what a model that doubts them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grounding import Fact, Scene
from skills import Contract, SkillCall

from .describe import fact_text, facts_in

DOUBT_BELOW = 0.5
"""A perceived fact is doubted when the model finds it less probable than not: our own choice."""


def checked_facts(
    scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
) -> tuple[str, ...]:
    """Return, as text, the facts that are plain conjuncts of some candidate's precondition and hold.

    These are what perception can get wrong at the robot's hand: where it stands, what it holds, what is open.
    """
    by_name = {contract.name: contract for contract in contracts}
    named = (by_name[c.skill].named_facts(c.arguments) for c in candidates if c.skill in by_name)
    held = {fact for facts in named for fact in facts if fact in scene.facts}
    return tuple(fact_text([fact]) for fact in sorted(held))


def doubts_of(checks: Mapping[str, float]) -> dict[Fact, float]:
    """Return the checked facts that the model doubts, with its probability."""
    return {fact: p for text, p in checks.items() if p < DOUBT_BELOW for fact in facts_in(text)}
