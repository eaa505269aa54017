"""Room planner: conditions over states that are bit sets: one integer, bit n set when fact n is true."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from .nodes import Branch, Node, conjoin, count_node, disjoin


@dataclass(frozen=True, slots=True)
class Count:
    """Exactly (or not exactly) `count` of the parts hold."""

    count: int
    is_negated: bool
    parts: tuple[Condition, ...]

    def holds(self, state: int) -> bool:
        """Return whether it is true in the state."""
        return (sum(p.holds(state) for p in self.parts) == self.count) is not self.is_negated


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the positive, one absent of the negative, or one of the parts."""

    positive: int
    negative: int
    parts: tuple[Condition | Count, ...]

    def holds(self, state: int) -> bool:
        """Return whether it is true in the state."""
        if state & self.positive or ~state & self.negative:
            return True
        return any(p.holds(state) for p in self.parts)


@dataclass(frozen=True, slots=True)
class Condition:
    """All of the positive, none of the negative, and every part."""

    positive: int = 0
    negative: int = 0
    parts: tuple[Choice | Count, ...] = ()

    def holds(self, state: int) -> bool:
        """Return whether it is true in the state."""
        if state & self.positive != self.positive or state & self.negative:
            return False
        return not self.parts or all(p.holds(state) for p in self.parts)


def mentioned(part: Condition | Choice | Count) -> int:
    """Return the facts that decide whether it holds."""
    mask = 0 if isinstance(part, Count) else part.positive | part.negative
    for inner in part.parts:
        mask |= mentioned(inner)
    return mask


IMPOSSIBLE = Condition(parts=(Choice(0, 0, ()),))


def condition(node: Node) -> Condition:
    """Return the node as a condition."""
    if isinstance(node, bool):
        return Condition() if node else IMPOSSIBLE
    parts = node.parts if isinstance(node, Branch) and node.kind == "and" else (node,)
    positive = negative = 0
    rest: list[Choice | Count] = []
    for part in parts:
        if isinstance(part, Branch):
            if part.kind == "and":
                inner = condition(part)
                positive, negative = positive | inner.positive, negative | inner.negative
                rest += inner.parts
            else:
                rest.append(_choice(part) if part.kind == "or" else _count(part))
        elif part > 0:
            positive |= 1 << part
        else:
            negative |= 1 << -part
    return Condition(positive, negative, tuple(rest))


def _count(branch: Branch) -> Count:
    return Count(branch.wanted, branch.kind == "not_exactly", tuple(condition(p) for p in branch.parts))


def _choice(branch: Branch) -> Choice:
    positive = negative = 0
    rest: list[Condition | Count] = []
    for part in branch.parts:
        if not isinstance(part, Branch):
            if part > 0:
                positive |= 1 << part
            else:
                negative |= 1 << -part
        elif part.kind in ("exactly", "not_exactly"):
            rest.append(_count(part))
        elif part.kind == "or":
            inner = _choice(part)
            positive, negative = positive | inner.positive, negative | inner.negative
            rest += inner.parts
        else:
            rest.append(condition(part))
    return Choice(positive, negative, tuple(rest))


class Simplifier:
    """Replaces facts that are always true or always false; remembers nodes that it has seen."""

    def __init__(self, true: AbstractSet[int], false: AbstractSet[int]) -> None:
        """Take the numbers of the facts that never change."""
        self._true = true
        self._false = false
        self._seen: dict[int, tuple[Branch, Node]] = {}

    def simplify(self, node: Node) -> Node:
        """Return the simplified node."""
        if isinstance(node, bool):
            return node
        if isinstance(node, int):
            if abs(node) in self._true:
                return node > 0
            return node < 0 if abs(node) in self._false else node
        seen = self._seen.get(id(node))  # branches are shared, and comparing them costs more
        if seen is None:
            seen = self._seen[id(node)] = (node, self._branch(node))
        return seen[1]

    def _branch(self, node: Branch) -> Node:
        parts = [self.simplify(p) for p in node.parts]
        if node.kind == "and":
            return conjoin(parts)
        if node.kind == "or":
            return disjoin(parts)
        return count_node(node.wanted, parts, node.kind == "not_exactly")


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
