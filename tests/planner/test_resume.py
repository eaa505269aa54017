"""A run that is killed anywhere is gone on with: on a home of facts, at every boundary of its journal."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from grounding import Fact, Scene
from planner.executive import (
    Bounds,
    Ending,
    Event,
    Executive,
    Parts,
    RunResumed,
    Settings,
    StepEnded,
    StepStarted,
    Strategy,
)
from planner.executive.remembering import Remembering
from planner.journal import RunFolder, read_events, read_journal
from planner.language_model import Decomposition
from safety import BasicSupervisor, HouseholdSupervisor
from skills import SkillCall
from tests.fakes.killed_run import Killed, Reaper, contents, kill, resume
from tests.fakes.scripted_model import ScriptedModel, call, decomposition
from tests.fakes.symbolic_home import SymbolicHome

FETCH = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
GOAL = "(with_operator apple_1)"
EVENTS = 22
"""Events of an undisturbed run of `FETCH`."""


@pytest.mark.parametrize("has_effect", [True, False])
@pytest.mark.parametrize("events", range(1, EVENTS))
def test_a_run_killed_at_any_boundary_reaches_its_goal_and_repeats_nothing(
    tmp_path: Path, events: int, has_effect: bool
) -> None:
    home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
    plan = decomposition(GOAL, *FETCH)
    path = kill(tmp_path, home.parts(ScriptedModel(plan)), events, has_effect=has_effect)
    before = read_events(path)
    has_plan = any(kind == "PlanMade" for kind, _ in before)
    model = ScriptedModel(*([] if has_plan else [plan]))
    report = resume(path, home.parts(model))
    model.finish()
    assert report.succeeded, report.reason
    assert read_events(path)[: len(before)] == before
    assert Counter(str(run[0]) for run in home.runs) == Counter(str(call(c)) for c in FETCH)
    # One intent and one end for every step, numbered without a gap, over both parts of the run.
    begun = [data["number"] for data in contents(path, "StepStarted")]
    assert begun == [data["number"] for data in contents(path, "StepEnded")] == list(range(1, len(begun) + 1))
    assert [str(step.call) for step in report.steps if step.effects_hold] == [str(call(c)) for c in FETCH]
    assert read_journal(path).ended == ("succeeded", report.reason)


@pytest.mark.parametrize("has_effect", [True, False])
@pytest.mark.parametrize("events", range(1, EVENTS, 3))
@pytest.mark.parametrize("again", [1, 2, 4, 7])
def test_a_resumed_run_that_is_killed_too_is_resumed_again(
    tmp_path: Path, events: int, again: int, has_effect: bool
) -> None:
    home = SymbolicHome({"apple_1": "table"})
    plan = decomposition(GOAL, *FETCH)
    path = kill(tmp_path, home.parts(ScriptedModel(plan)), events, has_effect=has_effect)
    reaper, folder = Reaper(again), RunFolder.reopen(path)
    parts = home.parts(ScriptedModel(plan, plan), listeners=(reaper.before, folder))
    try:
        report = Executive(parts).resume(read_journal(path).past)
    except Killed:
        folder.close()
        report = resume(path, home.parts(ScriptedModel(plan, plan)))
    folder.close()
    assert report.succeeded, report.reason
    assert Counter(str(run[0]) for run in home.runs) == Counter(str(call(c)) for c in FETCH)


def test_the_world_that_changed_meanwhile_is_planned_for_afresh(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    parts = home.parts(ScriptedModel(decomposition(GOAL, *FETCH)))
    path = kill(tmp_path, parts, 10, has_effect=False)
    home.facts -= {("on", "apple_1", "table")}
    home.facts |= {("on", "apple_1", "far_counter")}
    report = resume(path, home.parts(ScriptedModel()))
    assert report.succeeded and "go_to(far_counter)" in [str(step.call) for step in report.steps]
    assert report.recoveries == ("symbolic repair",)


def test_what_cannot_be_mended_goes_back_to_the_model(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
    parts = home.parts(ScriptedModel(decomposition(GOAL, *FETCH)))
    path = kill(tmp_path, parts, 10, has_effect=False)
    home.facts -= {("on", "apple_1", "table")}
    orange = decomposition("(with_operator orange_1)", *(c.replace("apple", "orange") for c in FETCH))
    model = ScriptedModel(orange)
    report = resume(path, home.parts(model))
    model.finish()
    assert report.succeeded and report.model_calls == 2
    assert model.tasks[0].done == (call("go_to table"),) and "interruption" in (model.tasks[0].surprise or "")


def test_bounds_hold_for_all_parts_of_a_run_together(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    settings = Settings(bounds=Bounds(steps=3))
    parts = home.parts(ScriptedModel(decomposition(GOAL, *FETCH)), settings=settings)
    path = kill(tmp_path, parts, 8, has_effect=True)
    report = resume(path, home.parts(ScriptedModel(), settings=settings))
    assert report.ending is Ending.STOPPED and len(report.steps) == 3


@pytest.mark.parametrize("events", [5, 6, 9])
def test_saycan_goes_on_with_the_goal_that_it_had(tmp_path: Path, events: int) -> None:
    home = SymbolicHome({"apple_1": "table"})
    settings = Settings(strategy=Strategy.SAYCAN)
    script = decomposition(GOAL, *FETCH)

    def parts(*plans: Decomposition) -> Parts:
        return home.parts(Rating(*plans), settings=settings)

    path = kill(tmp_path, parts(script), events, has_effect=False)
    report = resume(path, parts())
    assert report.succeeded, report.reason
    assert Counter(str(run[0]) for run in home.runs) == Counter(str(call(c)) for c in FETCH)


class Rating(ScriptedModel):
    """Rates the next call of `FETCH` that is not done."""

    def score(self, task: Any, scene: Any, contracts: Any, candidates: Any) -> Any:
        from planner.language_model import DONE, Score, Scores

        left = [call(c) for c in FETCH if call(c) not in task.done]
        wanted = left[0] if left else DONE
        return Scores(
            scores=tuple(Score(call=c, probability=float(c == wanted), method="x") for c in candidates)
        )


class Witness(BasicSupervisor):
    """Keeps what it was told."""

    def __init__(self, home: SymbolicHome) -> None:
        super().__init__(home.library().contracts)
        self.begun: list[frozenset[Fact]] = []
        self.recorded: list[tuple[str, frozenset[Fact]]] = []

    def begin(self, scene: Scene) -> None:
        self.begun.append(scene.facts)

    def record(self, call: SkillCall, scene: Scene) -> tuple[Any, ...]:
        self.recorded.append((str(call), scene.facts))
        return ()


def test_the_supervisor_follows_a_resumed_run_from_its_beginning(tmp_path: Path) -> None:
    """What the run opened before it was interrupted is its to close, not something that it found open."""
    home = SymbolicHome({"apple_1": "table"})
    first, second = Witness(home), Witness(home)
    parts = home.parts(ScriptedModel(decomposition(GOAL, *FETCH)), supervisor=first)
    path = kill(tmp_path, parts, 14, has_effect=True)
    assert resume(path, home.parts(ScriptedModel(), supervisor=second)).succeeded
    assert second.begun == first.begun
    assert second.recorded[: len(first.recorded)] == first.recorded
    assert [name for name, _ in second.recorded] == [str(call(c)) for c in FETCH]


def test_deeds_that_perception_has_forgotten_are_remembered() -> None:
    home = SymbolicHome({"apple_1": "table"})
    perception = Remembering(home.perception)
    perception.remember({("wiped", "table"), ("on", "apple_1", "far_counter"), ("visited", "table")})
    facts = perception.perceive(home.robot.observe()).facts
    assert {("wiped", "table"), ("visited", "table")} <= facts
    assert ("on", "apple_1", "far_counter") not in facts and ("on", "apple_1", "table") in facts


def test_a_deed_done_before_the_interruption_counts_towards_the_goal(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    plan = decomposition("(and (visited fridge) (visited table))", "go_to fridge", "go_to table")
    path = kill(tmp_path, home.parts(ScriptedModel(plan)), 7, has_effect=True)
    home.facts -= {("visited", "fridge")}  # as a new process's perception would have it
    report = resume(path, home.parts(ScriptedModel()))
    assert report.succeeded and [str(run[0]) for run in home.runs] == ["go_to(fridge)", "go_to(table)"]


def test_nothing_is_commanded_before_the_journal_says_that_the_run_goes_on(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    path = kill(tmp_path, home.parts(ScriptedModel(decomposition(GOAL, *FETCH))), 6, has_effect=True)
    stops, seen = home.stops, []

    def listen(event: Event) -> None:
        if isinstance(event, RunResumed | StepEnded | StepStarted):
            seen.append((type(event).__name__, home.stops - stops, len(home.runs)))

    resume(path, home.parts(ScriptedModel(), listeners=(listen,)))
    assert seen[0] == ("RunResumed", 0, 1)  # not even a stop
    assert seen[1] == ("StepEnded", 1, 1)  # reconciled at rest, before anything was dispatched


def test_the_end_that_was_asked_for_survives(tmp_path: Path) -> None:
    for number, (script, asked) in enumerate(
        [(decomposition(GOAL, *FETCH), True), (decomposition(None, *FETCH), False)]
    ):
        home = SymbolicHome({"apple_1": "table"})
        path = kill(tmp_path / str(number), home.parts(ScriptedModel(script)), 6, has_effect=True)
        past = read_journal(path).past
        assert (past.asked == past.goal) is asked


def test_plans_and_decisions_of_all_parts_are_in_one_file(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    path = kill(tmp_path, home.parts(ScriptedModel(decomposition(GOAL, *FETCH))), 10, has_effect=True)
    resume(path, home.parts(ScriptedModel()))
    plans = json.loads((path / "plan.json").read_text())
    assert [len(plan["steps"]) for plan in plans["plans"]] == [4, 2]
    assert [decision["number"] for decision in plans["decisions"]] == [1, 2, 3, 4, 5]
    assert len(contents(path, "Decided")) == 5


def test_a_run_killed_before_its_first_record_is_an_empty_past(tmp_path: Path) -> None:
    RunFolder(tmp_path, "x").close()
    (folder,) = tmp_path.iterdir()
    journalled = read_journal(folder)
    assert not journalled.has_moved and not journalled.past.has_plan and journalled.ended is None


@pytest.mark.parametrize("events", [10, 11, 12, 13])
def test_what_was_opened_before_the_interruption_is_closed_after_it(tmp_path: Path, events: int) -> None:
    """A door that the run opened is its own to close; one that it found open binds nobody."""
    home = SymbolicHome({"coke_can_1": "fridge"})
    goal, calls = "(with_operator coke_can_1)", ("go_to fridge", "open fridge", "pick coke_can_1")
    plan = decomposition(goal, *calls, "go_to operator", "hand_over coke_can_1")
    path = kill(tmp_path, home.parts(ScriptedModel(plan)), events, has_effect=True)
    assert ("open", "fridge") in home.facts
    supervisor = HouseholdSupervisor(home.library().contracts)
    report = resume(path, home.parts(ScriptedModel(), supervisor=supervisor))
    assert report.succeeded and ("open", "fridge") not in home.facts
