"""Room planner: which perceived facts a decision rests on, and what a model that doubts them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grounding import Fact, Scene
from skills import Contract, SkillCall

from .describe import fact_text

DOUBT_BELOW = 0.5
"""A perceived fact is doubted when the model finds it less probable than not: our own choice."""


def checked_facts(
    scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
) -> dict[str, Fact]:
    """Return the facts that are plain conjuncts of some candidate's precondition and hold, by their text.

    These are what perception can get wrong at the robot's hand: where it stands, what it holds, what is open.
    """
    by_name = {contract.name: contract for contract in contracts}
    found: dict[str, Fact] = {}
    for call in candidates:
        contract = by_name.get(call.skill)
        if contract is None:
            continue
        for fact in contract.named_facts(call.arguments):
            if fact in scene.facts:
                found[fact_text([fact])] = fact
    return dict(sorted(found.items()))


def doubts_of(checks: Mapping[str, float], facts: Mapping[str, Fact]) -> dict[Fact, float]:
    """Return the facts that the model doubts, with its probability."""
    return {facts[text]: p for text, p in checks.items() if p < DOUBT_BELOW and text in facts}
