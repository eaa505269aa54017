"""Which of several things is meant when the person says where it stands."""

import pytest

from planner.language_model import Task
from planner.offline import OfflineModel
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.household_scene import CATALOGUE, Looker, home, standing, stands_at

PLACES = home()
TABLE = PLACES["table"]
SCENE = Looker().look(
    [
        standing("coke_can_1", TABLE, y=0.40),
        standing("coke_can_2", TABLE, y=0.00),
        standing("coke_can_3", TABLE, y=-0.40),
        standing("energy_bar_1", TABLE, y=-0.28),
        standing("apple_1", TABLE, y=0.30),
        standing("orange_1", PLACES["counter"]),
    ],
    PLACES,
    stands_at(PLACES["operator"]),
)


@pytest.mark.parametrize(
    ("instruction", "wanted"),
    [
        ("bring me the leftmost coke", "coke_can_1"),
        ("bring me the coke on the right", "coke_can_3"),
        ("bring me the middle can", "coke_can_2"),
        ("bring me the can next to the energy bar", "coke_can_3"),
        ("bring me the coke beside the apple", "coke_can_1"),
        ("bring me the biggest fruit", "orange_1"),
        ("bring me the smallest fruit", "apple_1"),
    ],
)
def test_where_it_stands_says_which(instruction: str, wanted: str) -> None:
    answer = OfflineModel(CATALOGUE).decompose(Task(instruction=instruction), SCENE, HOUSEHOLD_CONTRACTS)
    assert answer.goal is not None, answer.not_understood
    assert [step.call.arguments for step in answer.steps if step.call.skill == "pick"] == [(wanted,)]


def test_what_cannot_be_put_closer_is_said() -> None:
    task = Task(instruction="put the apple next to the energy bar")
    answer = OfflineModel(CATALOGUE).decompose(task, SCENE, HOUSEHOLD_CONTRACTS)
    assert answer.goal is None
    assert answer.not_understood is not None and "cannot put it closer" in answer.not_understood
    task = Task(instruction="put the orange next to the energy bar")
    assert (
        str(OfflineModel(CATALOGUE).decompose(task, SCENE, HOUSEHOLD_CONTRACTS).steps[-1].call)
        == "place(orange_1, table)"
    )
