"""Room planner: the nearest plan that reaches the goal, with each edit and its reason."""

from __future__ import annotations

import time
from collections.abc import Sequence

from grounding import And, Atom, Facts, Formula, Not, Operator, Universe, to_pddl
from skills import SkillCall

from .edits import difference, find_edits
from .repair_problem import RepairProblem
from .repair_search import ExactSearch, guided
from .results import RepairResult, Verification
from .search import Clock
from .task import GroundAction
from .verify import check_call, verify_plan

_PROVE_FIRST = 2
"""Edits up to which every possibility is tried before the guided search runs."""


def repair_plan(
    steps: Sequence[SkillCall],
    goal: Formula | None,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    time_limit_s: float = 1.0,
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
        time_limit_s: Stop looking for something nearer after this long, [s].
    """
    begin = time.monotonic()
    wanted = intended_goal(steps, facts, universe, operators) if goal is None else goal

    def verify(plan: Sequence[SkillCall]) -> Verification:
        return verify_plan(plan, wanted, facts, universe, operators)

    if verify(steps).is_success:
        return RepairResult(steps=tuple(steps), is_nearest=True, duration_s=time.monotonic() - begin)
    problem = RepairProblem(steps, wanted, facts, universe, operators)
    plan, is_nearest = (None, True) if problem.node is False else _search(problem, begin + time_limit_s)
    if plan is None:
        why = f"no plan makes {to_pddl(wanted)} true"
        why = why if is_nearest else f"{why} that could be found in {time_limit_s:g} s"
        return RepairResult(
            steps=None, is_nearest=is_nearest, reason=why, duration_s=time.monotonic() - begin
        )
    calls = tuple(action.call for action in plan)
    deleted, inserted = difference(steps, calls)
    return RepairResult(
        steps=calls,
        edits=find_edits(steps, calls, verify),
        distance=len(deleted) + len(inserted),
        is_nearest=is_nearest,
        duration_s=time.monotonic() - begin,
    )


def _search(problem: RepairProblem, deadline: float) -> tuple[tuple[GroundAction, ...] | None, bool]:
    """Return the best plan found, and whether it is proved that there is none nearer."""
    clock = Clock(deadline)
    exact = ExactSearch(problem, clock)
    for edits in range(1, _PROVE_FIRST + 1):
        plan = exact.within(edits)
        if plan is not None:
            return plan, not exact.is_interrupted
    best = guided(problem, clock)
    if best is None:
        return None, not clock.is_over()
    best = _without_needless(problem, best)
    for edits in range(_PROVE_FIRST + 1, _distance(problem, best)):
        plan = exact.within(edits)
        if plan is not None:
            return plan, not exact.is_interrupted
    return best, not exact.is_interrupted


def _without_needless(problem: RepairProblem, plan: tuple[GroundAction, ...]) -> tuple[GroundAction, ...]:
    """Drop every inserted action that the rest of the plan can do without."""
    for index in reversed(_difference(problem, plan)[1]):
        shorter = plan[:index] + plan[index + 1 :]
        if problem.works(shorter):
            plan = shorter
    return plan


def _distance(problem: RepairProblem, plan: Sequence[GroundAction]) -> int:
    deleted, inserted = _difference(problem, plan)
    return len(deleted) + len(inserted)


def _difference(problem: RepairProblem, plan: Sequence[GroundAction]) -> tuple[list[int], list[int]]:
    nothing = SkillCall("")
    return difference([nothing if a is None else a.call for a in problem.given], [a.call for a in plan])


def intended_goal(
    steps: Sequence[SkillCall], facts: Facts, universe: Universe, operators: Sequence[Operator]
) -> Formula:
    """Return what the steps would have changed by their end if every one of them had been possible."""
    by_name = {operator.name: operator for operator in operators}
    state = frozenset(facts)
    for call in steps:
        if check_call(call, universe, by_name) is None:
            state = by_name[call.skill].apply(call.arguments, state, universe)
    added = [Atom(f[0], f[1:]) for f in sorted(state - facts)]
    removed = [Not(Atom(f[0], f[1:])) for f in sorted(facts - state)]
    return And((*added, *removed))
