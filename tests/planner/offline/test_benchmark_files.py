"""The two benchmark files: well-formed, and understood by the offline model."""

from pathlib import Path

import pytest

from grounding import Scene, parse_formula
from grounding.check import check_formula
from planner.bench.task_file import TaskSpec, load_task_file
from planner.language_model import Task
from planner.offline import OfflineModel
from planner.symbolic import verify_plan
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

ROOT = Path(__file__).resolve().parents[3] / "benchmarks"
DEV = load_task_file(ROOT / "saycan_dev.yaml").tasks
CHORES = load_task_file(ROOT / "household.yaml").tasks
OPERATORS = [contract.operator for contract in HOUSEHOLD_CONTRACTS]


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    return OfflineModel(catalogue())


def _start(task: TaskSpec) -> Scene:
    return symbolic_scene(
        task.objects,
        robot_at=task.robot.at,
        holding=task.robot.holding,
        opened=task.open,
        powered_on=task.powered_on,
    )


def _steps(task: TaskSpec, model: OfflineModel) -> tuple[int, bool]:
    scene = _start(task)
    answer = model.decompose(Task(instruction=task.instruction), scene, HOUSEHOLD_CONTRACTS)
    calls = [step.call for step in answer.steps]
    judged = verify_plan(calls, parse_formula(task.goal), scene.facts, scene.universe, OPERATORS)
    return len(calls), answer.goal is not None and judged.is_success


@pytest.mark.parametrize("task", [*DEV, *CHORES], ids=lambda t: t.id)
def test_goals_use_known_words_and_do_not_hold_yet(task: TaskSpec) -> None:
    scene, goal = _start(task), parse_formula(task.goal)
    check_formula(goal, scene.universe, catalogue())
    assert not scene.holds(goal)


def test_saycan_plans_succeed(model: OfflineModel) -> None:
    assert len(DEV) == 61
    failed = [task.id for task in DEV if not _steps(task, model)[1]]
    assert len(failed) <= 0.07 * len(DEV), failed


@pytest.mark.parametrize("task", CHORES, ids=lambda t: t.id)
def test_chores_are_long_and_planned(task: TaskSpec, model: OfflineModel) -> None:
    length, succeeded = _steps(task, model)
    assert succeeded
    assert length >= 12


def test_there_are_twenty_chores_of_five_families() -> None:
    assert len(CHORES) == 20
    assert len({task.family for task in CHORES}) == 5
