"""Room planner: what a call should have changed against what is seen, as facts and as short text."""

from __future__ import annotations

import hashlib

from grounding import Fact, Facts, Operator, Scene
from skills import SkillCall


def unmet_effects(
    operator: Operator, call: SkillCall, before: Scene, after: Scene
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Return the facts that should hold and do not, and those that should not hold and do.

    Deletions count only for skills that add nothing (close, turn off): what else a skill displaces shows in
    the next verification of the plan.
    """
    added, deleted = operator.changes(call.arguments, before.facts, before.universe)
    missing = tuple(sorted(added - after.facts))
    lingering = tuple(sorted(deleted & after.facts)) if not added else ()
    return missing, lingering


def difference_text(
    call: SkillCall, missing: tuple[Fact, ...], lingering: tuple[Fact, ...], after: Scene
) -> str:
    """Say what was expected and what is seen of the same objects; empty when they agree."""
    if not missing and not lingering:
        return ""
    expected = [_spell(f) for f in missing] + [f"(not {_spell(f)})" for f in lingering]
    names = set(call.arguments)
    seen = [_spell(f) for f in sorted(after.facts) if names & set(f[1:]) and f[0] not in _STATIC]
    return f"after {call} expected {' '.join(expected)}; seen: {' '.join(seen[:8]) or 'nothing of it'}"


def facts_hash(facts: Facts) -> str:
    """Return a short hash of facts, the same for the same facts."""
    return hashlib.sha256("\n".join(_spell(f) for f in sorted(facts)).encode()).hexdigest()[:16]


_STATIC = ("same_station", "above", "visited", "found")


def _spell(fact: Fact) -> str:
    return f"({' '.join(fact)})"
