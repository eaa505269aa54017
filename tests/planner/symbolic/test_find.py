"""Plans are valid, short, the same every time; what is impossible is said to be."""

from collections.abc import Callable
from typing import Any

import pytest

from grounding import parse_formula
from planner.symbolic import find_plan_for_sequence

CATEGORIES = ("apple", "coke_can", "pepsi_can", "water_bottle", "mug", "bowl", "plate", "knife", "rice_chips")
PLACES = ("close_counter", "far_counter", "table", "fridge", "top_drawer", "sink")


@pytest.mark.parametrize(
    ("goal", "steps"),
    [
        ("(with_operator apple_1)", 4),
        ("(exists (?x - soda) (with_operator ?x))", 4),
        ("(exactly 2 (?x - soda) (with_operator ?x))", 8),
        ("(and (in coke_can_1 trash_can) (in pepsi_can_1 trash_can) (with_operator sponge_1))", 12),
        ("(forall (?x - soda) (in ?x trash_can))", 13),
        ("(and (in apple_1 bottom_drawer) (not (open bottom_drawer)))", 7),
        ("(and (wiped table) (turned_on stove) (not (holding sponge_1)))", 7),
        ("(poured water_bottle_1 bowl_1)", 5),
        ("(or (on apple_1 table) (forall (?x - item) (in ?x fridge)))", 4),
        ("(robot_at operator)", 0),
    ],
)
def test_plans_are_valid_and_short(small_kitchen: Any, goal: str, steps: int) -> None:
    found = small_kitchen.find(goal)
    assert found.steps is not None
    assert small_kitchen.verify(found.steps, goal).is_success
    assert len(found.steps) <= steps


def test_a_drawer_above_is_closed_first(kitchen: Callable[..., Any]) -> None:
    home = kitchen({"apple_1": "close_counter"}, is_open=["top_drawer"])
    found = home.find("(in apple_1 bottom_drawer)")
    names = [str(step) for step in found.steps]
    assert names.index("close(top_drawer)") < names.index("open(bottom_drawer)")


def test_a_long_chore_with_thirty_items_is_planned_part_by_part(kitchen: Callable[..., Any]) -> None:
    names = [f"{CATEGORIES[i % 9]}_{i // 9 + 1}" for i in range(30)]
    home = kitchen({name: PLACES[i % 6] for i, name in enumerate(names)})
    goal = (
        "(and (forall (?x - drink) (in ?x fridge)) (forall (?x - dish) (in ?x sink))"
        " (forall (?x - fruit) (on ?x table)) (not (open fridge)))"
    )
    found = home.find(goal, time_limit_s=30.0)
    assert found.steps is not None and len(found.steps) >= 60
    assert home.verify(found.steps, goal).is_success
    assert found.expanded < 600, "a search over all parts at once expands thousands"


def test_the_same_question_gets_the_same_plan(small_kitchen: Any) -> None:
    goal = "(exists (?x - drink) (in ?x trash_can))"
    assert small_kitchen.find(goal).steps == small_kitchen.find(goal).steps


def test_an_impossible_goal_names_the_part(small_kitchen: Any) -> None:
    found = small_kitchen.find("(and (on apple_1 table) (filled apple_1))")
    assert found.steps is None and found.is_unsolvable
    assert "(filled apple_1)" in found.reason


def test_contradicting_parts_end_in_time_with_a_reason(small_kitchen: Any) -> None:
    found = small_kitchen.find("(and (on apple_1 table) (holding apple_1))", time_limit_s=0.3)
    assert found.steps is None and not found.is_success
    assert "(holding apple_1)" in found.reason


def test_a_sequence_keeps_what_it_reached_where_possible(small_kitchen: Any) -> None:
    texts = ("(holding apple_1)", "(on apple_1 table)", "(in coke_can_1 trash_can)", "(robot_at operator)")
    goals = [parse_formula(text) for text in texts]
    home = small_kitchen
    found = find_plan_for_sequence(goals, home.facts, home.universe, home.operators, time_limit_s=20.0)
    assert found.steps is not None
    final = home.verify(found.steps, "(and (on apple_1 table) (in coke_can_1 trash_can) (robot_at operator))")
    assert final.is_success
    held = [("holding", "apple_1") in state for state in final.states]
    binned = [("in", "coke_can_1", "trash_can") in state for state in final.states]
    assert held.index(True) < binned.index(True)
