"""Furniture with other names: a kind of fixture is called what people call that kind."""

from dataclasses import replace

import pytest

from grounding import Scene
from planner.language_model import Task
from planner.offline import OfflineModel
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

NEW_NAMES = {
    "trash_can": "waste_pail",
    "operator": "guest",
    "table": "kitchen_island",
    "fridge": "cold_store",
}


def _renamed(scene: Scene) -> Scene:
    fixtures = {
        NEW_NAMES.get(n, n): replace(f, name=NEW_NAMES.get(n, n), station=NEW_NAMES.get(f.station, f.station))
        for n, f in scene.fixtures.items()
    }
    facts = frozenset(tuple(NEW_NAMES.get(term, term) for term in fact) for fact in scene.facts)
    return replace(scene, fixtures=fixtures, facts=facts)


@pytest.mark.parametrize(
    ("instruction", "last"),
    [
        ("throw away the apple", "put_in(apple_1, waste_pail)"),
        ("put the apple in the trash can", "put_in(apple_1, waste_pail)"),
        ("put the apple in the waste pail", "put_in(apple_1, waste_pail)"),
        ("bring me the apple", "hand_over(apple_1)"),
        ("take the apple to the guest", "hand_over(apple_1)"),
        ("put the apple on the kitchen island", "place(apple_1, kitchen_island)"),
        ("put the milk in the refrigerator", "close(cold_store)"),
        ("put the milk away", "close(cold_store)"),
        ("go to the sink and come back to me", "go_to(guest)"),
    ],
)
def test_kinds_are_understood_whatever_the_fixtures_are_called(instruction: str, last: str) -> None:
    scene = _renamed(symbolic_scene({"apple_1": "close_counter", "milk_carton_1": "close_counter"}))
    answer = OfflineModel(catalogue()).decompose(Task(instruction=instruction), scene, HOUSEHOLD_CONTRACTS)
    assert answer.goal is not None, answer.not_understood
    assert str(answer.steps[-1].call) == last
