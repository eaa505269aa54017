"""Room planner: make a found plan shorter: drop what it does not need, then look for a shorter one."""

from __future__ import annotations

from collections.abc import Sequence

from .search import Clock, Problem, Target, a_star
from .task import GroundAction

_ESTIMATES = 400
"""Most estimates that the attempt to find a shorter plan from scratch may ask for."""

_LONGEST = 16
"""Steps of a plan beyond which such an attempt does not succeed."""


def shorten(
    problem: Problem, state: int, target: Target, plan: Sequence[GroundAction], clock: Clock
) -> tuple[GroundAction, ...]:
    """Return a plan for the same target that is not longer."""
    best = eliminate(tuple(plan), state, target)
    if len(best) > _LONGEST:
        return best
    cheap = clock.limited(_ESTIMATES)
    shorter = a_star(problem, state, target, cheap, below=len(best))
    clock.expanded += cheap.expanded
    return best if shorter.plan is None else shorter.plan


def eliminate(plan: tuple[GroundAction, ...], state: int, target: Target) -> tuple[GroundAction, ...]:
    """Drop every action that, with the later ones that then cannot be done, is not needed for the target.

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
        if target.holds(current):
            plan = tuple(kept)
        else:
            position += 1
    return plan


def in_plain_words(problem: Problem, state: int, plan: Sequence[GroundAction]) -> tuple[GroundAction, ...]:
    """Let actions name what the next one is about, where another argument makes no difference.

    Going to any drawer of a unit is the same for the robot; who will open the top one goes to that one.
    """
    chosen: list[GroundAction] = []
    for index, action in enumerate(plan):
        after = action.apply(state)
        if index + 1 < len(plan):
            topic = set(plan[index + 1].call.arguments)
            same = [
                a
                for a in problem.successors.applicable(state)
                if a.call.skill == action.call.skill and a.apply(state) == after
            ]
            action = max([action, *same], key=lambda a: len(topic & set(a.call.arguments)))
        chosen.append(action)
        state = after
    return tuple(chosen)


def run(plan: Sequence[GroundAction], state: int) -> int:
    """Return the state after the plan."""
    for action in plan:
        state = action.apply(state)
    return state
