"""Say means something: following the best-rated applicable call reaches the goal, and `done` waits for it."""

from itertools import product

import pytest

from grounding import Scene, parse_formula
from planner.language_model import ASK, DONE, Task
from planner.offline import OfflineModel
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.symbolic_scene import catalogue, scene_of, symbolic_scene

OBJECTS = {
    "apple_1": "close_counter",
    "coke_can_1": "table",
    "pepsi_can_1": "table",
    "coke_can_2": "far_counter",
    "milk_carton_1": "fridge",
    "sponge_1": "far_counter",
}
BY_NAME = {contract.name: contract.operator for contract in HOUSEHOLD_CONTRACTS}
TWO_SODAS = "(and (with_operator pepsi_can_1) (exactly 2 (?x - soda) (with_operator ?x)))"
APPLE_AND_COKE = "(and (in apple_1 trash_can) (exists (?x - coke_can) (with_operator ?x)))"
TASKS = [
    ("bring me a fruit", "(exists (?x - fruit) (with_operator ?x))"),
    ("bring me two different sodas", TWO_SODAS),
    ("throw away the apple and bring me a coke", APPLE_AND_COKE),
    ("bring me the milk", "(and (with_operator milk_carton_1) (not (open fridge)))"),
    ("go to the table and come back", "(and (visited table) (robot_at operator))"),
    ("rinse the apple, then bring it to me", "(with_operator apple_1)"),
]


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    return OfflineModel(catalogue())


def _candidates(scene: Scene) -> list[SkillCall]:
    found = []
    for name, operator in BY_NAME.items():
        for arguments in product(*(scene.universe.names(p) for p in operator.parameters)):
            if operator.is_applicable(arguments, scene.facts, scene.universe):
                found.append(SkillCall(name, arguments))
    return [*found, DONE, ASK]


@pytest.mark.parametrize(("instruction", "goal"), TASKS, ids=[t[0] for t in TASKS])
def test_following_the_best_rating_reaches_the_goal(instruction: str, goal: str, model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS)
    task = Task(instruction=instruction)
    done: list[SkillCall] = []
    while len(done) < 20:
        scores = model.score(task, scene, HOUSEHOLD_CONTRACTS, _candidates(scene))
        assert sum(s.probability for s in scores.scores) == pytest.approx(1.0)
        best = max(scores.scores, key=lambda s: s.probability).call
        if best == DONE:
            break
        facts = BY_NAME[best.skill].apply(best.arguments, scene.facts, scene.universe)
        scene = scene_of(facts, sorted(scene.items))
        done.append(best)
        task = Task(instruction=instruction, done=tuple(done))
    assert scene.holds(parse_formula(goal)), [str(call) for call in done]
    assert len(done) < 20


def test_other_fitting_objects_are_rated_above_useless_ones(model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS, robot_at="table")
    task = Task(instruction="bring me a soda")
    rated = {
        s.call: s.probability
        for s in model.score(task, scene, HOUSEHOLD_CONTRACTS, _candidates(scene)).scores
    }
    chosen, other = SkillCall("pick", ("coke_can_1",)), SkillCall("pick", ("pepsi_can_1",))
    assert rated[chosen] > rated[other] > 10 * rated[SkillCall("go_to", ("sink",))]


def test_done_is_rated_low_before_the_goal_holds(model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS)
    scores = model.score(Task(instruction="bring me a fruit"), scene, HOUSEHOLD_CONTRACTS, _candidates(scene))
    assert min(scores.scores, key=lambda s: s.probability).call == DONE


def test_asking_is_rated_high_when_nothing_is_understood(model: OfflineModel) -> None:
    scene = symbolic_scene(OBJECTS)
    scores = model.score(Task(instruction="flarb the gronk"), scene, HOUSEHOLD_CONTRACTS, _candidates(scene))
    assert max(scores.scores, key=lambda s: s.probability).call == ASK
