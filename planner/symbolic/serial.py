"""Room planner: reach a goal's parts one after the other, nearest first, keeping those already reached.

Long chores are many small ones: with thirty items the parts hardly interact, and a search that must see them
all at once drowns. When keeping what was reached makes a part impossible, everything is searched together.
"""

from __future__ import annotations

from collections.abc import Sequence

from .search import Clock, Found, Problem, Target, greedy
from .shorten import run
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
    meanwhile; they are reached again at the end. A part that another one would undo waits for it.
    """
    plan: list[GroundAction] = []
    reached = list(keep)
    left = list(parts)
    while broken := [p for p in left if not p.holds(state)]:
        broken.sort(key=lambda p: problem.estimate(state, p).distance)
        choice: tuple[tuple[GroundAction, ...], Target] | None = None
        for part in broken:
            small = clock.limited(_STATES_PER_PART)
            steps = greedy(problem, state, problem.target([*reached, part]), small).plan
            clock.expanded += small.expanded
            if steps is None:
                return None
            choice = choice or (steps, part)
            if not _is_premature(problem, run(steps, state), part, broken):
                choice = steps, part
                break
        assert choice is not None
        steps, chosen = choice
        state = run(steps, state)
        plan += steps
        reached.append(chosen)
        left.remove(chosen)
    return tuple(plan)


def _is_premature(problem: Problem, state: int, reached: Target, others: Sequence[Target]) -> bool:
    """Return whether reaching some other part, even when nothing is ever undone, undoes this one."""
    for other in others:
        if other is not reached and not other.holds(state):
            estimate = problem.estimate(state, other)
            if any(_undoes(problem.by_index[i], reached, state) for i in estimate.helpful):
                return True
    return False


def _undoes(action: GroundAction, reached: Target, state: int) -> bool:
    return not reached.holds(state & ~action.delete | action.add)


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
