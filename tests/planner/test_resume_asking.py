"""What must not be done twice: when a resumed run asks, what answers mean, and that silence is no leave."""

from pathlib import Path

import pytest

from grounding import Scene
from planner.executive import Ending, Inquiry
from planner.executive.repetition import why_not_again
from planner.executive.taking_up import AGAIN, DONE_ALREADY, STOP
from planner.journal import read_events, read_journal
from skills import HOUSEHOLD_CONTRACTS, SkillCall, define_contract
from tests.fakes.killed_run import contents, kill, resume
from tests.fakes.scripted_model import ScriptedModel, decomposition
from tests.fakes.symbolic_home import SymbolicHome

FETCH = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
GOAL = "(with_operator apple_1)"
POURING = ("go_to table", "pick water_bottle_1", "pour water_bottle_1 mug_1")


def scene_of(home: SymbolicHome) -> Scene:
    return home.perception.perceive(home.robot.observe())


def home_for_pouring() -> SymbolicHome:
    home = SymbolicHome({"water_bottle_1": "table", "mug_1": "table"})
    home.facts.add(("filled", "water_bottle_1"))
    return home


def killed_while_pouring(tmp_path: Path, *, has_effect: bool) -> tuple[SymbolicHome, Path]:
    home = home_for_pouring()
    model = ScriptedModel(decomposition("(poured water_bottle_1 mug_1)", *POURING))
    path = kill(tmp_path, home.parts(model), 14, has_effect=has_effect)
    assert read_events(path)[-1][0] == "StepStarted"
    home.runs.clear()
    return home, path


def test_what_the_interrupted_step_did_is_reconciled_in_the_journal(tmp_path: Path) -> None:
    home, path = killed_while_pouring(tmp_path, has_effect=True)
    report = resume(path, home.parts(ScriptedModel()))
    assert report.succeeded and not home.runs
    (ended,) = (data for data in contents(path, "StepEnded") if data["is_reconciled"])
    assert ended["effects_hold"] and ended["call"] == "pour(water_bottle_1, mug_1)"
    assert "reconciled" in ended["outcome"]["reason"]
    (resumed,) = contents(path, "RunResumed")
    assert resumed["interrupted"] == ended["call"]


def test_pouring_that_is_not_seen_to_have_happened_waits_for_a_person(tmp_path: Path) -> None:
    home, path = killed_while_pouring(tmp_path, has_effect=False)
    stops = home.stops
    report = resume(path, home.parts(ScriptedModel()))
    assert report.ending is Ending.NEEDS_ANSWER and not home.runs and home.stops > stops
    assert "pour(water_bottle_1, mug_1)" in report.reason and "nobody answered" in report.reason
    assert read_journal(path).ended is None, "it must be possible to resume it when somebody is there"
    asked: list[Inquiry] = []

    def person(inquiry: Inquiry) -> str:
        asked.append(inquiry)
        return AGAIN

    report = resume(path, home.parts(ScriptedModel(), person=person))
    assert report.succeeded and [str(run[0]) for run in home.runs] == ["pour(water_bottle_1, mug_1)"]
    (inquiry,) = asked
    assert inquiry.options == (AGAIN, DONE_ALREADY, STOP)


def test_a_person_is_believed_about_what_no_look_can_show(tmp_path: Path) -> None:
    home, path = killed_while_pouring(tmp_path, has_effect=False)
    report = resume(path, home.parts(ScriptedModel(), person=lambda inquiry: DONE_ALREADY))
    assert report.succeeded and not home.runs


def test_a_person_who_stops_an_interrupted_run_ends_it(tmp_path: Path) -> None:
    home, path = killed_while_pouring(tmp_path, has_effect=False)
    report = resume(path, home.parts(ScriptedModel(), person=lambda inquiry: STOP))
    assert report.ending is Ending.CANCELLED and not home.runs
    assert read_journal(path).ended is not None


def test_an_answer_that_is_none_is_no_permission(tmp_path: Path) -> None:
    home, path = killed_while_pouring(tmp_path, has_effect=False)
    report = resume(path, home.parts(ScriptedModel(), person=lambda inquiry: "whatever you like"))
    assert report.ending is Ending.NEEDS_ANSWER and not home.runs


def test_handing_over_is_asked_about_only_when_the_hand_is_empty(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    parts = home.parts(ScriptedModel(decomposition(GOAL, *FETCH)))
    path = kill(tmp_path, parts, 18, has_effect=False)
    home.facts -= {("holding", "apple_1")}
    home.facts |= {("gripper_empty",)}
    report = resume(path, home.parts(ScriptedModel()))
    assert report.ending is Ending.NEEDS_ANSWER and "the person may have taken" in report.reason


@pytest.mark.parametrize(
    "skill", [c.name for c in HOUSEHOLD_CONTRACTS if c.name not in ("pour", "push", "hand_over")]
)
def test_states_may_be_made_true_again_without_asking(skill: str) -> None:
    contract = next(c for c in HOUSEHOLD_CONTRACTS if c.name == skill)
    assert why_not_again(contract, SkillCall(skill), scene_of(SymbolicHome({}))) is None


@pytest.mark.parametrize("skill", ["pour", "push"])
def test_deeds_that_add_up_are_asked_about(skill: str) -> None:
    contract = next(c for c in HOUSEHOLD_CONTRACTS if c.name == skill)
    assert "adds to that" in (why_not_again(contract, SkillCall(skill), scene_of(SymbolicHome({}))) or "")


def test_a_deed_of_which_nobody_knows_anything_is_asked_about() -> None:
    contract = define_contract(
        "soap", parameters="?s - surface", description="Soap it.", precondition="(and)", effect="(soaped ?s)"
    )
    assert "(soaped ...)" in (why_not_again(contract, SkillCall("soap"), scene_of(SymbolicHome({}))) or "")
