"""Room planner: simulate a plan symbolically and say where and why it cannot work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.process import extract

from grounding import Fact, Facts, Formula, Operator, Universe, holds
from skills import SkillCall

from .explain import explain_unmet
from .results import Verification


def verify_plan(
    steps: Sequence[SkillCall],
    goal: Formula | None,
    facts: Facts,
    universe: Universe,
    operators: Sequence[Operator],
) -> Verification:
    """Return the states that the plan passes through, and its first failing step or unmet goal, if any.

    Args:
        steps: The plan.
        goal: What must hold at the end; None asks only whether every step can be done.
        facts: Closed-world facts at the start.
        universe: Names and their types.
        operators: What can be done.
    """
    by_name = {operator.name: operator for operator in operators}
    states = [frozenset(facts)]
    for index, call in enumerate(steps):
        wrong = check_call(call, universe, by_name)
        if wrong is None:
            operator = by_name[call.skill]
            unmet = _unmet(operator, call, states[-1], universe)
            if not unmet:
                states.append(operator.apply(call.arguments, states[-1], universe))
                continue
        else:
            unmet = (wrong,)
        reason = f"step {index + 1}, {call}: {'; '.join(unmet)}"
        return Verification(states=tuple(states), failing_step=index, unmet=unmet, reason=reason)
    if goal is None or holds(goal, states[-1], universe):
        return Verification(states=tuple(states))
    unmet = explain_unmet(goal, states[-1], universe)
    reason = f"after the last step the goal does not hold: {'; '.join(unmet)}"
    return Verification(states=tuple(states), unmet=unmet, reason=reason)


def _unmet(
    operator: Operator, call: SkillCall, facts: frozenset[Fact], universe: Universe
) -> tuple[str, ...]:
    if operator.is_applicable(call.arguments, facts, universe):
        return ()
    return explain_unmet(operator.precondition, facts, universe, operator.binding(call.arguments))


def check_call(call: SkillCall, universe: Universe, operators: Mapping[str, Operator]) -> str | None:
    """Return what is wrong with the call as such: unknown names, number or types of arguments; or None."""
    operator = operators.get(call.skill)
    if operator is None:
        return f"there is no '{call.skill}'; nearest: {_nearest(call.skill, operators)}"
    if len(call.arguments) != len(operator.parameters):
        names = ", ".join(p.name.lstrip("?") for p in operator.parameters)
        return f"it takes {len(operator.parameters)} arguments ({names}), found {len(call.arguments)}"
    for argument, parameter in zip(call.arguments, operator.parameters, strict=True):
        if argument not in universe.types:
            return f"there is no '{argument}'; nearest: {_nearest(argument, universe.names(parameter))}"
        if argument not in universe.names(parameter):
            kinds = " or ".join(parameter.types)
            valid = _nearest(argument, universe.names(parameter))
            return f"{argument} is no {kinds}; nearest: {valid}"
    return None


def _nearest(name: str, valid: Iterable[str]) -> str:
    found = [match for match, _, _ in extract(name, sorted(valid), limit=3)]
    return ", ".join(found) if found else "none exists"
