"""Room safety: linear temporal logic over finite traces by progression, with every formula stored once.

A formula is a number in a table; its constructors fold truth values, drop duplicates and sort operands, so
that equal residuals are the same number and progressing one in a state like an earlier one is a lookup.

Source: Bacchus and Kabanza, Planning for temporally extended goals (1998), progression; De Giacomo and Vardi,
Linear temporal logic and linear dynamic logic on finite traces (2013), semantics of the last state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from grounding import Fact

FALSE, TRUE, NEVER = 0, 1, 2
"""NEVER is false of every trace with a state: what is left when only a trace that ends here keeps a rule."""
MOST_REMEMBERED = 2_000_000
"""Truth values in remembered progressions, about 8 bytes each; when full, the memory starts again empty."""

Node: TypeAlias = tuple[Any, ...]
"""Operator, then operands: formulas by number, or a fact and its sign."""
Truths: TypeAlias = tuple[int, ...]
"""Of the atoms of a formula, in their order: 0 denied, 1 affirmed, 2 neither."""


@dataclass(frozen=True)
class State:
    """One instant of a trace."""

    facts: frozenset[Fact]
    """What is true, the action that led here as `("did", skill, *arguments)`; the rest is false."""
    unknown: frozenset[Fact] = frozenset()
    """What is neither affirmed nor denied; it counts as the worse of both."""

    def truth(self, fact: Fact) -> int:
        """Return 1 when affirmed, 2 when unknown, 0 when denied."""
        if fact in self.unknown:
            return 2
        return 1 if fact in self.facts else 0


class Automaton:
    """A table of formulas in negation normal form, and what each becomes in a state."""

    def __init__(self) -> None:
        """Begin with the constants."""
        self._nodes: list[Node] = [("false",), ("true",), ("never",)]
        self._ids: dict[Node, int] = {node: number for number, node in enumerate(self._nodes)}
        self._atoms: list[tuple[Fact, ...]] = [(), (), ()]
        self._progressed: dict[tuple[int, Truths], int] = {}
        self._remembered = 0

    @property
    def size(self) -> int:
        """Return how many different formulas there are."""
        return len(self._nodes)

    def node(self, formula: int) -> Node:
        """Return the operator of a formula and its operands."""
        return self._nodes[formula]

    def atoms(self, formula: int) -> tuple[Fact, ...]:
        """Return the facts that the formula speaks of, sorted."""
        return self._atoms[formula]

    def literal(self, fact: Fact, is_positive: bool) -> int:
        """Return a fact or its negation."""
        return self._intern(("literal", fact, is_positive), (fact,))

    def conjunction(self, parts: Iterable[int]) -> int:
        """Return what holds when all parts do."""
        return self._joined("and", parts, neutral=TRUE, deciding=FALSE)

    def disjunction(self, parts: Iterable[int]) -> int:
        """Return what holds when one part does."""
        return self._joined("or", parts, neutral=FALSE, deciding=TRUE)

    def next(self, body: int, *, is_weak: bool) -> int:
        """Return `body` in the next state; without one, weak is true and strong false."""
        if is_weak and body == TRUE:
            return TRUE
        if body == FALSE:
            if not is_weak:
                return FALSE
            body = NEVER
        return self._intern(("weak-next" if is_weak else "next", body), self._atoms[body])

    def until(self, left: int, right: int) -> int:
        """Return: `right` comes, and `left` holds before it."""
        if right in (TRUE, FALSE):
            return right
        return self._intern(("until", left, right), self._merged((left, right)))

    def release(self, left: int, right: int) -> int:
        """Return: `right` holds up to and in the state where `left` does, or to the end."""
        if right in (TRUE, FALSE):
            return right
        return self._intern(("release", left, right), self._merged((left, right)))

    def truths(self, formula: int, state: State) -> Truths:
        """Return how the formula's atoms stand in a state."""
        atoms = self._atoms[formula]
        if state.unknown:
            return tuple([state.truth(fact) for fact in atoms])
        facts = state.facts
        return tuple([fact in facts for fact in atoms])

    def progress(self, formula: int, truths: Truths) -> int:
        """Return what the rest of the trace owes after a state that is not the last."""
        key = (formula, truths)
        known = self._progressed.get(key)
        if known is None:
            known = self._after(formula, dict(zip(self._atoms[formula], truths, strict=True)))
            self._remembered += len(truths) + 10
            if self._remembered > MOST_REMEMBERED:
                self._progressed.clear()
                self._remembered = len(truths) + 10
            self._progressed[key] = known
        return known

    def holds_at_end(self, formula: int, truths: Truths) -> bool:
        """Return whether the formula is true of a trace of one last state."""
        return self._at_end(formula, dict(zip(self._atoms[formula], truths, strict=True)))

    def adopt(self, other: Automaton, formula: int) -> int:
        """Return another table's formula as one of this table."""
        kind, *rest = other._nodes[formula]
        match kind:
            case "literal":
                return self.literal(*rest)
            case "and" | "or":
                parts = [self.adopt(other, part) for part in rest]
                return self.conjunction(parts) if kind == "and" else self.disjunction(parts)
            case "next" | "weak-next":
                return self.next(self.adopt(other, rest[0]), is_weak=kind == "weak-next")
            case "until":
                return self.until(self.adopt(other, rest[0]), self.adopt(other, rest[1]))
            case "release":
                return self.release(self.adopt(other, rest[0]), self.adopt(other, rest[1]))
        return formula

    def _after(self, formula: int, truth: dict[Fact, int]) -> int:
        match self._nodes[formula]:
            case ("literal", fact, is_positive):
                return TRUE if truth[fact] == (1 if is_positive else 0) else FALSE
            case ("and", *parts):
                return self.conjunction(self._after(p, truth) for p in parts)
            case ("or", *parts):
                return self.disjunction(self._after(p, truth) for p in parts)
            case ("next" | "weak-next", body):
                return int(body)  # another state follows, or this would be the last one
            case ("never",):
                return FALSE
            case ("until", left, right):
                rest = self.conjunction((self._after(left, truth), formula))
                return self.disjunction((self._after(right, truth), rest))
            case ("release", left, right):
                rest = self.disjunction((self._after(left, truth), formula))
                return self.conjunction((self._after(right, truth), rest))
        return formula

    def _at_end(self, formula: int, truth: dict[Fact, int]) -> bool:
        match self._nodes[formula]:
            case ("literal", fact, is_positive):
                return bool(truth[fact] == (1 if is_positive else 0))
            case ("and", *parts):
                return all(self._at_end(p, truth) for p in parts)
            case ("or", *parts):
                return any(self._at_end(p, truth) for p in parts)
            case ("next" | "weak-next" as kind, _):
                return bool(kind == "weak-next")
            case ("until" | "release", _, right):
                return self._at_end(right, truth)
        return formula == TRUE

    def _joined(self, kind: str, parts: Iterable[int], *, neutral: int, deciding: int) -> int:
        flat: set[int] = set()
        for part in parts:
            if part == deciding:
                return deciding
            node = self._nodes[part]
            if node[0] == kind:
                flat.update(node[1:])
            elif part != neutral:
                flat.add(part)
        # Of a fact that is unknown neither it nor its negation holds: only together are they decided.
        if kind == "and" and self._has_opposites(flat):
            return deciding
        simpler = {self._given(part, flat, kind) for part in flat}
        if simpler != flat:
            return self._joined(kind, simpler, neutral=neutral, deciding=deciding)
        if len(flat) < 2:
            return flat.pop() if flat else neutral
        operands = tuple(sorted(flat))
        return self._intern((kind, *operands), self._merged(operands))

    def _given(self, formula: int, others: set[int], kind: str) -> int:
        """Return what `formula` says beside `others`, to which `kind` joins it.

        a and (b or (a and c)) is a and (b or c): without this, residuals of nested duties grow for ever.
        """
        node = self._nodes[formula]
        if node[0] not in ("and", "or"):
            return formula
        absorbed = TRUE if kind == "and" else FALSE
        parts = [absorbed if p in others else self._given(p, others, kind) for p in node[1:]]
        if parts == list(node[1:]):
            return formula
        return self.conjunction(parts) if node[0] == "and" else self.disjunction(parts)

    def _has_opposites(self, parts: set[int]) -> bool:
        """Return whether a fact and its negation are among the parts."""
        for part in parts:
            node = self._nodes[part]
            if node[0] == "literal" and self._ids.get(("literal", node[1], not node[2])) in parts:
                return True
        return False

    def _merged(self, parts: Iterable[int]) -> tuple[Fact, ...]:
        return tuple(sorted({fact for part in parts for fact in self._atoms[part]}))

    def _intern(self, node: Node, atoms: tuple[Fact, ...]) -> int:
        known = self._ids.get(node)
        if known is None:
            known = self._ids[node] = len(self._nodes)
            self._nodes.append(node)
            self._atoms.append(atoms)
        return known
