"""Room planner: do formulas use only what a domain declares? If not, one sentence with the valid choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rapidfuzz.process import extract

from grounding import (
    And,
    Atom,
    Effect,
    Equal,
    Exactly,
    Exists,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Variable,
)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What may be used."""

    predicates: Mapping[str, tuple[Variable, ...]]
    types: AbstractSet[str]
    names: Mapping[str, frozenset[str]]
    """Constants or objects, with their types."""


def check_formula(formula: Formula, bound: Sequence[Variable], vocabulary: Vocabulary) -> str | None:
    """Return what is wrong with the formula, or None."""
    match formula:
        case Atom(predicate, terms):
            return _check_predicate(predicate, len(terms), vocabulary) or _check_terms(
                terms, bound, vocabulary
            )
        case Equal(left, right):
            return _check_terms((left, right), bound, vocabulary)
        case Not(body):
            return check_formula(body, bound, vocabulary)
        case And(parts) | Or(parts):
            return next((e for p in parts if (e := check_formula(p, bound, vocabulary))), None)
        case Imply(condition, body):
            return check_formula(And((condition, body)), bound, vocabulary)
        case Exists(variables, body) | ForAll(variables, body):
            wrong = check_types(variables, vocabulary)
            return wrong or check_formula(body, (*bound, *variables), vocabulary)
        case Exactly(_, variable, body):
            return check_formula(Exists((variable,), body), bound, vocabulary)


def check_effects(effects: Sequence[Effect], bound: Sequence[Variable], vocabulary: Vocabulary) -> str | None:
    """Return what is wrong with the effects, or None."""
    for effect in effects:
        inside = (*bound, *effect.variables)
        wrong = check_types(effect.variables, vocabulary)
        wrong = wrong or check_formula(effect.condition, inside, vocabulary)
        wrong = wrong or check_formula(effect.atom, inside, vocabulary)
        if wrong:
            return wrong
    return None


def check_types(variables: Sequence[Variable], vocabulary: Vocabulary) -> str | None:
    """Return which type is not declared, or None."""
    for variable in variables:
        for kind in variable.types:
            if kind not in vocabulary.types:
                return f"type '{kind}' is not declared; nearest: {_nearest(kind, vocabulary.types)}"
    return None


def _check_predicate(predicate: str, count: int, vocabulary: Vocabulary) -> str | None:
    if predicate not in vocabulary.predicates:
        return (
            f"predicate '{predicate}' is not declared; nearest: {_nearest(predicate, vocabulary.predicates)}"
        )
    wanted = len(vocabulary.predicates[predicate])
    return None if wanted == count else f"predicate '{predicate}' takes {wanted} arguments, found {count}"


def _check_terms(terms: Sequence[str], bound: Sequence[Variable], vocabulary: Vocabulary) -> str | None:
    variables = {variable.name for variable in bound}
    for term in terms:
        if term.startswith("?") and term not in variables:
            return f"variable {term} is not bound; bound: {', '.join(sorted(variables)) or 'none'}"
        if not term.startswith("?") and term not in vocabulary.names:
            return f"there is no '{term}'; nearest: {_nearest(term, vocabulary.names)}"
    return None


def _nearest(name: str, valid: AbstractSet[str] | Mapping[str, object]) -> str:
    return ", ".join(match for match, _, _ in extract(name, sorted(valid), limit=3)) or "none"
