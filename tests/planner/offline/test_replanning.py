"""After a surprise the model goes on with what is left, and prefers what did not fail."""

import pytest

from grounding import Scene, to_pddl
from planner.language_model import Task
from planner.offline import OfflineModel
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

OBJECTS = {
    "apple_1": "close_counter",
    "orange_1": "close_counter",
    "coke_can_1": "table",
    "pepsi_can_1": "table",
}


@pytest.fixture
def model() -> OfflineModel:
    return OfflineModel(catalogue())


def _plan(model: OfflineModel, task: Task, scene: Scene) -> list[str]:
    answer = model.decompose(task, scene, HOUSEHOLD_CONTRACTS)
    assert answer.goal is not None, answer.not_understood
    return [str(step.call) for step in answer.steps]


def test_another_object_is_chosen_after_one_failed(model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS)
    task = Task(instruction="bring me a fruit")
    assert "pick(apple_1)" in _plan(model, task, scene)
    again = Task(instruction="bring me a fruit", surprise="pick(apple_1) failed: no grasp")
    assert "pick(orange_1)" in _plan(model, again, scene)


def test_what_all_meant_at_the_start_is_remembered(model: OfflineModel) -> None:
    instruction = "throw away everything on the table"
    _plan(model, Task(instruction=instruction), symbolic_scene(OBJECTS))
    moved = {**OBJECTS, "coke_can_1": "trash_can", "pepsi_can_1": "far_counter"}
    done = tuple(
        SkillCall(*c)
        for c in [
            ("go_to", ("table",)),
            ("pick", ("coke_can_1",)),
            ("go_to", ("trash_can",)),
            ("put_in", ("coke_can_1", "trash_can")),
        ]
    )
    task = Task(instruction=instruction, done=done, surprise="pepsi_can_1 is on far_counter")
    assert _plan(model, task, symbolic_scene(moved, robot_at="trash_can")) == [
        "go_to(far_counter)",
        "pick(pepsi_can_1)",
        "go_to(trash_can)",
        "put_in(pepsi_can_1, trash_can)",
    ]


def test_reached_requests_are_not_repeated(model: OfflineModel) -> None:
    instruction = "go to the table, then to the sink"
    _plan(model, Task(instruction=instruction), symbolic_scene(OBJECTS))
    task = Task(
        instruction=instruction, done=(SkillCall("go_to", ("table",)),), surprise="the way is blocked"
    )
    assert _plan(model, task, symbolic_scene(OBJECTS, robot_at="table")) == ["go_to(sink)"]


def test_alternatives_name_the_other_fitting_objects(model: OfflineModel) -> None:
    answer = model.decompose(
        Task(instruction="bring me a fruit"), symbolic_scene(OBJECTS), HOUSEHOLD_CONTRACTS
    )
    pick = next(step for step in answer.steps if step.call.skill == "pick")
    assert pick.alternatives == (SkillCall("pick", ("orange_1",)),)
    assert "bring me a fruit" in pick.reason


def test_the_persons_answer_completes_the_request(model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS)
    asked = model.decompose(Task(instruction="put the coke down"), scene, HOUSEHOLD_CONTRACTS)
    assert asked.question is not None and "far_counter" in asked.options
    task = Task(instruction="put the coke down", answer="far_counter")
    told = model.decompose(task, scene, HOUSEHOLD_CONTRACTS)
    assert told.goal is not None and to_pddl(told.goal) == "(on coke_can_1 far_counter)"


def test_doors_that_were_opened_are_shut_again_but_not_those_that_stood_open(model: OfflineModel) -> None:
    home = {"milk_carton_1": "fridge"}
    task = Task(instruction="bring me the milk")
    assert _plan(model, task, symbolic_scene(home))[-1] == "close(fridge)"
    assert "close(fridge)" not in _plan(model, task, symbolic_scene(home, opened=("fridge",)))
