"""Sentence in, plan out: the judge's goal holds after the plan, for every sentence of the table."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from grounding import parse_formula
from grounding.check import check_formula
from planner.language_model import Task
from planner.offline import OfflineModel
from planner.symbolic import verify_plan
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

TABLE = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))
ENTRIES = [(family, entry) for family, entries in TABLE["families"].items() for entry in entries]
OPERATORS = [contract.operator for contract in HOUSEHOLD_CONTRACTS]


@pytest.fixture(scope="module")
def model() -> OfflineModel:
    return OfflineModel(catalogue())


@pytest.mark.parametrize(("family", "entry"), ENTRIES, ids=[f"{f}: {e['says']}" for f, e in ENTRIES])
def test_the_plan_does_what_was_said(family: str, entry: dict[str, Any], model: OfflineModel) -> None:
    scene = symbolic_scene(
        TABLE["objects"],
        robot_at=entry.get("at", TABLE["robot_at"]),
        holding=entry.get("holding"),
        opened=tuple(entry.get("open", ())),
    )
    goal = parse_formula(entry["goal"])
    check_formula(goal, scene.universe, catalogue())
    answer = model.decompose(Task(instruction=entry["says"]), scene, HOUSEHOLD_CONTRACTS)
    assert answer.goal is not None, answer.not_understood or answer.question
    calls = [step.call for step in answer.steps]
    judged = verify_plan(calls, goal, scene.facts, scene.universe, OPERATORS)
    assert judged.is_success, f"{[str(c) for c in calls]}: {judged.reason}"
    own = verify_plan(calls, answer.goal, scene.facts, scene.universe, OPERATORS)
    assert own.is_success, own.reason


def test_the_same_sentence_gives_the_same_plan() -> None:
    scene = symbolic_scene(TABLE["objects"])
    task = Task(instruction="Bring me two drinks and a snack, then throw away the apple")
    plans = [OfflineModel(catalogue()).decompose(task, scene, HOUSEHOLD_CONTRACTS).steps for _ in range(2)]
    assert plans[0] == plans[1]
