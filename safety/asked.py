"""Room safety: whether the very end that a rule would tidy away is what was asked for.

Only the checked goal formula is read, never the words behind it.
"""

from __future__ import annotations

from grounding import Atom, Fact, Formula, Not
from grounding.formula import conjuncts

WHERE = frozenset({"on", "in", "with_operator", "holding"})
"""Predicates of which an item makes one true at a time."""


def is_asked_for(goal: Formula | None, remedy: Formula | None, made: frozenset[Fact] = frozenset()) -> bool:
    """Return whether the goal names what the remedy denies, or a fact that the step itself makes.

    Args:
        goal: The end that was asked for in so many words; None when none was.
        remedy: What would keep the rule.
        made: Facts that the step makes true.
    """
    if goal is None:
        return False
    asked = set(conjuncts(goal))
    if any(Atom(fact[0], fact[1:]) in asked for fact in made):
        return True
    wanted = conjuncts(remedy) if remedy is not None else ()
    return any(_opposite(part) in asked or _is_elsewhere(part, asked) for part in wanted)


def _opposite(literal: Formula) -> Formula:
    return literal.body if isinstance(literal, Not) else Not(literal)


def _is_elsewhere(literal: Formula, asked: set[Formula]) -> bool:
    """Return whether the goal puts the literal's item anywhere else."""
    if not isinstance(literal, Atom) or literal.predicate not in WHERE:
        return False
    return any(
        isinstance(a, Atom) and a != literal and a.predicate in WHERE and a.terms[0] == literal.terms[0]
        for a in asked
    )
