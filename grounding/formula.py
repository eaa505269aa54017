"""Room grounding: formulas over facts, the one language of preconditions, effects, goals and rules.

A fact is a tuple of names, `("on", "apple_1", "table")`. A formula is PDDL/BDDL: `and or not imply exists
forall =`, plus `(exactly n (?x - soda) ...)`. Its quantifiers range over the typed names of a `Universe`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

Fact: TypeAlias = tuple[str, ...]
"""Predicate name followed by its arguments."""

Facts: TypeAlias = AbstractSet[Fact]
Binding: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Variable:
    """A typed variable, `?x - item`; several types mean any of them (PDDL `either`)."""

    name: str
    types: tuple[str, ...] = ("object",)


@dataclass(frozen=True)
class Atom:
    """A predicate over variables (`?x`) and constants."""

    predicate: str
    terms: tuple[str, ...] = ()

    def ground(self, binding: Binding) -> Fact:
        """Return the fact under `binding`."""
        return (self.predicate, *(binding.get(term, term) for term in self.terms))


@dataclass(frozen=True)
class Equal:
    """Two terms name the same thing."""

    left: str
    right: str


@dataclass(frozen=True)
class Not:
    """Negation."""

    body: Formula


@dataclass(frozen=True)
class And:
    """Conjunction; empty is true."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Or:
    """Disjunction; empty is false."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Imply:
    """Implication."""

    condition: Formula
    body: Formula


@dataclass(frozen=True)
class Exists:
    """Some assignment of the variables satisfies the body."""

    variables: tuple[Variable, ...]
    body: Formula


@dataclass(frozen=True)
class ForAll:
    """Every assignment of the variables satisfies the body."""

    variables: tuple[Variable, ...]
    body: Formula


@dataclass(frozen=True)
class Exactly:
    """Exactly `count` names of the variable's type satisfy the body."""

    count: int
    variable: Variable
    body: Formula


Formula: TypeAlias = Atom | Equal | Not | And | Or | Imply | Exists | ForAll | Exactly

TRUE = And()
FALSE = Or()


@dataclass(frozen=True)
class Universe:
    """The names that quantifiers range over, each with every type that it has."""

    types: Mapping[str, frozenset[str]]
    """Name -> type names, e.g. `{"apple_1": {"item", "apple", "fruit", ...}}`. "object" is implied."""
    _by_type: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def names(self, variable: Variable) -> tuple[str, ...]:
        """Return the names that `variable` may stand for, sorted."""
        key = "\0".join(variable.types)
        found = self._by_type.get(key)
        if found is None:
            wanted = set(variable.types)
            found = tuple(sorted(n for n, have in self.types.items() if "object" in wanted or wanted & have))
            self._by_type[key] = found
        return found

    def bindings(self, variables: Sequence[Variable]) -> Iterator[dict[str, str]]:
        """Yield every typed assignment of the variables."""
        for names in product(*(self.names(v) for v in variables)):
            yield dict(zip((v.name for v in variables), names, strict=True))


def holds(formula: Formula, facts: Facts, universe: Universe, binding: Binding | None = None) -> bool:
    """Return whether `formula` is true of `facts` (closed world)."""
    b: Binding = binding or {}
    match formula:
        case Atom():
            return formula.ground(b) in facts
        case And(parts):
            return all(holds(part, facts, universe, b) for part in parts)
        case Or(parts):
            return any(holds(part, facts, universe, b) for part in parts)
        case Not(body):
            return not holds(body, facts, universe, b)
        case Imply(condition, body):
            return not holds(condition, facts, universe, b) or holds(body, facts, universe, b)
        case Equal(left, right):
            return b.get(left, left) == b.get(right, right)
        case Exists(variables, body):
            return any(holds(body, facts, universe, {**b, **more}) for more in universe.bindings(variables))
        case ForAll(variables, body):
            return all(holds(body, facts, universe, {**b, **more}) for more in universe.bindings(variables))
        case Exactly(count, variable, body):
            found = sum(holds(body, facts, universe, {**b, **more}) for more in universe.bindings([variable]))
            return found == count


def conjuncts(formula: Formula) -> tuple[Formula, ...]:
    """Return the parts that must all hold, without nested `and`."""
    if isinstance(formula, And):
        return tuple(part for conjunct in formula.parts for part in conjuncts(conjunct))
    return (formula,)


def to_pddl(formula: Formula) -> str:
    """Return the formula as an s-expression that `parse_formula` reads back."""
    match formula:
        case Atom(predicate, terms):
            return f"({' '.join((predicate, *terms))})"
        case Equal(left, right):
            return f"(= {left} {right})"
        case Not(body):
            return f"(not {to_pddl(body)})"
        case And(parts) | Or(parts):
            word = "and" if isinstance(formula, And) else "or"
            return f"({' '.join([word, *map(to_pddl, parts)])})"
        case Imply(condition, body):
            return f"(imply {to_pddl(condition)} {to_pddl(body)})"
        case Exists(variables, body) | ForAll(variables, body):
            word = "exists" if isinstance(formula, Exists) else "forall"
            return f"({word} ({' '.join(map(variable_to_pddl, variables))}) {to_pddl(body)})"
        case Exactly(count, variable, body):
            return f"(exactly {count} ({variable_to_pddl(variable)}) {to_pddl(body)})"


def variable_to_pddl(variable: Variable) -> str:
    """Return `?x - type`, with `either` for several types."""
    if len(variable.types) == 1:
        return f"{variable.name} - {variable.types[0]}"
    return f"{variable.name} - (either {' '.join(variable.types)})"
