"""The loop on a home of facts: what it chooses, checks, recovers from, and when it gives up."""

from dataclasses import replace

import pytest

from planner.executive import (
    Bounds,
    Decided,
    Ending,
    Event,
    Executive,
    Inquiry,
    PlanMade,
    Report,
    Settings,
    StepStarted,
    Strategy,
    preview,
)
from planner.language_model import Decomposition
from tests.fakes.scripted_model import ScriptedModel, call, decomposition
from tests.fakes.symbolic_home import SymbolicHome

FETCH = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
GOAL = "(with_operator apple_1)"


@pytest.fixture
def home() -> SymbolicHome:
    return SymbolicHome({"apple_1": "table", "orange_1": "table", "coke_can_1": "close_counter"})


def run(home: SymbolicHome, *script: Decomposition, **changes: object) -> tuple[Report, list[Event]]:
    events: list[Event] = []
    model = ScriptedModel(*script)
    parts = home.parts(model, **changes)
    parts = replace(parts, listeners=(*parts.listeners, events.append))
    report = Executive(parts).run("bring me an apple")
    model.finish()
    assert home.stops >= 1
    return report, events


def names(report: Report) -> list[str]:
    return [str(step.call) for step in report.steps]


def test_a_plan_that_works_is_followed_with_one_model_call(home: SymbolicHome) -> None:
    report, events = run(home, decomposition(GOAL, *FETCH))
    assert report.succeeded and report.model_calls == 1
    assert names(report) == [str(call(c)) for c in FETCH]
    decisions = [e.decision for e in events if isinstance(e, Decided)]
    assert all(abs(sum(c.say for c in d.candidates) - 1.0) < 1e-9 for d in decisions)
    assert str(decisions[-1].call) == "done()"


def test_done_is_not_offered_before_the_goal_is_seen(home: SymbolicHome) -> None:
    _, events = run(home, decomposition(GOAL, *FETCH))
    for decision in [e.decision for e in events if isinstance(e, Decided)][:-1]:
        done = next(c for c in decision.candidates if c.call.skill == "done")
        assert done.can == 0.0


def test_a_plan_with_missing_steps_is_mended_before_anything_moves(home: SymbolicHome) -> None:
    report, events = run(home, decomposition(GOAL, "pick apple_1", "hand_over apple_1"))
    assert report.succeeded and report.model_calls == 1
    made = next(i for i, e in enumerate(events) if isinstance(e, PlanMade))
    started = next(i for i, e in enumerate(events) if isinstance(e, StepStarted))
    assert made < started


def test_steps_without_a_goal_are_held_to_their_effects(home: SymbolicHome) -> None:
    report, _ = run(home, decomposition(None, *FETCH))
    assert report.succeeded and ("with_operator", "apple_1") in report.scene.facts


@pytest.mark.parametrize("behaviour", ["fail", "lie", "time out"])
def test_a_failed_step_is_retried_with_the_next_attempt(home: SymbolicHome, behaviour: str) -> None:
    home.script["pick"].append(behaviour)
    report, _ = run(home, decomposition(GOAL, *FETCH))
    assert report.succeeded and report.recoveries == ("retry",)
    assert [s.attempt for s in report.steps if s.call.skill == "pick"] == [0, 1]


def test_another_implementation_is_tried_after_the_retries(home: SymbolicHome) -> None:
    home.script["pick"].extend(["fail"] * 3)
    report, _ = run(home, decomposition(GOAL, *FETCH), library=home.library(implementations=2))
    assert report.succeeded
    assert [name for c, _, name in home.runs if c.skill == "pick"] == ["fake 0"] * 3 + ["fake 1"]


def test_a_call_that_keeps_failing_is_replaced_when_the_goal_allows(home: SymbolicHome) -> None:
    home.script["pick"].extend(["fail"] * 3)
    report, _ = run(home, decomposition("(exists (?x - fruit) (with_operator ?x))", *FETCH))
    assert report.succeeded and ("with_operator", "orange_1") in report.scene.facts
    assert "symbolic repair" in report.recoveries and report.model_calls == 1


def test_the_model_is_told_the_difference_when_symbols_cannot_mend_it(home: SymbolicHome) -> None:
    home.script["pick"].extend(["fail"] * 3)
    other = decomposition("(with_operator orange_1)", *(c.replace("apple", "orange") for c in FETCH))
    model = ScriptedModel(decomposition(GOAL, *FETCH), other)
    report = Executive(home.parts(model)).run("bring me an apple")
    assert report.succeeded and report.model_calls == 2
    assert "pick(apple_1)" in (model.tasks[1].surprise or "")


def test_an_object_that_was_moved_is_fetched_from_where_it_is_now(home: SymbolicHome) -> None:
    def move(event: Event) -> None:
        if isinstance(event, StepStarted) and event.number == 2:
            home.facts -= {("on", "apple_1", "table")}
            home.facts |= {("on", "apple_1", "far_counter")}

    report, _ = run(home, decomposition(GOAL, *FETCH), listeners=(move,))
    assert report.succeeded and "go_to(far_counter)" in names(report)
    assert report.model_calls == 1 and report.recoveries == ("symbolic repair",)


def test_a_hopeless_task_stops_within_its_bounds(home: SymbolicHome) -> None:
    home.script["pick"].extend(["fail"] * 500)
    plan = decomposition(GOAL, *FETCH)
    report, _ = run(home, plan, plan, plan)
    assert report.ending is Ending.STOPPED and "pick(apple_1)" in report.reason
    assert len(report.steps) <= 15


def test_the_number_of_steps_is_bounded(home: SymbolicHome) -> None:
    settings = Settings(bounds=Bounds(steps=2))
    report, _ = run(home, decomposition(GOAL, *FETCH), settings=settings)
    assert report.ending is Ending.STOPPED and len(report.steps) == 2


def test_an_alternative_wins_when_the_next_step_can_hardly_work(home: SymbolicHome) -> None:
    home.affordances[call("pick apple_1")] = 0.1
    goal = "(exists (?x - fruit) (with_operator ?x))"
    report, _ = run(home, decomposition(goal, *FETCH, alternatives=["pick orange_1"]))
    assert report.succeeded and ("with_operator", "orange_1") in report.scene.facts


def test_done_is_checked_again_in_a_scene_taken_now(home: SymbolicHome) -> None:
    def undo(event: Event) -> None:
        if isinstance(event, Decided) and str(event.decision.call) == "done()" and len(home.runs) == 4:
            home.facts -= {("with_operator", "apple_1")}
            home.facts |= {("on", "apple_1", "table")}

    report, _ = run(home, decomposition(GOAL, *FETCH), listeners=(undo,))
    assert report.succeeded and len(report.steps) == 8


def test_what_is_not_understood_moves_nothing(home: SymbolicHome) -> None:
    report, _ = run(home, Decomposition(goal=None, not_understood="I do not know 'blorb'."))
    assert report.ending is Ending.REFUSED and not home.runs and "blorb" in report.reason


def test_an_unanswered_question_moves_nothing(home: SymbolicHome) -> None:
    question = Decomposition(goal=None, question="Which fruit?", options=("apple_1", "orange_1"))
    report, _ = run(home, question)
    assert report.ending is Ending.NEEDS_ANSWER and not home.runs


def test_an_answer_goes_back_to_the_model(home: SymbolicHome) -> None:
    question = Decomposition(goal=None, question="Which fruit?", options=("apple_1", "orange_1"))
    report, _ = run(home, question, decomposition(GOAL, *FETCH), person=lambda inquiry: inquiry.options[0])
    assert report.succeeded and report.model_calls == 2


def test_an_unknown_object_is_denied_before_anything_moves(home: SymbolicHome) -> None:
    bad = decomposition(None, "go_to moon")
    report, _ = run(home, bad, bad, bad)
    assert not report.succeeded and not home.runs


def test_ctrl_c_stops_the_robot_before_the_run_ends(home: SymbolicHome) -> None:
    home.script["pick"].append("interrupt")
    order: list[str] = []
    model = ScriptedModel(decomposition(GOAL, *FETCH))
    parts = home.parts(model, listeners=(lambda e: order.append(f"{type(e).__name__} {home.stops}"),))
    with pytest.raises(KeyboardInterrupt):
        Executive(parts).run("bring me an apple")
    assert order[-1] == "RunEnded 1"


def test_a_run_that_somebody_cancels_ends_between_two_steps(home: SymbolicHome) -> None:
    report, _ = run(home, decomposition(GOAL, *FETCH), is_cancelled=lambda: len(home.runs) == 2)
    assert report.ending is Ending.CANCELLED and len(report.steps) == 2


def test_saycan_scores_before_every_step_and_reaches_the_goal(home: SymbolicHome) -> None:
    plan = [call(c) for c in (*FETCH, "done")]
    rates = [lambda c, best=best: 0.9 if c == best else 0.001 for best in plan]
    model = ScriptedModel(decomposition(GOAL, *FETCH), *rates)
    settings = Settings(strategy=Strategy.SAYCAN)
    report = Executive(home.parts(model, settings=settings)).run("bring me an apple")
    model.finish()
    assert report.succeeded and report.model_calls == 6


def test_saycan_does_not_believe_an_early_done(home: SymbolicHome) -> None:
    rates = [lambda c: {"done": 0.9, "go_to": 0.01}.get(c.skill, 1e-6)]
    model = ScriptedModel(decomposition(GOAL, *FETCH), *rates)
    settings = Settings(strategy=Strategy.SAYCAN, bounds=Bounds(steps=1))
    report = Executive(home.parts(model, settings=settings)).run("bring me an apple")
    assert not report.succeeded and report.steps[0].call.skill == "go_to"


def test_what_is_too_close_to_call_is_asked(home: SymbolicHome) -> None:
    home.facts = (home.facts - {("robot_at", "operator")}) | {("robot_at", "table")}
    goal = "(exists (?x - fruit) (holding ?x))"
    rates = [lambda c: 0.5 if c.skill == "pick" else 1e-6, lambda c: 0.9 if c.skill == "done" else 1e-6]
    model = ScriptedModel(decomposition(goal, "pick apple_1"), *rates)
    asked: list[tuple[str, ...]] = []

    def person(inquiry: Inquiry) -> str:
        asked.append(inquiry.options)
        return "pick(orange_1)"

    settings = Settings(strategy=Strategy.SAYCAN)
    report = Executive(home.parts(model, settings=settings, person=person)).run("hold a fruit")
    assert report.succeeded and names(report) == ["pick(orange_1)"]
    assert asked == [("pick(apple_1)", "pick(orange_1)")]


def test_the_same_seed_gives_the_same_run() -> None:
    def once() -> tuple[list[str], frozenset[tuple[str, ...]]]:
        home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
        home.script["pick"].extend(["fail", "lie"])
        report, _ = run(home, decomposition(GOAL, *FETCH))
        return names(report), frozenset(report.scene.facts)

    assert once() == once()


def test_preview_weighs_every_step_and_moves_nothing(home: SymbolicHome) -> None:
    plan = preview(home.parts(ScriptedModel(decomposition(GOAL, *FETCH))), "bring me an apple")
    assert plan.has_plan and len(plan.steps) == 4 and not home.runs
    assert all(p.decision.call == p.step.call for p in plan.steps)
