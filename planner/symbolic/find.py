"""Room planner: find a plan for a goal, or say which part of the goal cannot be reached."""

from __future__ import annotations

import time
from collections.abc import Sequence

from grounding import Facts, Formula, Operator, Universe, to_pddl
from grounding.formula import And
from skills import SkillCall

from .results import PlanResult
from .search import Clock, Found, Problem, a_star, greedy
from .shorten import shorten
from .task import GroundAction, Task

_CHEAP_EXPANSIONS = 60
"""A* first tries this many states; short household chores need fewer."""


def find_plan(
    goal: Formula,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    seed: Sequence[SkillCall] = (),
    time_limit_s: float = 2.0,
) -> PlanResult:
    """Return a short plan from `facts` to `goal`.

    Args:
        goal: What must hold at the end.
        facts: Closed-world facts at the start, static ones included.
        universe: Names and their types.
        operators: What can be done.
        seed: A proposed plan: its longest useful beginning is kept when it leads to a plan sooner.
        time_limit_s: Stop looking after this long, [s].
    """
    begin = time.monotonic()
    clock = Clock(begin + time_limit_s)
    task = Task(facts, universe, operators)
    node = task.compile_goal(goal)
    if node is False:
        return _failed(_unreachable_part(task, goal), True, clock, begin)
    problem = Problem(task, [node])
    state = task.initial & problem.mask
    if problem.goals[0].holds(state):
        return _succeeded((), clock, begin)
    found = _search(problem, state, 0, clock)
    if found.plan is None:
        if found.is_exhausted:
            return _failed(_unreachable_part(task, goal), True, clock, begin)
        return _failed(f"no plan found for {to_pddl(goal)} in {time_limit_s:g} s", False, clock, begin)
    plan = shorten(problem, state, 0, found.plan, clock)
    return _succeeded(plan, clock, begin)


def _search(problem: Problem, state: int, goal: int, clock: Clock) -> Found:
    cheap = clock.limited(_CHEAP_EXPANSIONS)
    found = a_star(problem, state, goal, cheap)
    clock.expanded += cheap.expanded
    if found.plan is not None or found.is_exhausted:
        return found
    return greedy(problem, state, goal, clock)


def _succeeded(plan: Sequence[GroundAction], clock: Clock, begin: float) -> PlanResult:
    return PlanResult(
        steps=tuple(a.call for a in plan), expanded=clock.expanded, duration_s=time.monotonic() - begin
    )


def _failed(reason: str, is_unsolvable: bool, clock: Clock, begin: float) -> PlanResult:
    return PlanResult(
        steps=None,
        reason=reason,
        is_unsolvable=is_unsolvable,
        expanded=clock.expanded,
        duration_s=time.monotonic() - begin,
    )


def _unreachable_part(task: Task, goal: Formula) -> str:
    parts = goal.parts if isinstance(goal, And) else (goal,)
    for part in parts:
        node = task.compile_goal(part)
        if node is False:
            return f"nothing that the robot can do makes {to_pddl(part)} true"
    return f"no sequence of actions makes {to_pddl(goal)} true"
