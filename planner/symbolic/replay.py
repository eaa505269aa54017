"""Room planner: repair step by step: where the given plan gets stuck, make the step possible or leave it out.

Fast and almost always successful, but near-sighted: what an earlier edit would have solved better stays.
"""

from __future__ import annotations

import heapq

from .repair_problem import RepairProblem
from .search import Clock, greedy
from .shorten import eliminate
from .task import GroundAction

_STATES_PER_STEP = 300
"""A step that needs more states than this to become possible is rather left out."""


def replay(problem: RepairProblem, clock: Clock) -> tuple[GroundAction, ...] | None:
    """Return a plan with the fewest edits of this kind, or None."""
    heap: list[tuple[int, int, int, int, tuple[GroundAction, ...]]] = [(0, 0, 0, problem.start, ())]
    seen: set[tuple[int, int]] = set()
    order = 0
    while heap and not clock.is_over():
        cost, _, position, state, plan = heapq.heappop(heap)
        states = problem.follow(state, position)
        end = position + len(states) - 1
        kept = tuple(a for a in problem.given[position:end] if a is not None)
        if problem.is_complete(states, position):
            return (*plan, *kept)
        if (states[-1], end) in seen:
            continue
        seen.add((states[-1], end))
        order += 1
        if end < len(problem.given):
            heapq.heappush(heap, (cost + 1, order, end + 1, states[-1], (*plan, *kept)))
        bridge = _bridge(problem, states[-1], end, clock)
        if bridge is not None:
            order += 1
            after = states[-1]
            for action in bridge:
                after = action.apply(after)
            entry = (cost + len(bridge), order, end, after, (*plan, *kept, *bridge))
            heapq.heappush(heap, entry)
    return None


def _bridge(
    problem: RepairProblem, state: int, position: int, clock: Clock
) -> tuple[GroundAction, ...] | None:
    """Return actions that make the given step at `position` possible, or at the end reach the goal."""
    target = problem.need(position)
    if target is None:
        return None
    found = greedy(problem.problem, state, target, clock.limited(_STATES_PER_STEP)).plan
    return None if found is None else eliminate(found, state, target)
