"""Room planner: forward search over grounded actions: A* while it is cheap, then greedy, then shortening.

Deterministic: ties are broken by the order in which states were made, which follows the operators' order and
the sorted names.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .conditions import Condition, condition
from .nodes import Branch, Node
from .relaxation import Estimate, FreeActions, Relaxation, RelaxedGoal
from .relevance import relevant_actions
from .task import GroundAction, SuccessorIndex, Task


@dataclass(slots=True)
class Clock:
    """The computing time and the number of states that a search may use, and has used.

    Time that others take of the processor does not count: a loaded machine is slower, and finds the same.
    """

    deadline: float
    """On `time.thread_time`, [s]."""
    expanded: int = 0
    allowed: int = 1_000_000

    def is_over(self) -> bool:
        """Return whether to stop."""
        return self.expanded >= self.allowed or time.thread_time() > self.deadline

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


class Target:
    """Some parts of a goal, to be reached together."""

    def __init__(self, conditions: Sequence[Condition], relaxed: Sequence[RelaxedGoal]) -> None:
        """Join the parts."""
        self.conditions = tuple(conditions)
        self.relaxed = RelaxedGoal(
            tuple(dict.fromkeys(p for r in relaxed for p in r.propositions)),
            tuple(c for r in relaxed for c in r.counts),
        )

    def holds(self, state: int) -> bool:
        """Return whether every part is true."""
        return all(c.holds(state) for c in self.conditions)


class Problem:
    """A task seen from some goals: relevant actions, how to find successors, how far it is."""

    def __init__(self, task: Task, goals: Sequence[Node], *, given: Sequence[GroundAction] = ()) -> None:
        """Prepare to search for any of the goals, or for their parts; actions of `given` matter too."""
        matters = [*goals, *(action.node for action in given)]
        always = {action.index for action in given}
        self.actions, self.mask = relevant_actions(task.actions, matters, always)
        self.successors = SuccessorIndex(self.actions)
        self.by_index = {action.index: action for action in self.actions}
        self._conjuncts = [conjuncts(goal) for goal in goals]

    @cached_property
    def _relaxation(self) -> Relaxation:
        return Relaxation(self.actions, [part for group in self._conjuncts for part in group])

    @cached_property
    def parts(self) -> list[list[Target]]:
        """Return, for every goal, each of its conjuncts."""
        relaxed = iter(self._relaxation.goals)
        return [[Target((condition(p),), (next(relaxed),)) for p in group] for group in self._conjuncts]

    def target(self, parts: Sequence[Target]) -> Target:
        """Return all of the parts as one target."""
        return Target([c for p in parts for c in p.conditions], [p.relaxed for p in parts])

    def estimate(self, state: int, target: Target, free: FreeActions | None = None) -> Estimate:
        """Return how far the target is from the state, when the `free` actions cost nothing."""
        return self._relaxation.estimate(state, target.relaxed, free)

    def free_actions(self, actions: Iterable[GroundAction]) -> FreeActions:
        """Return the actions as free ones, for `estimate`."""
        return self._relaxation.free_actions(a.index for a in actions)

    def helpful(self, estimate: Estimate, state: int) -> list[GroundAction]:
        """Return the actions of the relaxed plan that can be done now."""
        chosen = (self.by_index[i] for i in estimate.helpful)
        return [a for a in chosen if a.precondition.holds(state)]


def conjuncts(node: Node) -> tuple[Node, ...]:
    """Return the parts that must all hold."""
    return node.parts if isinstance(node, Branch) and node.kind == "and" else (node,)


def a_star(
    problem: Problem, state: int, target: Target, clock: Clock, *, below: float = float("inf")
) -> Found:
    """Search best first by length so far plus distance to go, for a plan shorter than `below`."""
    tree = _Tree({state: None})
    lengths = {state: 0}
    start = problem.estimate(state, target).distance
    heap = [(start, start, 0, state)] if start < below else []
    order = 0
    closed: set[int] = set()
    while heap:
        _, _, _, current = heapq.heappop(heap)
        if current in closed:
            continue
        closed.add(current)
        if target.holds(current):
            return Found(tree.path(current))
        if clock.is_over():
            return Found(None)
        length = lengths[current] + 1
        for action in problem.successors.applicable(current):
            after = action.apply(current)
            if length >= lengths.get(after, 1 << 30):
                continue
            clock.expanded += 1  # estimates are what costs time here
            distance = problem.estimate(after, target).distance
            if length + distance < below:
                lengths[after] = length
                closed.discard(after)
                tree.parents[after] = (current, action)
                order += 1
                heapq.heappush(heap, (length + distance, distance, order, after))
    return Found(None, is_exhausted=below == float("inf"))


def greedy(problem: Problem, state: int, target: Target, clock: Clock) -> Found:
    """Search greedily, evaluating states when they are taken up, helpful actions first.

    Source: Richter and Helmert, "Preferred operators and deferred evaluation in satisficing planning" (2009).
    """
    tree = _Tree()
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
        if target.holds(current):
            return Found(tree.path(current))
        if clock.is_over():
            return Found(None)
        clock.expanded += 1
        estimate = problem.estimate(current, target)
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
