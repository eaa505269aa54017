"""Room planner: from subgoals to steps, by the symbolic search over the skills' contracts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grounding import And, Atom, Facts, Formula, Not, Operator, Or, Universe, holds
from planner.language_model import Step
from planner.symbolic import PlanResult, find_plan_for_sequence, verify_plan
from skills import SkillCall

from .parking import constants_of, parking_needed
from .sight import Sight
from .subgoals import Part, Subgoal, conjunction

_TIME_LIMIT_S = 1.8
"""An instruction is answered within two seconds, also when it cannot be done."""
_MOST_REQUESTS = 60
_HANDS_FREE = ("go", "visit", "wipe")
"""Requests during which the gripper may go on holding what an earlier request picked up."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Steps for the subgoals that are left, and the goal that judges them."""

    goal: Formula
    steps: tuple[Step, ...] | None
    """None when no plan was found."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class _Aim:
    """One subgoal with the objects chosen for it."""

    formula: Formula
    words: str
    is_passing: bool = False
    """It need not stay true."""
    kept: tuple[Formula, ...] = ()
    """What of it must stay true: later requests replace the rest."""
    swaps: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """(chosen objects, objects that would do as well) per part."""


def propose(
    subgoals: Sequence[Subgoal],
    sight: Sight,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    start: Facts,
) -> Proposal:
    """Return steps from the scene to the subgoals, in order, shutting again what had to be opened.

    Doors that were shut at `start`, when the instruction was given, end up shut.
    """
    goal = final_goal(subgoals)
    if len(subgoals) > _MOST_REQUESTS:
        many = f"these are {len(subgoals)} requests at once, and I can plan {_MOST_REQUESTS}"
        return Proposal(goal=goal, steps=None, reason=many)
    deadline = time.monotonic() + _TIME_LIMIT_S
    aims = [_aim(subgoal, sight, subgoals[i + 1 :]) for i, subgoal in enumerate(subgoals)]
    everything = universe
    universe = _relevant_universe(subgoals, aims, sight, everything)
    result = _plan_in_order(aims, sight.facts, universe, operators, deadline)
    if result.steps is None and universe is not everything:
        universe = everything
        result = _plan_in_order(aims, sight.facts, universe, operators, deadline)
    if result.steps is None:
        return Proposal(goal=goal, steps=None, reason=result.reason)
    wanted = {name for aim in aims for name in constants_of(aim.formula)}
    parking = parking_needed(result.steps, wanted, sight)
    if parking is not None:
        parked = [_Aim(formula=parking, words="free my gripper", swaps=(), kept=(parking,)), *aims]
        freed = _plan_in_order(parked, sight.facts, universe, operators, deadline)
        aims, result = (parked, freed) if freed.steps is not None else (aims, result)
    assert result.steps is not None
    duties = _left_open(result.steps, aims, sight, universe, operators, start=start, goal=goal)
    if duties:
        aims = [_with_duties(aim, [d for d, k in duties.items() if k == i]) for i, aim in enumerate(aims)]
        tidy = _plan_in_order(aims, sight.facts, universe, operators, deadline)
        if tidy.steps is not None:
            result = tidy
            shut = sorted(duties)
            goal = conjunction([*_parts(goal), *(Not(Atom("open", (door,))) for door in shut)])
    assert result.steps is not None
    return Proposal(goal=goal, steps=_explained(result.steps, aims, sight, universe, operators))


def _plan_in_order(
    aims: Sequence[_Aim], facts: Facts, universe: Universe, operators: Sequence[Operator], deadline: float
) -> PlanResult:
    """Return a plan that reaches the aims in order and keeps them, but for those that are passed through."""
    steps: list[SkillCall] = []
    kept: list[Formula] = []
    pending: list[_Aim] = []
    for index, aim in enumerate(aims):
        pending.append(aim)
        if not aim.is_passing and index < len(aims) - 1:
            continue
        goals = [*kept, *(one.formula for one in pending)]
        left_s = max(0.0, deadline - time.monotonic())
        result = find_plan_for_sequence(goals, facts, universe, operators, time_limit_s=left_s)
        if result.steps is None:
            return result
        steps += result.steps
        facts = verify_plan(result.steps, And(), facts, universe, operators).final_facts
        kept += [formula for one in pending if not one.is_passing for formula in one.kept]
        pending = []
    return PlanResult(steps=tuple(steps))


def _is_passing(subgoal: Subgoal, later: Sequence[Subgoal]) -> bool:
    """Return whether a later request makes the robot leave, or use its gripper, again."""
    if subgoal.frame == "hold":
        return any(other.frame not in _HANDS_FREE for other in later)
    return subgoal.frame == "go" and bool(later)


def _relevant_universe(
    subgoals: Sequence[Subgoal], aims: Sequence[_Aim], sight: Sight, universe: Universe
) -> Universe:
    """Return the universe without the items that the plan has nothing to do with: searching is quicker."""
    if any(subgoal.frame == "wipe" for subgoal in subgoals):
        return universe
    named = {name for aim in aims for name in constants_of(aim.formula)}
    if sight.held is not None:
        named.add(sight.held)
    for name in sorted(named & set(sight.category)):
        named |= sight.places_of(name)
    return Universe({n: t for n, t in universe.types.items() if n not in sight.category or n in named})


def final_goal(subgoals: Sequence[Subgoal]) -> Formula:
    """Return what must hold at the end: later requests replace earlier ones about the same thing."""
    found: list[Formula] = []
    for index, subgoal in enumerate(subgoals):
        later = subgoals[index + 1 :]
        touched = {name for other in later for part in other.parts for name in part.touches}
        if subgoal.frame == "hold" and _is_passing(subgoal, later):
            continue
        for part in subgoal.parts:
            if subgoal.frame == "go" and later:
                found.append(_visited(part.wide))
            elif not part.touches & touched:
                found.append(part.wide)
    return conjunction(found)


def _visited(formula: Formula) -> Formula:
    match formula:
        case Atom("robot_at", terms):
            return Atom("visited", terms)
        case Or(parts):
            return Or(tuple(_visited(part) for part in parts))
    return formula


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, And) else (formula,)


def _aim(subgoal: Subgoal, sight: Sight, later: Sequence[Subgoal]) -> _Aim:
    formulas: list[Formula] = []
    kept: list[Formula] = []
    touched = {name for other in later for part in other.parts for name in part.touches}
    swaps: list[tuple[frozenset[str], frozenset[str]]] = []
    for part in subgoal.parts:
        names, formula = best_option(part, sight)
        formulas.append(formula)
        if not part.touches & touched:
            kept.append(formula)
        pool = {name for option, _ in part.options for name in option}
        swaps.append((frozenset(names), frozenset(pool - set(names))))
    return _Aim(
        formula=conjunction(formulas),
        words=subgoal.words,
        swaps=tuple(swaps),
        is_passing=_is_passing(subgoal, later),
        kept=tuple(kept),
    )


def best_option(part: Part, sight: Sight) -> tuple[tuple[str, ...], Formula]:
    """Return the option that is nearest to being done; the given order decides between equals."""
    nothing = Universe({})

    def key(index: int) -> tuple[bool, bool, int, int]:
        names, formula = part.options[index]
        done = holds(formula, sight.facts, nothing)
        held = sum(name == sight.held for name in names)
        return (
            not done and any(n in sight.troubled and n != sight.held for n in names),
            not done,
            -held,
            index,
        )

    return part.options[min(range(len(part.options)), key=key)]


def _left_open(
    steps: Sequence[SkillCall],
    aims: Sequence[_Aim],
    sight: Sight,
    universe: Universe,
    operators: Sequence[Operator],
    *,
    start: Facts,
    goal: Formula,
) -> dict[str, int]:
    """Return the doors that the plan opens and leaves open, each with the last subgoal that uses it."""
    run = verify_plan(steps, And(), sight.facts, universe, operators)
    doors = doors_left_open(run.final_facts, start, goal)
    owners = _owners(run.states, aims, universe)
    found: dict[str, int] = {}
    for index, call in enumerate(steps):
        for door in doors:
            used = any(("in", argument, door) in run.states[index] for argument in call.arguments)
            if door in call.arguments and call.skill != "go_to" or used:
                found[door] = owners[index]
    return found | {door: len(aims) - 1 for door in doors if door not in found}


def doors_left_open(facts: Facts, start: Facts, goal: Formula) -> tuple[str, ...]:
    """Return the doors that are open now, were shut at the start, and need not be open, sorted."""
    opened = {fact[1] for fact in facts if fact[0] == "open" and fact not in start}
    return tuple(sorted(door for door in opened if not _requires(goal, Atom("open", (door,)))))


def _requires(goal: Formula, atom: Atom) -> bool:
    match goal:
        case Atom():
            return goal == atom
        case And(parts) | Or(parts):
            return any(_requires(part, atom) for part in parts)
    return False


def _with_duties(aim: _Aim, doors: Sequence[str]) -> _Aim:
    if not doors:
        return aim
    shut = [Not(Atom("open", (door,))) for door in sorted(doors)]
    return replace(aim, formula=conjunction([*_parts(aim.formula), *shut]))


def _owners(states: Sequence[Facts], aims: Sequence[_Aim], universe: Universe) -> list[int]:
    """Return for each step which subgoal it serves: the first that is not reached before it."""
    owners: list[int] = []
    current = 0
    for state in states[:-1]:
        while current < len(aims) - 1 and holds(aims[current].formula, state, universe):
            current += 1
        owners.append(current)
    return owners


def _explained(
    steps: Sequence[SkillCall],
    aims: Sequence[_Aim],
    sight: Sight,
    universe: Universe,
    operators: Sequence[Operator],
) -> tuple[Step, ...]:
    run = verify_plan(steps, And(), sight.facts, universe, operators)
    owners = _owners(run.states, aims, universe)
    found: list[Step] = []
    for call, owner in zip(steps, owners, strict=True):
        aim = aims[owner]
        found.append(Step(call=call, reason=f"for “{aim.words}”", alternatives=_alternatives(call, aim)))
    return tuple(found)


def _alternatives(call: SkillCall, aim: _Aim) -> tuple[SkillCall, ...]:
    found: list[SkillCall] = []
    for chosen, others in aim.swaps:
        for argument in call.arguments:
            if argument in chosen:
                found += [
                    SkillCall(call.skill, tuple(other if a == argument else a for a in call.arguments))
                    for other in sorted(others)
                ]
    return tuple(found)
