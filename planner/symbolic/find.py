"""Room planner: find a plan for a goal, or say which part of the goal cannot be reached."""

from __future__ import annotations

import time
from collections.abc import Sequence

from grounding import Facts, Formula, Operator, Universe, to_pddl
from grounding.formula import And

from .results import PlanResult
from .search import Clock, Problem, Target
from .serial import find_actions, find_after
from .shorten import in_plain_words, run, shorten
from .task import GroundAction, Task


def find_plan(
    goal: Formula,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    time_limit_s: float = 2.0,
) -> PlanResult:
    """Return a short plan from `facts` to `goal`.

    Args:
        goal: What must hold at the end.
        facts: Closed-world facts at the start, static ones included.
        universe: Names and their types.
        operators: What can be done.
        time_limit_s: Stop looking after so much computing time, [s].
    """
    begin = time.monotonic()
    clock = Clock(time.thread_time() + time_limit_s)
    task = Task(facts, universe, operators)
    node = task.compile_goal(goal)
    if node is False:
        return _failed(_unreachable_part(task, goal), True, clock, begin)
    problem = Problem(task, [node])
    state = task.initial & problem.mask
    target = problem.target(problem.parts[0])
    found = find_actions(problem, state, problem.parts[0], clock)
    if found.plan is None:
        if found.is_exhausted:
            return _failed(_unreachable_part(task, goal), True, clock, begin)
        return _failed(f"no plan found for {to_pddl(goal)} in {time_limit_s:g} s", False, clock, begin)
    plan = shorten(problem, state, target, found.plan, clock)
    return _succeeded(in_plain_words(problem, state, plan), clock, begin)


def find_plan_for_sequence(
    goals: Sequence[Formula],
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    time_limit_s: float = 5.0,
) -> PlanResult:
    """Return a plan that reaches the goals in this order, keeping earlier ones where that is possible.

    Args:
        goals: What must hold, one after the other: "pick up the apple, then put it on the table".
        facts: Closed-world facts at the start, static ones included.
        universe: Names and their types.
        operators: What can be done.
        time_limit_s: Stop looking after so much computing time, [s].
    """
    begin = time.monotonic()
    clock = Clock(time.thread_time() + time_limit_s)
    task = Task(facts, universe, operators)
    nodes = [task.compile_goal(goal) for goal in goals]
    for goal, node in zip(goals, nodes, strict=True):
        if node is False:
            return _failed(_unreachable_part(task, goal), True, clock, begin)
    problem = Problem(task, nodes)
    state = start = task.initial & problem.mask
    plan: list[GroundAction] = []
    kept: list[Target] = []
    for goal, parts in zip(goals, problem.parts, strict=True):
        found = find_after(problem, state, kept, parts, clock)
        if found is None:
            reason = f"no plan found for {to_pddl(goal)} after the goals before it"
            return _failed(reason, False, clock, begin)
        steps, kept = found
        steps = shorten(problem, state, problem.target([*kept, *parts]), steps, clock)
        kept = [*kept, *parts]
        state = run(steps, state)
        plan += steps
    return _succeeded(in_plain_words(problem, start, plan), clock, begin)


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
