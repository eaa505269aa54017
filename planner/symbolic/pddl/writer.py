"""Room planner: write operators as a PDDL domain, facts and a goal as a problem, for any other planner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grounding import And, Atom, Effect, Facts, Formula, Operator, Universe, to_pddl
from grounding.formula import TRUE

from ..formula_shape import constants_in
from .untyped import SAME, type_facts, type_predicate, untyped, untyped_operator

_REQUIREMENTS = (
    ":strips :negative-preconditions :disjunctive-preconditions :equality :existential-preconditions"
    " :universal-preconditions :conditional-effects"
)


def write_domain(
    name: str, operators: Sequence[Operator], predicates: Mapping[str, int], types: Iterable[str]
) -> str:
    """Return the text of a domain.

    Args:
        name: Name of the domain.
        operators: Its actions.
        predicates: Name -> number of arguments.
        types: Every type that occurs; each becomes a predicate.
    """
    declared = [_declaration(predicate, count) for predicate, count in predicates.items()]
    declared += [_declaration(type_predicate(kind), 1) for kind in sorted(set(types) - {"object"})]
    declared.append(_declaration(SAME, 2))
    lines = [f"(define (domain {name})", f"  (:requirements {_REQUIREMENTS})"]
    constants = sorted(constants_in(operators))
    lines += [f"  (:constants {' '.join(constants)})"] if constants else []
    lines.append("  (:predicates")
    lines += [f"    {text}" for text in declared]
    lines += ["  )", *(_action(untyped_operator(operator)) for operator in operators), ")"]
    return "\n".join(lines) + "\n"


def write_problem(
    name: str,
    domain: str,
    universe: Universe,
    facts: Facts,
    goal: Formula,
    *,
    operators: Sequence[Operator] = (),
) -> str:
    """Return the text of a problem of a domain that `write_domain` wrote.

    Args:
        name: Name of the problem.
        domain: Name of its domain.
        universe: Names and their types.
        facts: Closed-world facts at the start.
        goal: What must hold at the end.
        operators: Those of the domain; names that they mention are its constants and not objects.
    """
    lines = [f"(define (problem {name})", f"  (:domain {domain})", f"  (:requirements {_REQUIREMENTS})"]
    lines.append("  (:objects")
    lines += [f"    {thing}" for thing in sorted(set(universe.types) - constants_in(operators))]
    lines += ["  )", "  (:init"]
    lines += [f"    ({' '.join(fact)})" for fact in sorted(facts | type_facts(universe))]
    lines += ["  )", f"  (:goal {_text(_conjunction(untyped(goal)))})", ")"]
    return "\n".join(lines) + "\n"


def _declaration(predicate: str, count: int) -> str:
    return f"({' '.join([predicate, *(f'?x{i}' for i in range(1, count + 1))])})"


def _action(operator: Operator) -> str:
    parameters = " ".join(p.name for p in operator.parameters)
    effects = " ".join(_effect(effect) for effect in operator.effects)
    return (
        f"  (:action {operator.name}\n"
        f"    :parameters ({parameters})\n"
        f"    :precondition {_text(_conjunction(operator.precondition))}\n"
        f"    :effect (and {effects}))"
    )


def _effect(effect: Effect) -> str:
    text = _text(effect.atom) if effect.is_add else f"(not {_text(effect.atom)})"
    if effect.condition not in (TRUE, And((TRUE,))):
        text = f"(when {_text(_conjunction(effect.condition))} {text})"
    if effect.variables:
        text = f"(forall ({' '.join(v.name for v in effect.variables)}) {text})"
    return text


def _conjunction(formula: Formula) -> Formula:
    return formula if isinstance(formula, And | Atom) else And((formula,))


def _text(formula: Formula) -> str:
    return to_pddl(formula).replace(" - object", "")
