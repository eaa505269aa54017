"""Room planner: formulas and operators without types and counting, for planners that know neither.

A thing of ours has many types at once (an apple is item, food, fruit), which a tree of types cannot
say. So every type becomes a predicate `(is-fruit ?x)`, and `(exactly n ...)` becomes distinct witnesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from grounding import (
    And,
    Atom,
    Effect,
    Equal,
    Exactly,
    Exists,
    Fact,
    ForAll,
    Formula,
    Imply,
    Not,
    Operator,
    Or,
    Universe,
    Variable,
)

SAME = "is-same-as"
"""Equality as a predicate: some parsers refuse `=` in a problem's goal."""

_ANYTHING = "object"


def type_predicate(kind: str) -> str:
    """Return the predicate that says that a thing has the type."""
    return f"is-{kind}"


def untyped(formula: Formula) -> Formula:
    """Return an equivalent formula without types and counting, over `type_facts`."""
    match formula:
        case Not(body):
            return Not(untyped(body))
        case And(parts):
            return And(tuple(map(untyped, parts)))
        case Or(parts):
            return Or(tuple(map(untyped, parts)))
        case Imply(condition, body):
            return Imply(untyped(condition), untyped(body))
        case Exists(variables, body):
            return Exists(_bare(variables), _and((*_memberships(variables), untyped(body))))
        case ForAll(variables, body):
            members = _memberships(variables)
            inner = untyped(body)
            return ForAll(_bare(variables), Imply(_and(members), inner) if members else inner)
        case Exactly(count, variable, body):
            return _witnesses(count, variable, body)
    return formula


def untyped_operator(operator: Operator) -> Operator:
    """Return the same action without types and counting."""
    parts = (*_memberships(operator.parameters), untyped(operator.precondition))
    return replace(
        operator,
        parameters=_bare(operator.parameters),
        precondition=_and(parts),
        effects=tuple(_effect(effect) for effect in operator.effects),
    )


def type_facts(universe: Universe) -> frozenset[Fact]:
    """Return for every name the facts that say its types, and that it is itself."""
    types = universe.types.items()
    members = {(type_predicate(kind), name) for name, kinds in types for kind in kinds - {_ANYTHING}}
    return frozenset(members | {(SAME, name, name) for name in universe.types})


def _effect(effect: Effect) -> Effect:
    condition = _and((*_memberships(effect.variables), untyped(effect.condition)))
    return Effect(effect.atom, effect.is_add, _bare(effect.variables), condition)


def _bare(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    return tuple(Variable(v.name) for v in variables)


def _memberships(variables: Sequence[Variable]) -> tuple[Formula, ...]:
    found: list[Formula] = []
    for variable in variables:
        if _ANYTHING not in variable.types:
            kinds = tuple(Atom(type_predicate(kind), (variable.name,)) for kind in variable.types)
            found.append(kinds[0] if len(kinds) == 1 else Or(kinds))
    return tuple(found)


def _and(parts: Sequence[Formula]) -> Formula:
    flat: list[Formula] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _witnesses(count: int, variable: Variable, body: Formula) -> Formula:
    """Return: there are `count` different ones, and whatever satisfies the body is one of them."""
    names = [f"{variable.name}-{i}" for i in range(1, count + 1)]
    others: tuple[Formula, ...] = tuple(Atom(SAME, (variable.name, name)) for name in names)
    inner = untyped(body)
    only = ForAll(_bare((variable,)), Imply(_and((*_memberships((variable,)), inner)), Or(others)))
    if not names:
        return ForAll(_bare((variable,)), Not(_and((*_memberships((variable,)), inner))))
    witnesses = tuple(Variable(name, variable.types) for name in names)
    distinct = tuple(Not(Atom(SAME, (a, b))) for a, b in combinations(names, 2))
    bodies = tuple(renamed(inner, variable.name, name) for name in names)
    return Exists(_bare(witnesses), _and((*_memberships(witnesses), *distinct, *bodies, only)))


def renamed(formula: Formula, old: str, new: str) -> Formula:
    """Return the formula with a free variable renamed."""
    match formula:
        case Atom(predicate, terms):
            return Atom(predicate, tuple(new if t == old else t for t in terms))
        case Equal(left, right):
            return Equal(new if left == old else left, new if right == old else right)
        case Not(body):
            return Not(renamed(body, old, new))
        case And(parts):
            return And(tuple(renamed(p, old, new) for p in parts))
        case Or(parts):
            return Or(tuple(renamed(p, old, new) for p in parts))
        case Imply(condition, body):
            return Imply(renamed(condition, old, new), renamed(body, old, new))
        case Exists(variables, body) | ForAll(variables, body):
            is_hidden = old in {v.name for v in variables}
            return formula if is_hidden else replace(formula, body=renamed(body, old, new))
        case Exactly(_, variable, body):
            return formula if variable.name == old else replace(formula, body=renamed(body, old, new))
