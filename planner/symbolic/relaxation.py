"""Room planner: how far is the goal when nothing is ever undone: the FF heuristic, vectorised.

Costs of propositions are the fixed point of h_add (Bonet and Geffner, "Planning as heuristic search", 2001);
the relaxed plan follows the cheapest achievers back from the goal (Keyder and Geffner, "Heuristics for
planning with action costs revisited", 2008). Negative literals and alternatives are propositions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .nodes import Branch, Node, conjoin, disjoin
from .task import GroundAction

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]

_ALMOST_FREE = 1e-3


@dataclass(frozen=True, slots=True)
class RelaxedGoal:
    """What a goal needs, as propositions."""

    propositions: tuple[int, ...]
    counts: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    """For every "exactly": the number, and per part the propositions "it holds" and "it does not"."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How far a goal is from a state."""

    distance: float
    """Actions in a relaxed plan; infinite when even that does not exist."""
    helpful: tuple[int, ...]
    """Indices of the relaxed plan's actions, in no particular order."""


@dataclass(frozen=True, slots=True)
class FreeActions:
    """Actions that cost nothing, made by `Relaxation.free_actions`."""

    indices: frozenset[int]
    base: _Floats
    """Cost per row of the relaxation."""


DEAD_END = Estimate(float("inf"), ())


def negate(node: Node) -> Node:
    """Return the negation in normal form."""
    if isinstance(node, bool):
        return not node
    if isinstance(node, int):
        return -node
    if node.kind == "and":
        return disjoin([negate(p) for p in node.parts])
    if node.kind == "or":
        return conjoin([negate(p) for p in node.parts])
    return Branch("exactly" if node.kind == "not_exactly" else "not_exactly", node.wanted, node.parts)


class Relaxation:
    """The delete relaxation of some actions, for some goals."""

    def __init__(self, actions: Sequence[GroundAction], goals: Iterable[Node]) -> None:
        """Build the arrays once; evaluating a state is then a few vector operations."""
        self._numbers: dict[int, int] = {}
        self._seen: dict[int, tuple[Branch, int]] = {}
        self._size = 1  # proposition 0 is always true
        self._rows: list[tuple[list[int], float, int, list[int]]] = []
        for action in actions:
            needs = self._needs(action.node)
            self._row(needs, action.index, action.add, action.delete)
            for effect in action.conditional:
                more = [*needs, *self._needs(effect.when_node)]
                self._row(more, action.index, effect.add, effect.delete)
        self.goals = [self._goal(goal) for goal in goals]
        self._freeze()
        self._last: tuple[int, FreeActions | None, _Floats, _Floats] | None = None

    def free_actions(self, indices: Iterable[int]) -> FreeActions:
        """Return these actions as free ones; almost free, so that relaxed plans stay acyclic."""
        chosen = frozenset(indices)
        is_free = np.array([row[2] in chosen for row in self._rows], dtype=bool)
        return FreeActions(chosen, np.where(is_free, _ALMOST_FREE, self._base))

    def estimate(self, state: int, goal: RelaxedGoal, free: FreeActions | None = None) -> Estimate:
        """Return the distance of `goal` from `state`, when the `free` actions cost nothing."""
        if self._last is None or self._last[0] != state or self._last[1] is not free:
            self._last = (state, free, *self._propagate(state, self._base if free is None else free.base))
        _, _, cost, row_cost = self._last
        wanted = list(goal.propositions)
        for count, parts in goal.counts:
            true_now = [p for p in parts if cost[p[0]] == 0.0]
            if len(true_now) < count:
                others = sorted(cost[p[0]] for p in parts if cost[p[0]] > 0.0)
                limit = others[count - len(true_now) - 1]
                cheap = [p[0] for p in parts if 0.0 < cost[p[0]] <= limit]
                wanted += cheap[: count - len(true_now)]
            elif len(true_now) > count:
                removable = sorted(true_now, key=lambda p: cost[p[1]])
                wanted += [p[1] for p in removable[: len(true_now) - count]]
        if not all(np.isfinite(cost[p]) for p in wanted):
            return DEAD_END
        used = self._relaxed_plan(wanted, cost, row_cost)
        paid = used if free is None else used - free.indices
        return Estimate(float(len(paid)), tuple(sorted(used)))

    def _propagate(self, state: int, base: _Floats) -> tuple[_Floats, _Floats]:
        known = state & ((1 << (8 * self._octets)) - 1)
        octets = np.frombuffer(known.to_bytes(self._octets, "little"), dtype=np.uint8)
        is_true = np.unpackbits(octets, bitorder="little").astype(bool)
        cost = np.full(self._size, np.inf)
        cost[0] = 0.0
        cost[self._positive_props[is_true[self._positive_facts]]] = 0.0
        cost[self._negative_props[~is_true[self._negative_facts]]] = 0.0
        if not len(self._starts):
            return cost, np.zeros(0)
        while True:
            row_cost = np.add.reduceat(cost[self._needs_flat], self._starts) + base
            if not len(self._pair_rows):
                return cost, row_cost
            best = np.minimum.reduceat(row_cost[self._pair_rows], self._pair_starts)
            old = cost[self._pair_props]
            if not (best < old).any():
                return cost, row_cost
            cost[self._pair_props] = np.minimum(best, old)

    def _relaxed_plan(self, wanted: list[int], cost: _Floats, row_cost: _Floats) -> set[int]:
        seen: set[int] = set()
        used: set[int] = set()
        stack = wanted
        while stack:
            proposition = stack.pop()
            if proposition in seen or cost[proposition] == 0.0:
                continue
            seen.add(proposition)
            segment = self._segment_of[proposition]
            rows = self._pair_rows[self._pair_starts[segment] : self._pair_ends[segment]]
            row = int(rows[int(np.argmin(row_cost[rows]))])
            needs, _, action, _ = self._rows[row]
            if action >= 0:
                used.add(action)
            stack.extend(needs)
        return used

    def _proposition(self, literal: int) -> int:
        found = self._numbers.get(literal)
        if found is None:
            found = self._numbers[literal] = self._size
            self._size += 1
        return found

    def _row(self, needs: list[int], action: int, add: int, delete: int) -> None:
        if add or delete:
            self._rows.append((needs, 1.0, action, [add, delete]))

    def _needs(self, node: Node) -> list[int]:
        """Return the propositions that the node needs; alternatives get one of their own."""
        if isinstance(node, bool):
            return [] if node else [self._proposition(0)]
        if isinstance(node, int):
            return [self._proposition(node)]
        if node.kind == "and":
            return [p for part in node.parts for p in self._needs(part)]
        if node.kind != "or":
            return []  # counting is relaxed away, except in goals
        seen = self._seen.get(id(node))
        if seen is None:
            seen = self._seen[id(node)] = (node, self._size)
            self._size += 1
            for part in node.parts:
                self._rows.append((self._needs(part), 0.0, -1, [-seen[1]]))
        return [seen[1]]

    def _single(self, node: Node) -> int:
        """Return one proposition that stands for the node."""
        if isinstance(node, int) and not isinstance(node, bool):
            return self._proposition(node)
        own = self._size
        self._size += 1
        self._rows.append((self._needs(node), 0.0, -1, [-own]))
        return own

    def _goal(self, node: Node) -> RelaxedGoal:
        parts = node.parts if isinstance(node, Branch) and node.kind == "and" else (node,)
        propositions: list[int] = []
        counts = []
        for part in parts:
            if isinstance(part, Branch) and part.kind == "exactly":
                pairs = tuple((self._single(p), self._single(negate(p))) for p in part.parts)
                counts.append((part.wanted, pairs))
            else:
                propositions += self._needs(part)
        return RelaxedGoal(tuple(propositions), tuple(counts))

    def _adds(self, masks: list[int]) -> list[int]:
        if len(masks) == 1:
            return [-masks[0]]
        numbers = self._numbers
        positive = [numbers[n] for n in _bits_in(masks[0], numbers, 1)]
        return positive + [numbers[-n] for n in _bits_in(masks[1], numbers, -1)]

    def _freeze(self) -> None:
        pairs = sorted((p, row) for row, (*_, masks) in enumerate(self._rows) for p in self._adds(masks))
        props = np.array([p for p, _ in pairs], dtype=np.int64)
        self._pair_rows: _Ints = np.array([row for _, row in pairs], dtype=np.int64)
        self._pair_props, starts = np.unique(props, return_index=True)
        self._pair_starts: _Ints = starts.astype(np.int64)
        self._pair_ends = np.append(self._pair_starts[1:], len(pairs))
        self._segment_of = {int(p): i for i, p in enumerate(self._pair_props)}
        needs_of = [needs or [0] for needs, *_ in self._rows]
        ends = np.cumsum([len(needs) for needs in needs_of], dtype=np.int64)
        self._starts: _Ints = np.concatenate([np.zeros(1, np.int64), ends])[:-1]
        self._needs_flat: _Ints = np.array([p for needs in needs_of for p in needs], dtype=np.int64)
        self._base: _Floats = np.array([cost for _, cost, *_ in self._rows])
        literals = sorted(n for n in self._numbers if n)
        self._positive_facts = np.array([n for n in literals if n > 0], dtype=np.int64)
        self._positive_props = np.array([self._numbers[n] for n in literals if n > 0], dtype=np.int64)
        self._negative_facts = np.array([-n for n in literals if n < 0], dtype=np.int64)
        self._negative_props = np.array([self._numbers[n] for n in literals if n < 0], dtype=np.int64)
        self._octets = max((abs(n) for n in literals), default=0) // 8 + 1


def _bits_in(mask: int, numbers: dict[int, int], sign: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        mask ^= low
        n = low.bit_length() - 1
        if sign * n in numbers:
            found.append(n)
    return found
