"""Room planner: the nearest plan that reaches the goal, with each edit and its reason."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from grounding import And, Atom, Fact, Facts, Formula, Not, Operator, Universe, to_pddl
from skills import SkillCall

from .edits import difference, find_edits
from .repair_problem import RepairProblem
from .repair_search import ExactSearch, guided
from .replay import replay
from .results import RepairResult, Verification
from .search import Clock
from .task import GroundAction
from .verify import check_call, verify_plan

Plan: TypeAlias = tuple[GroundAction, ...]

_FEW_EDITS = 2
"""Edits up to which every possibility is tried at once."""

_MOST_EDITS = 4
"""Edits up to which every possibility is tried while no plan is known."""

_STATES_PER_SECOND = 8000
"""What one core does about in a household."""

_LEAST_SHARE = 0.3
"""Part of the time limit that the searches get even when grounding took longer than the limit."""


def repair_plan(
    steps: Sequence[SkillCall],
    goal: Formula | None,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    time_limit_s: float = 0.8,
) -> RepairResult:
    """Return the plan nearest to `steps` that can be done and reaches the goal.

    Nearest means fewest steps inserted and deleted. All small repairs are tried exactly; a guided search
    finds the larger ones, and the time left is spent on proving that nothing is nearer.

    Args:
        steps: The flawed plan; steps with unknown names are deleted.
        goal: What must hold at the end; None means what the steps were meant to do.
        facts: Closed-world facts at the start.
        universe: Names and their types.
        operators: What can be done.
        time_limit_s: Stop looking for something nearer after so much computing time, [s]; a slow machine
            takes longer when setting up leaves less than a third of it.
    """
    begin, begin_cpu = time.monotonic(), time.thread_time()
    wanted = intended_goal(steps, facts, universe, operators) if goal is None else goal

    if verify_plan(steps, wanted, facts, universe, operators).is_success:
        return RepairResult(steps=tuple(steps), is_nearest=True, duration_s=time.monotonic() - begin)
    problem = RepairProblem(steps, wanted, facts, universe, operators)
    plan, is_nearest = (None, True) if problem.node is False else _search(problem, begin_cpu, time_limit_s)
    if plan is None:
        why = f"no plan makes {to_pddl(wanted)} true"
        why = why if is_nearest else f"{why} that could be found in {time_limit_s:g} s"
        return RepairResult(
            steps=None, is_nearest=is_nearest, reason=why, duration_s=time.monotonic() - begin
        )
    calls = tuple(action.call for action in plan)
    found = as_repair(steps, calls, wanted, facts, universe, operators)
    return replace(found, is_nearest=is_nearest, duration_s=time.monotonic() - begin)


def as_repair(
    steps: Sequence[SkillCall],
    working: Sequence[SkillCall],
    goal: Formula,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
) -> RepairResult:
    """Return a plan that works as a repair of `steps`, with the edits that lead to it and their reasons."""

    def verify(plan: Sequence[SkillCall]) -> Verification:
        return verify_plan(plan, goal, facts, universe, operators)

    deleted, inserted = difference(steps, working)
    return RepairResult(
        steps=tuple(working),
        edits=find_edits(steps, working, verify),
        distance=len(deleted) + len(inserted),
    )


def _search(problem: RepairProblem, begin: float, limit_s: float) -> tuple[Plan | None, bool]:
    """Return the best plan found, and whether it is proved that there is none nearer.

    Small repairs are tried exhaustively; then something is found by following the given plan, and fewer edits
    than its are tried; what time is left goes into a search that sees the whole way to the goal.
    """
    now = time.thread_time()
    left_s = max(begin + limit_s - now, _LEAST_SHARE * limit_s)
    exact = ExactSearch(problem)
    plan = exact.search(_FEW_EDITS, _clock(now, 0.3 * left_s, 0.3 * limit_s))
    if plan is not None:
        return plan, True
    first = replay(problem, _clock(now, 0.6 * left_s, 0.3 * limit_s))
    first = None if first is None else _without_needless(problem, first)
    most = _MOST_EDITS if first is None else problem.distance(first) - 1
    plan = exact.search(most, _clock(now, 0.8 * left_s, 0.3 * limit_s))
    if plan is not None:
        return plan, True
    if first is not None and exact.excluded >= most:
        return first, True
    clock = _clock(now, left_s, 0.2 * limit_s)
    second = guided(problem, clock)
    if first is None and second is None and clock.is_over():
        second = replay(problem, Clock(now + left_s + limit_s))  # a late answer beats none
    second = None if second is None else _without_needless(problem, second)
    found = [plan for plan in (first, second) if plan is not None]
    if not found:
        return None, not clock.is_over()
    best = min(found, key=problem.distance)
    nearer = exact.search(problem.distance(best) - 1, _clock(now, left_s, 0.2 * limit_s))
    if nearer is not None:
        return nearer, True
    return best, exact.excluded >= problem.distance(best) - 1


def _clock(now: float, until_s: float, effort_s: float) -> Clock:
    """Return a clock that ends with the time, or sooner with the states that usually take `effort_s`.

    So on a machine that is not busy the answer depends on what was asked alone.
    """
    return Clock(now + until_s, allowed=max(1, int(effort_s * _STATES_PER_SECOND)))


def _without_needless(problem: RepairProblem, plan: Plan) -> Plan:
    """Drop every inserted action that the rest of the plan can do without."""
    for index in reversed(problem.difference(plan)[1]):
        shorter = plan[:index] + plan[index + 1 :]
        if problem.works(shorter):
            plan = shorter
    return plan


def intended_goal(
    steps: Sequence[SkillCall], facts: Facts, universe: Universe, operators: Sequence[Operator]
) -> Formula:
    """Return what the steps were meant to change: what would hold at their end if each had been possible.

    A predicate of which the steps make a fact true and then false again is a means (holding, being somewhere)
    and not an end, unless it is what the last step does.
    """
    by_name = {operator.name: operator for operator in operators}
    state, last = frozenset(facts), frozenset[Fact]()
    made: set[Fact] = set()
    means: set[str] = set()
    for call in steps:
        if check_call(call, universe, by_name) is None:
            last, deleted = by_name[call.skill].changes(call.arguments, state, universe)
            means |= {fact[0] for fact in deleted & made}
            made |= last - state
            state = (state - deleted) | last
    added = [f for f in sorted(state - facts) if f[0] not in means or f in last]
    removed = [f for f in sorted(facts - state) if f[0] not in means]
    return And((*(Atom(f[0], f[1:]) for f in added), *(Not(Atom(f[0], f[1:])) for f in removed)))
