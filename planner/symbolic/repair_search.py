"""Room planner: two searches for a repair: a fast guided one, and an exact one that proves what is nearest.

Both start where keeping the given steps without a change gets stuck, and look there first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from .repair_problem import RepairProblem
from .search import Clock
from .task import GroundAction
from .wrong import Wrong

_Plan = tuple[GroundAction, ...]
_Link = tuple["_Link | None", GroundAction | None]
"""How a node was reached: the node before and the action done, None for a deletion."""


def guided(problem: RepairProblem, clock: Clock, *, weight: float = 1.0) -> _Plan | None:
    """Return a near plan that reaches the goal: weighted A*, states evaluated when they are taken up."""
    heaps: list[list[tuple[float, float, int, int, int, int, _Link | None]]] = [[], []]
    heaps[0].append((0.0, 0.0, 0, 0, 0, problem.start, None))
    seen: dict[tuple[int, int], int] = {}
    order, turn = 0, 0
    while heaps[0] or heaps[1]:
        turn += 1
        side = 1 if heaps[1] and (turn % 4 or not heaps[0]) else 0
        _, _, _, cost, left, state, link = heapq.heappop(heaps[side])
        position = len(problem.given) - left if link is not None else 0
        if seen.get((state, position), 1 << 30) <= cost:
            continue
        seen[state, position] = cost
        states = problem.follow(state, position)
        if problem.is_complete(states, position):
            return (*_path(link), *(a for a in problem.given[position:] if a is not None))
        if clock.is_over():
            return None
        clock.expanded += 1
        estimate = problem.estimate(state, position)
        if estimate.distance == float("inf"):
            continue
        helpful = frozenset(estimate.helpful)
        for after, moved, paid, action in _moves(problem, state, position):
            order += 1
            remaining = len(problem.given) - moved
            total = cost + paid + weight * estimate.distance
            entry = (total, estimate.distance, order, cost + paid, remaining, after, (link, action))
            heapq.heappush(heaps[0], entry)
            if action is None or not paid or action.index in helpful:
                heapq.heappush(heaps[1], entry)
    return None


def _moves(
    problem: RepairProblem, state: int, position: int
) -> Iterator[tuple[int, int, int, GroundAction | None]]:
    """Yield (state, position, cost, action) after keeping, inserting, deleting."""
    if position < len(problem.given):
        step = problem.given[position]
        if step is not None and step.precondition.holds(state):
            yield step.apply(state), position + 1, 0, step
        yield state, position + 1, 1, None
    for action in problem.applicable(state):
        yield action.apply(state), position, 1, action


def _path(link: _Link | None) -> _Plan:
    found: list[GroundAction] = []
    while link is not None:
        if link[1] is not None:
            found.append(link[1])
        link = link[0]
    return tuple(reversed(found))


_COMPARED = 40
"""Equally near plans that are compared at most."""


class _Place(NamedTuple):
    """Where an edit is tried."""

    state: int
    position: int
    inserted: GroundAction | None
    """The action inserted just before, if any."""
    missing: Wrong | None
    """What one edit here must change to be of use, if that is known."""
    is_stuck: bool

    def may_help(self, add: int, delete: int) -> bool:
        """Return whether adding and deleting these facts may be of use."""
        return self.missing is None or self.missing.is_righted_by(add, delete)


class ExactSearch:
    """Tries every way of making at most so many edits, each set of edits once, latest position first."""

    def __init__(self, problem: RepairProblem) -> None:
        """Start with nothing excluded."""
        self._problem = problem
        self._clock = Clock(0.0)
        self._failed: dict[tuple[int, int, int], int] = {}
        self._is_interrupted = False
        self.excluded = 0
        """Number of edits for which it is proved that they are not enough."""

    def search(self, most: int, clock: Clock) -> _Plan | None:
        """Return the nearest plan with at most `most` insertions and deletions, or None.

        Called again, it goes on where the clock ended it. Of equally near plans it prefers replacements and
        moves, each of which is one insertion and one deletion but a single edit to the reader.
        """
        self._clock, self._is_interrupted = clock, False
        while self.excluded < most:
            edits = self.excluded + 1
            best: _Plan | None = None
            fewest = edits + 1
            for plan in islice(self._fix(self._problem.start, 0, edits, None), _COMPARED):
                count = self._problem.count_edits(plan)
                if count < fewest:
                    best, fewest = plan, count
                if fewest <= (edits + 1) // 2:
                    break
            if best is not None or self._is_interrupted:
                return best
            self.excluded += 1
        return None

    def _fix(self, state: int, position: int, budget: int, inserted: GroundAction | None) -> Iterator[_Plan]:
        problem = self._problem
        states = problem.follow(state, position)
        kept = problem.given[position : position + len(states) - 1]
        if problem.is_complete(states, position):
            yield tuple(a for a in kept if a is not None)
            return
        key = (state, position, -1 if inserted is None else inserted.index)
        if budget == 0 or self._failed.get(key, 0) >= budget or self._is_over():
            return
        missing = problem.missing(states, position) if budget == 1 else None
        useful = problem.writers(missing) if missing is not None else None
        is_fixed = False
        for depth in range(len(states) - 1, -1, -1):
            before = tuple(a for a in kept[:depth] if a is not None)
            if depth and inserted is not None and problem.commutes(inserted, before[0]):
                continue  # the same plan is found with the insertion after that step
            last = inserted if depth == 0 else None
            at = _Place(states[depth], position + depth, last, missing, depth == len(kept))
            for rest in self._edit(at, budget, useful):
                is_fixed = True
                yield (*before, *rest)
        if not is_fixed and not self._is_interrupted:
            self._failed[key] = budget

    def _edit(self, at: _Place, budget: int, useful: Sequence[GroundAction] | None) -> Iterator[_Plan]:
        problem = self._problem
        if at.position < len(problem.given) and at.inserted is None:
            step = problem.given[at.position]
            if at.is_stuck or (step is not None and at.may_help(*reversed(problem.changes(step)))):
                yield from self._fix(at.state, at.position + 1, budget - 1, None)
        for action in self._insertable(at, useful):
            for rest in self._fix(action.apply(at.state), at.position, budget - 1, action):
                yield (action, *rest)

    def _insertable(self, at: _Place, useful: Sequence[GroundAction] | None) -> Iterator[GroundAction]:
        problem, last = self._problem, at.inserted
        for action in problem.applicable(at.state) if useful is None else useful:
            if useful is not None and not action.precondition.holds(at.state):
                continue
            if not at.may_help(*problem.changes(action)):
                continue
            if last is not None and action.index < last.index and problem.commutes(last, action):
                continue  # of two independent insertions, the lower index goes first
            yield action

    def _is_over(self) -> bool:
        self._clock.expanded += 1
        self._is_interrupted = self._is_interrupted or self._clock.is_over()
        return self._is_interrupted
