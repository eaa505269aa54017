"""Repairs reach the goal, are as near as brute force finds, and every edit has a reason."""

import heapq
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from grounding import Fact, Formula, Operator, holds, parse_formula
from planner.symbolic import EditKind, repair_plan, verify_plan
from skills import SkillCall
from tests.fakes.random_domain import UNIVERSE, random_domain


def brute_force(
    given: Sequence[SkillCall],
    goal: Formula,
    facts: frozenset[Fact],
    operators: Sequence[Operator],
    most: int,
) -> int | None:
    """Return the least number of insertions and deletions, up to `most`, by plain Dijkstra."""
    every = [(o, (n,)) for o, n in product(operators, "abc")]
    by_name = {o.name: o for o in operators}
    heap: list[tuple[int, int, int, frozenset[Fact]]] = [(0, 0, 0, facts)]
    seen: set[tuple[int, frozenset[Fact]]] = set()
    order = 0
    while heap:
        cost, _, position, state = heapq.heappop(heap)
        if (position, state) in seen or cost > most:
            continue
        seen.add((position, state))
        if position == len(given) and holds(goal, state, UNIVERSE):
            return cost
        moves: list[tuple[int, int, frozenset[Fact]]] = []
        if position < len(given):
            step = given[position]
            moves.append((cost + 1, position + 1, state))
            if by_name[step.skill].is_applicable(step.arguments, state, UNIVERSE):
                moves.append((cost, position + 1, by_name[step.skill].apply(step.arguments, state, UNIVERSE)))
        for operator, arguments in every:
            if operator.is_applicable(arguments, state, UNIVERSE):
                moves.append((cost + 1, position, operator.apply(arguments, state, UNIVERSE)))
        for paid, moved, after in moves:
            order += 1
            heapq.heappush(heap, (paid, order, moved, after))
    return None


@pytest.mark.parametrize("seed", range(60))
def test_a_proved_repair_is_as_near_as_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    domain = random_domain(rng)
    facts, goal, operators = domain.facts, domain.goal, domain.operators
    given = [SkillCall(f"act{rng.integers(4)}", ("abc"[int(rng.integers(3))],)) for _ in range(5)]
    result = repair_plan(given, goal, facts, UNIVERSE, operators, time_limit_s=10.0)
    nearest = brute_force(given, goal, facts, operators, most=10)
    assert (result.steps is None) == (nearest is None)
    if result.steps is not None:
        assert verify_plan(result.steps, goal, facts, UNIVERSE, operators).is_success
        assert result.is_nearest and result.distance == nearest


@pytest.mark.parametrize("index", range(8))
def test_a_dropped_step_is_put_back(small_kitchen: Any, index: int) -> None:
    goal_text = "(and (in coke_can_1 trash_can) (with_operator apple_1))"
    good = small_kitchen.find(goal_text).steps
    flawed = [step for i, step in enumerate(good) if i != index]
    result = _repair(small_kitchen, flawed, goal_text)
    assert result.steps is not None and result.distance == 1 and result.is_nearest
    assert [e.kind for e in result.edits] == [EditKind.INSERT]
    assert "without it here" in result.edits[0].reason


def test_a_needless_harmful_step_is_deleted_with_its_reason(
    small_kitchen: Any, plan: Callable[..., Any]
) -> None:
    flawed = plan("go_to table; pick coke_can_1; pick bowl_1; go_to trash_can; put_in coke_can_1 trash_can")
    result = _repair(small_kitchen, flawed, "(in coke_can_1 trash_can)")
    (edit,) = result.edits
    assert edit.kind is EditKind.DELETE and str(edit.call) == "pick(bowl_1)"
    assert "the gripper must be empty, but it holds coke_can_1" in edit.reason


def test_a_wrong_argument_is_a_replacement(small_kitchen: Any, plan: Callable[..., Any]) -> None:
    flawed = plan("go_to table; pick coke_can_1; go_to trash_can; put_in coke_can_1 sink")
    (edit,) = _repair(small_kitchen, flawed, "(in coke_can_1 trash_can)").edits
    assert (edit.kind, str(edit.call)) == (EditKind.REPLACE, "put_in(coke_can_1, trash_can)")
    assert str(edit.replaced) == "put_in(coke_can_1, sink)"


def test_a_step_in_the_wrong_place_is_moved(small_kitchen: Any, plan: Callable[..., Any]) -> None:
    flawed = plan("go_to fridge; pick sevenup_can_1; open fridge; go_to operator; hand_over sevenup_can_1")
    (edit,) = _repair(small_kitchen, flawed, "(with_operator sevenup_can_1)").edits
    assert edit.kind is EditKind.MOVE


def test_without_a_goal_the_steps_say_what_was_meant(small_kitchen: Any, plan: Callable[..., Any]) -> None:
    flawed = plan("go_to table; go_to trash_can; put_in coke_can_1 trash_can")
    home = small_kitchen
    result = repair_plan(flawed, None, home.facts, home.universe, home.operators, time_limit_s=10.0)
    assert result.steps is not None
    assert ("in", "coke_can_1", "trash_can") in home.verify(result.steps).final_facts
    assert [str(e.call) for e in result.edits] == ["pick(coke_can_1)"]


def test_a_plan_that_works_is_left_alone(small_kitchen: Any) -> None:
    good = small_kitchen.find("(on apple_1 table)").steps
    result = _repair(small_kitchen, good, "(on apple_1 table)")
    assert result.steps == good and result.edits == () and result.is_nearest


def test_an_impossible_goal_is_said_to_be(small_kitchen: Any, plan: Callable[..., Any]) -> None:
    result = _repair(small_kitchen, plan("go_to table"), "(filled apple_1)")
    assert result.steps is None and "(filled apple_1)" in result.reason


def _repair(home: Any, steps: Sequence[SkillCall], goal: str) -> Any:
    return repair_plan(
        steps, parse_formula(goal), home.facts, home.universe, home.operators, time_limit_s=10.0
    )
