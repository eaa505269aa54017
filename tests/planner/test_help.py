"""Asking for help, calibrated: the person is asked exactly when the prediction set is not one option."""

from dataclasses import replace

import pytest

from planner.executive import Asked, Ending, Event, Executive, Inquiry, Report, Settings, Strategy
from planner.executive.help import meant_option
from planner.language_model import Decomposition, Failure, FailureKind
from skills import SkillCall
from tests.fakes.scripted_model import Rate, ScriptedModel, call, decomposition
from tests.fakes.symbolic_home import SymbolicHome

APPLE, ORANGE = call("pick apple_1"), call("pick orange_1")
GOAL = "(exists (?x - fruit) (holding ?x))"
QHAT = 0.8
"""Options with a probability of at least 0.2 are plausible."""


@pytest.fixture
def home() -> SymbolicHome:
    return SymbolicHome({"apple_1": "table", "orange_1": "table"}, robot_at="table")


def rates(**shares: float) -> Rate:
    """Rate `apple=0.5` and so on; what is left goes to everything else alike."""
    known = {
        APPLE: shares.get("apple", 0.0),
        ORANGE: shares.get("orange", 0.0),
        call("done"): shares.get("done", 0.0),
        call("ask"): shares.get("ask", 0.0),
    }

    def rate(candidate: SkillCall) -> float:
        return known.get(candidate, 0.0) + 1e-6

    return rate


def run(
    home: SymbolicHome,
    *script: Decomposition | Failure | Rate,
    answer: str | None = None,
    strategy: Strategy = Strategy.SAYCAN,
) -> tuple[Report, list[Inquiry], list[Event]]:
    asked: list[Inquiry] = []
    events: list[Event] = []

    def person(inquiry: Inquiry) -> str | None:
        asked.append(inquiry)
        return answer

    model = ScriptedModel(*script)
    parts = home.parts(
        model,
        settings=Settings(strategy=strategy, qhat=QHAT),
        listeners=(events.append,),
        person=person,
    )
    report = Executive(parts).run("hold a fruit")
    model.finish()
    return report, asked, events


PLAN = decomposition(GOAL, "pick apple_1")


def test_one_plausible_option_is_done_without_asking(home: SymbolicHome) -> None:
    report, asked, _ = run(home, PLAN, rates(apple=0.9, orange=0.1), rates(done=1.0))
    assert report.succeeded and not asked
    assert [s.call for s in report.steps] == [APPLE]


def test_two_plausible_options_are_asked_with_their_probabilities(home: SymbolicHome) -> None:
    report, asked, events = run(
        home, PLAN, rates(apple=0.6, orange=0.4), rates(done=1.0), answer="pick(orange_1)"
    )
    assert report.succeeded and [s.call for s in report.steps] == [ORANGE]
    assert asked[0].options == ("pick(apple_1)", "pick(orange_1)")
    assert asked[0].probabilities == pytest.approx((0.6, 0.4), abs=1e-3)
    (told,) = [e for e in events if isinstance(e, Asked)]
    assert told.answer == "pick(orange_1)" and told.probabilities == asked[0].probabilities


def test_belief_that_nothing_is_right_is_a_question_too(home: SymbolicHome) -> None:
    report, asked, _ = run(home, PLAN, rates(apple=0.75, ask=0.25), rates(done=1.0), answer="pick(apple_1)")
    assert len(asked) == 1 and report.succeeded


def test_without_an_answer_nothing_moves(home: SymbolicHome) -> None:
    report, asked, _ = run(home, PLAN, rates(apple=0.5, orange=0.5))
    assert asked and report.ending is Ending.NEEDS_ANSWER and not home.runs
    assert "pick(apple_1)" in report.reason and "pick(orange_1)" in report.reason


def test_an_early_done_is_not_believed_however_sure_the_model_is(home: SymbolicHome) -> None:
    report, asked, _ = run(home, PLAN, rates(done=0.99), answer=None)
    assert asked and report.ending is Ending.NEEDS_ANSWER and not home.runs


def with_alternatives() -> Decomposition:
    return decomposition(GOAL, "pick apple_1", alternatives=["pick orange_1"])


def test_a_plan_with_alternatives_costs_one_rating_and_takes_the_likelier(home: SymbolicHome) -> None:
    report, asked, _ = run(
        home, with_alternatives(), rates(apple=0.05, orange=0.95), strategy=Strategy.PLAN_AHEAD
    )
    assert report.succeeded and not asked and report.model_calls == 2
    assert [s.call for s in report.steps] == [ORANGE]


def test_a_plan_whose_alternatives_are_alike_asks_before_anything_moves(home: SymbolicHome) -> None:
    report, asked, _ = run(
        home,
        with_alternatives(),
        rates(apple=0.5, orange=0.5),
        strategy=Strategy.PLAN_AHEAD,
        answer="pick(orange_1)",
    )
    assert report.succeeded and len(asked) == 1
    assert [s.call for s in report.steps] == [ORANGE]


def test_a_plan_without_alternatives_is_not_rated(home: SymbolicHome) -> None:
    report, asked, _ = run(home, PLAN, strategy=Strategy.PLAN_AHEAD)
    assert report.succeeded and not asked and report.model_calls == 1


def test_the_rest_of_the_plan_follows_the_chosen_object(home: SymbolicHome) -> None:
    home.facts = (home.facts - {("on", "orange_1", "table")}) | {("on", "orange_1", "close_counter")}
    plan = decomposition(
        "(exists (?x - fruit) (with_operator ?x))", "pick apple_1", "go_to operator", "hand_over apple_1"
    )
    steps = (replace(plan.steps[0], alternatives=(ORANGE,)), *plan.steps[1:])
    report, _, _ = run(
        home, replace(plan, steps=steps), rates(orange=0.95, apple=0.05), strategy=Strategy.PLAN_AHEAD
    )
    assert report.succeeded and ("with_operator", "orange_1") in report.scene.facts
    assert ("with_operator", "apple_1") not in report.scene.facts


def test_every_choice_of_a_plan_is_settled_and_not_only_the_first() -> None:
    home = SymbolicHome(
        {"apple_1": "table", "orange_1": "table", "coke_can_1": "table", "pepsi_can_1": "table"},
        robot_at="table",
    )
    plan = decomposition(
        "(and (exists (?x - fruit) (with_operator ?x)) (exists (?x - soda) (with_operator ?x)))",
        *("pick apple_1", "go_to operator", "hand_over apple_1", "go_to table"),
        *("pick coke_can_1", "go_to operator", "hand_over coke_can_1"),
    )
    choices = {0: call("pick orange_1"), 4: call("pick pepsi_can_1")}
    steps = [replace(s, alternatives=(choices[i],)) if i in choices else s for i, s in enumerate(plan.steps)]

    def even(candidate: SkillCall) -> float:
        return 1.0 if candidate.skill == "pick" else 1e-6

    asked: list[Inquiry] = []

    def person(inquiry: Inquiry) -> str:
        asked.append(inquiry)
        return inquiry.options[1]

    model = ScriptedModel(replace(plan, steps=tuple(steps)), even, even)
    parts = home.parts(
        model,
        settings=Settings(qhat=QHAT),
        person=person,
    )
    report = Executive(parts).run("bring me a fruit and a soda")
    model.finish()
    assert report.succeeded and len(asked) == 2
    assert {("with_operator", "orange_1"), ("with_operator", "pepsi_can_1")} <= report.scene.facts


def test_what_the_person_chose_is_not_weighed_again(home: SymbolicHome) -> None:
    home.affordances[APPLE] = 0.2
    report, asked, _ = run(
        home,
        with_alternatives(),
        rates(apple=0.5, orange=0.5),
        strategy=Strategy.PLAN_AHEAD,
        answer="pick(apple_1)",
    )
    assert asked and report.steps[0].call == APPLE


@pytest.mark.parametrize("said", ["the orange, please", "orange_1", "ORANGE", "Pick(Orange_1)"])
@pytest.mark.parametrize("strategy", list(Strategy))
def test_an_answer_in_words_means_the_option_that_it_names(
    home: SymbolicHome, said: str, strategy: Strategy
) -> None:
    scores = [rates(apple=0.5, orange=0.5)] + [rates(done=1.0)] * (strategy is Strategy.SAYCAN)
    report, _, _ = run(home, with_alternatives(), *scores, strategy=strategy, answer=said)
    assert report.succeeded and [s.call for s in report.steps] == [ORANGE]


def test_another_answer_goes_to_the_model_which_rates_again(home: SymbolicHome) -> None:
    report, asked, _ = run(
        home,
        PLAN,
        rates(apple=0.5, orange=0.5),
        rates(apple=0.9),
        rates(done=1.0),
        answer="whatever is red",
    )
    assert report.succeeded and len(asked) == 1 and [s.call for s in report.steps] == [APPLE]


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("2", None),
        ("", None),
        ("the can", None),
        ("the coke can", 0),
        ("not the coke", None),
        ("anything but the pepsi", None),
        ("neither pepsi nor coke", None),
    ],
)
def test_words_that_fit_no_option_alone_mean_none(answer: str, meant: int | None) -> None:
    assert meant_option(answer, ("pick(coke_can_1)", "pick(pepsi_can_1)")) == meant


def test_things_that_differ_by_number_alone_are_told_apart() -> None:
    assert meant_option("apple_2", ("pick(apple_1)", "pick(apple_2)")) == 1


@pytest.mark.parametrize("strategy", list(Strategy))
def test_stop_ends_the_run(home: SymbolicHome, strategy: Strategy) -> None:
    report, asked, _ = run(
        home, with_alternatives(), rates(apple=0.5, orange=0.5), strategy=strategy, answer="Stop!"
    )
    assert asked and report.ending is Ending.CANCELLED and not home.runs


def test_without_a_calibration_too_an_answer_in_other_words_goes_to_the_model(home: SymbolicHome) -> None:
    model = ScriptedModel(PLAN, rates(apple=0.5, orange=0.5), rates(orange=0.9), rates(done=1.0))
    parts = home.parts(
        model,
        settings=Settings(strategy=Strategy.SAYCAN),
        person=lambda inquiry: "not the apple",
    )
    report = Executive(parts).run("hold a fruit")
    model.finish()
    assert [s.call for s in report.steps] == [ORANGE] and model.tasks[2].answer == "not the apple"


def test_the_goal_means_what_was_chosen(home: SymbolicHome) -> None:
    plan = decomposition("(holding apple_1)", "pick apple_1", alternatives=["pick orange_1"])
    report, _, _ = run(
        home, plan, rates(apple=0.5, orange=0.5), strategy=Strategy.PLAN_AHEAD, answer="pick(orange_1)"
    )
    assert report.succeeded and [s.call for s in report.steps] == [ORANGE]


@pytest.mark.parametrize("kind", [FailureKind.OVER_BUDGET, FailureKind.REJECTED, FailureKind.CANCELLED])
def test_a_choice_without_ratings_is_not_asked_when_the_model_may_not_be(
    home: SymbolicHome, kind: FailureKind
) -> None:
    report, asked, _ = run(
        home, with_alternatives(), Failure(kind=kind, reason="because"), strategy=Strategy.PLAN_AHEAD
    )
    assert not asked and "because" in report.reason and not home.runs


def test_a_choice_is_asked_without_ratings_when_the_server_is_down(home: SymbolicHome) -> None:
    down = Failure(kind=FailureKind.UNREACHABLE, reason="meltdown")
    report, asked, _ = run(
        home, with_alternatives(), down, strategy=Strategy.PLAN_AHEAD, answer="pick(orange_1)"
    )
    assert report.succeeded and asked[0].probabilities == () and [s.call for s in report.steps] == [ORANGE]
