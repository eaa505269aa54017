"""Room planner: reach a goal's parts one after the other, nearest first, keeping those already reached.

Long chores are many small ones: with thirty items the parts hardly interact, and a search that must see them
all at once drowns. When keeping what was reached makes a part impossible, everything is searched together.
"""

from __future__ import annotations

from collections.abc import Sequence

from .search import Clock, Found, Problem, Target, greedy
from .task import GroundAction

_STATES_PER_PART = 200
"""A part that needs more states than this is not easy on its own."""


def find_actions(problem: Problem, state: int, parts: Sequence[Target], clock: Clock) -> Found:
    """Return a plan from the state to all of the parts."""
    found = one_by_one(problem, state, parts, clock)
    if found is not None:
        return Found(found)
    return greedy(problem, state, problem.target(parts), clock)


def one_by_one(
    problem: Problem, state: int, parts: Sequence[Target], clock: Clock, *, keep: Sequence[Target] = ()
) -> tuple[GroundAction, ...] | None:
    """Return a plan that reaches the parts one at a time, or None when some part resists.

    Parts that are true already are not protected, so that a door that shall be shut at the end may be opened
    meanwhile; they are reached again at the end.
    """
    plan: list[GroundAction] = []
    reached = list(keep)
    left = list(parts)
    while True:
        broken = [p for p in left if not p.holds(state)]
        if not broken:
            return tuple(plan)
        nearest = min(broken, key=lambda p: problem.estimate(state, p).distance)
        small = clock.limited(_STATES_PER_PART)
        step = greedy(problem, state, problem.target([*reached, nearest]), small)
        clock.expanded += small.expanded
        if step.plan is None:
            return None
        for action in step.plan:
            state = action.apply(state)
        plan += step.plan
        reached.append(nearest)
        left.remove(nearest)


def find_after(
    problem: Problem, state: int, kept: Sequence[Target], parts: Sequence[Target], clock: Clock
) -> tuple[tuple[GroundAction, ...], list[Target]] | None:
    """Return a plan for the parts and which of the kept ones it keeps: all if possible."""
    plan = one_by_one(problem, state, parts, clock, keep=kept)
    if plan is not None:
        return plan, list(kept)
    compatible: list[Target] = []
    for one in kept:
        trial = one_by_one(problem, state, parts, clock, keep=[*compatible, one])
        if trial is not None:
            plan, compatible = trial, [*compatible, one]
    if plan is None:
        plan = find_actions(problem, state, parts, clock).plan
    return None if plan is None else (plan, compatible)
