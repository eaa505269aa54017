"""Room safety: what would have kept a rule, and what still would: search in a residual, fewest facts first.

Both read a formula in negation normal form as the ways in which one state can satisfy it: sets of literals,
and for a state that is not the last also what they leave to the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from grounding import PREDICATE_BY_NAME, And, Atom, Fact, Formula, Not

from .automaton import FALSE, NEVER, TRUE, Automaton, State
from .syntax import DID

MOST_FLIPS = 2
"""A remedy changes at most so many facts."""
MOST_WAYS = 64
"""Ways to satisfy one formula that are kept, those of the fewest literals."""
LONGEST = 8
"""Continuations have at most so many further states."""

Literal: TypeAlias = tuple[Fact, bool]
Literals: TypeAlias = frozenset[Literal]


@dataclass(frozen=True)
class Way:
    """One way in which a state satisfies a formula."""

    said: Literals = frozenset()
    left: frozenset[int] = frozenset()
    """Formulas that the next state must satisfy."""


class Mender:
    """Searches one table of formulas."""

    def __init__(self, automaton: Automaton) -> None:
        """Take the table."""
        self._automaton = automaton

    def remedy(
        self, formula: int, state: State, changed: frozenset[Fact], *, is_last: bool
    ) -> Formula | None:
        """Return the fewest facts that, other in `state`, keep the formula; None when more are needed.

        Args:
            formula: What the trace from `state` on has to satisfy.
            state: The state as it is.
            changed: Facts that nobody can have changed.
            is_last: Whether the trace ends with `state`.
        """

        def is_free(literal: Literal) -> bool:
            return literal[0] not in changed and _can_become(literal)

        for said in self._flips(formula, state, is_free, is_last=is_last):
            other = _after(state, said)
            truths = self._automaton.truths(formula, other)
            if is_last:
                is_kept = self._automaton.holds_at_end(formula, truths)
            else:
                is_kept = self._automaton.progress(formula, truths) not in (FALSE, NEVER)
            if is_kept:
                return as_formula(said)
        return None

    def continuation(self, formula: int, state: State) -> tuple[Formula, ...]:
        """Return the shortest trace that satisfies the formula, one formula a state; () when none is found.

        Args:
            formula: What is left for the states after `state`.
            state: The newest state: of several ways the one that changes least of it is taken.
        """

        def cost(way: Way) -> tuple[int, int, list[Literal]]:
            differing = sum(state.truth(fact) != int(is_true) for fact, is_true in way.said)
            return differing, len(way.said), sorted(way.said)

        frontier: list[tuple[int, tuple[Formula, ...]]] = [(formula, ())]
        seen = {formula}
        for _ in range(LONGEST):
            following: list[tuple[int, tuple[Formula, ...]]] = []
            for left, path in frontier:
                ends = self._ways(left, is_last=True)
                if ends:
                    return (*path, as_formula(min(ends, key=cost).said))
                for way in sorted(self._ways(left, is_last=False), key=cost):
                    rest = self._automaton.conjunction(way.left)
                    if rest not in seen:
                        seen.add(rest)
                        following.append((rest, (*path, as_formula(way.said))))
            frontier = following[:MOST_WAYS]
        return ()

    def _flips(
        self, formula: int, state: State, is_free: Callable[[Literal], bool], *, is_last: bool
    ) -> list[Literals]:
        """Return the sets of at most `MOST_FLIPS` literals that are false and would have to be true."""
        node = self._automaton.node(formula)
        kept: list[Literals] = [frozenset()]

        def inner(part: int) -> list[Literals]:
            return self._flips(part, state, is_free, is_last=is_last)

        match node:
            case ("literal", fact, is_positive):
                if state.truth(fact) == int(is_positive):
                    return kept
                return [frozenset({(fact, is_positive)})] if is_free((fact, is_positive)) else []
            case ("and", *parts):
                return _product(map(inner, parts))
            case ("or", *parts):
                return _fewest(said for part in parts for said in inner(part))
            case ("next" | "weak-next" as kind, _):
                return kept if kind == "weak-next" or not is_last else []
            case ("until", left, right):
                return _fewest([*inner(right), *([] if is_last else inner(left))])
            case ("release", _, right):
                return inner(right)
        return kept if formula == TRUE else []

    def _ways(self, formula: int, *, is_last: bool) -> list[Way]:
        """Return the ways to satisfy a formula, fewest literals first."""

        def inner(part: int) -> list[Way]:
            return self._ways(part, is_last=is_last)

        later = Way(left=frozenset({formula}))
        match self._automaton.node(formula):
            case ("literal", fact, is_positive):
                return [Way(said=frozenset({(fact, is_positive)}))]
            case ("and", *parts):
                return _joined(map(inner, parts))
            case ("or", *parts):
                return _shortest(way for part in parts for way in inner(part))
            case ("next", body):
                return [] if is_last else [Way(left=frozenset({body}))]
            case ("weak-next", body):
                return [Way()] if is_last else [Way(left=frozenset({body}))]
            case ("until", left, right):
                longer = [] if is_last else _joined([inner(left), [later]])
                return _shortest([*inner(right), *longer])
            case ("release", left, right):
                longer = [Way()] if is_last else _shortest([*inner(left), later])
                return _joined([inner(right), longer])
        return [Way()] if formula == TRUE else []


def as_formula(said: Iterable[Literal]) -> Formula:
    """Return literals as the conjunction that they are."""
    parts = [Atom(f[0], f[1:]) if is_true else Not(Atom(f[0], f[1:])) for f, is_true in sorted(said)]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _can_become(literal: Literal) -> bool:
    """Return whether somebody could make the literal true: what was done or seen, and a layout, stay."""
    fact, is_true = literal
    predicate = PREDICATE_BY_NAME.get(fact[0])
    if fact[0] == DID or (predicate is not None and predicate.is_static):
        return False
    return is_true or predicate is None or not predicate.is_memory


def _after(state: State, said: Literals) -> State:
    true = {fact for fact, is_true in said if is_true}
    named = {fact for fact, _ in said}
    return State((state.facts - named) | true, state.unknown - named)


def _product(every: Iterable[list[Literals]]) -> list[Literals]:
    found: list[Literals] = [frozenset()]
    for ways in every:
        if frozenset() not in ways:
            found = _fewest(a | b for a in found for b in ways)
    return found


def _fewest(ways: Iterable[Literals]) -> list[Literals]:
    small = {way for way in ways if len(way) <= MOST_FLIPS}
    return sorted(small, key=lambda way: (len(way), sorted(way)))[:MOST_WAYS]


def _joined(every: Iterable[list[Way]]) -> list[Way]:
    found = [Way()]
    for ways in every:
        both = (Way(a.said | b.said, a.left | b.left) for a in found for b in ways)
        found = _shortest(way for way in both if len(dict(way.said)) == len(way.said))
    return found


def _shortest(ways: Iterable[Way]) -> list[Way]:
    """Return the ways of the fewest literals and duties; none asks for more than another does."""
    kept: list[Way] = []
    by_size = sorted(set(ways), key=lambda w: (len(w.said), len(w.left), sorted(w.said), sorted(w.left)))
    for way in by_size:
        if not any(other.said <= way.said and other.left <= way.left for other in kept):
            kept.append(way)
            if len(kept) == MOST_WAYS:
                break
    return kept
