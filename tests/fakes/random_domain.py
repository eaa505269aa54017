"""Random little domains with negation, alternatives, quantifiers and conditional effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from grounding import And, Atom, Effect, Exists, Fact, ForAll, Formula, Not, Operator, Or, Universe, Variable

UNIVERSE = Universe({name: frozenset({"thing"}) for name in "abc"})
ALL_FACTS: tuple[Fact, ...] = (("p0",), *product(("p1", "p2"), "abc"))
_X, _Y = Variable("?x", ("thing",)), Variable("?y", ("thing",))


def _literal(rng: np.random.Generator, terms: Sequence[str]) -> Formula:
    atom = _atom(rng, terms)
    return atom if rng.random() < 0.6 else Not(atom)


def _atom(rng: np.random.Generator, terms: Sequence[str]) -> Atom:
    kind = int(rng.integers(3))
    return Atom(f"p{kind}", (terms[int(rng.integers(len(terms)))],)) if kind else Atom("p0")


def _precondition(rng: np.random.Generator) -> Formula:
    parts: list[Formula] = [_literal(rng, ["?x"]) for _ in range(int(rng.integers(3)))]
    if rng.random() < 0.3:
        parts.append(Or((_literal(rng, ["?x", "a"]), _literal(rng, ["?x"]))))
    if rng.random() < 0.2:
        quantifier = Exists if rng.random() < 0.5 else ForAll
        parts.append(quantifier((_Y,), Or((_literal(rng, ["?y"]), _literal(rng, ["?x"])))))
    return And(tuple(parts))


def _operator(rng: np.random.Generator, name: str) -> Operator:
    effects = []
    for _ in range(int(rng.integers(1, 4))):
        is_add = bool(rng.random() < 0.6)
        if rng.random() < 0.25:
            effects.append(Effect(_atom(rng, ["?y"]), is_add, (_Y,), _literal(rng, ["?y", "?x"])))
        else:
            effects.append(Effect(_atom(rng, ["?x"]), is_add))
    return Operator(name, (_X,), _precondition(rng), tuple(effects))


@dataclass(frozen=True)
class RandomDomain:
    """Operators over three things, facts at the start, a goal."""

    operators: tuple[Operator, ...]
    facts: frozenset[Fact]
    goal: Formula


def random_domain(rng: np.random.Generator, *, operators: int = 4) -> RandomDomain:
    """Return a small domain; about half of them can reach their goal."""
    return RandomDomain(
        operators=tuple(_operator(rng, f"act{i}") for i in range(operators)),
        facts=frozenset(f for f in ALL_FACTS if rng.random() < 0.4),
        goal=And(tuple(_literal(rng, ["a", "b", "c"]) for _ in range(3))),
    )
