"""Room planner: forward search over grounded actions: A* while it is cheap, then greedy, then shortening.

Deterministic: ties are broken by the order in which states were made, which follows the operators' order and
the sorted names.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from .conditions import Condition, condition
from .nodes import Node
from .relaxation import Estimate, Relaxation, RelaxedGoal
from .relevance import relevant_actions
from .task import GroundAction, SuccessorIndex, Task


@dataclass(slots=True)
class Clock:
    """The time and the number of states that a search may use, and has used."""

    deadline: float
    """On `time.monotonic`, [s]."""
    expanded: int = 0
    allowed: int = 1_000_000

    def is_over(self) -> bool:
        """Return whether to stop."""
        return self.expanded >= self.allowed or time.monotonic() > self.deadline

    def limited(self, states: int) -> Clock:
        """Return a clock with the same deadline for at most `states` more states."""
        return Clock(self.deadline, 0, states)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ended with."""

    plan: tuple[GroundAction, ...] | None
    is_exhausted: bool = False
    """True when every reachable state was seen: there is no plan."""


@dataclass(slots=True)
class _Tree:
    """How every state was reached."""

    parents: dict[int, tuple[int, GroundAction] | None] = field(default_factory=dict)

    def path(self, state: int) -> tuple[GroundAction, ...]:
        found: list[GroundAction] = []
        link = self.parents[state]
        while link is not None:
            found.append(link[1])
            link = self.parents[link[0]]
        return tuple(reversed(found))


class Problem:
    """A task seen from some goals: relevant actions, how to find successors, how far it is."""

    def __init__(self, task: Task, goals: Sequence[Node]) -> None:
        """Prepare to search for any of the goals."""
        self.actions, self.mask = relevant_actions(task.actions, goals)
        self.successors = SuccessorIndex(self.actions)
        self._relaxation = Relaxation(self.actions, goals)
        self.goals = [condition(goal) for goal in goals]
        self.relaxed: list[RelaxedGoal] = self._relaxation.goals
        self._by_index = {action.index: action for action in self.actions}
        self._estimates: dict[tuple[int, int], Estimate] = {}

    def estimate(self, state: int, goal: int) -> Estimate:
        """Return how far goal number `goal` is from the state."""
        key = (state, goal)
        found = self._estimates.get(key)
        if found is None:
            found = self._estimates[key] = self._relaxation.estimate(state, self.relaxed[goal])
        return found

    def helpful(self, estimate: Estimate, state: int) -> list[GroundAction]:
        """Return the actions of the relaxed plan that can be done now."""
        chosen = (self._by_index[i] for i in estimate.helpful)
        return [a for a in chosen if a.precondition.holds(state)]


def a_star(problem: Problem, state: int, goal: int, clock: Clock, *, weight: float = 1.0) -> Found:
    """Search best first by length so far plus weighted distance to go."""
    tree = _Tree({state: None})
    lengths = {state: 0}
    reached = problem.goals[goal]
    start = problem.estimate(state, goal).distance
    heap = [(weight * start, start, 0, state)] if start < float("inf") else []
    order = 0
    closed: set[int] = set()
    while heap:
        _, _, _, current = heapq.heappop(heap)
        if current in closed:
            continue
        closed.add(current)
        if reached.holds(current):
            return Found(tree.path(current))
        if clock.is_over():
            return Found(None)
        clock.expanded += 1
        length = lengths[current] + 1
        for action in problem.successors.applicable(current):
            after = action.apply(current)
            if length < lengths.get(after, 1 << 30):
                distance = problem.estimate(after, goal).distance
                if distance == float("inf"):
                    continue
                lengths[after] = length
                closed.discard(after)
                tree.parents[after] = (current, action)
                order += 1
                heapq.heappush(heap, (length + weight * distance, distance, order, after))
    return Found(None, is_exhausted=True)


def greedy(problem: Problem, state: int, goal: int, clock: Clock) -> Found:
    """Search greedily, evaluating states when they are taken up, helpful actions first.

    Source: Richter and Helmert, "Preferred operators and deferred evaluation in satisficing planning" (2009).
    """
    tree = _Tree()
    reached: Condition = problem.goals[goal]
    heaps: list[list[tuple[float, int, int, int, GroundAction | None]]] = [[(0.0, 0, state, state, None)], []]
    priorities = [0, 0]
    best, order = float("inf"), 0
    while heaps[0] or heaps[1]:
        side = min((s for s in (0, 1) if heaps[s]), key=lambda s: (priorities[s], -s))
        priorities[side] += 1
        _, _, current, parent, action = heapq.heappop(heaps[side])
        if current in tree.parents:
            continue
        tree.parents[current] = (parent, action) if action is not None else None
        if reached.holds(current):
            return Found(tree.path(current))
        if clock.is_over():
            return Found(None)
        clock.expanded += 1
        estimate = problem.estimate(current, goal)
        if estimate.distance == float("inf"):
            continue
        if estimate.distance < best:
            best = estimate.distance
            priorities[1] -= 1000
        helpful = {a.index for a in problem.helpful(estimate, current)}
        for next_action in problem.successors.applicable(current):
            after = next_action.apply(current)
            if after in tree.parents:
                continue
            order += 1
            entry = (estimate.distance, order, after, current, next_action)
            heapq.heappush(heaps[0], entry)
            if next_action.index in helpful:
                heapq.heappush(heaps[1], entry)
    return Found(None, is_exhausted=True)
