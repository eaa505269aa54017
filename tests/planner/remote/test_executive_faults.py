"""Whole runs on a home of facts while the model's server misbehaves: nothing wrong is dispatched, ever."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from planner.executive import Bounds, Ending, Inquiry, Strategy
from planner.language_model import FailureKind
from tests.fakes.mock_vendor import Fault, mock_vendor
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_schemas import DECISIONS
from tests.fakes.watched_run import check_done, check_given_up, run
from tests.fakes.wired_model import ANTHROPIC, KEY, OPENAI, Wire, error, plan_text

pytestmark = pytest.mark.wire

SAYCAN = Strategy.SAYCAN
strategies = pytest.mark.parametrize("strategy", list(Strategy))
wires = pytest.mark.parametrize("wire", [OPENAI, ANTHROPIC], ids=lambda wire: wire.name)
HTML = Reply(body=b"<html>", content_type="text/html")
HANG = Reply(hang=True)
NONSENSE = "I will fetch the apple."


def at(*numbers: int, reply: Reply) -> Fault:
    """Send `reply` instead of the right answer to the requests with these numbers, from 1."""
    return lambda number, path, body: reply if number in numbers else None


PASSING: Mapping[str, Reply] = {
    "busy": error(429, retry_after="0.01"),
    "broken": error(500),
    "overloaded": error(529),
    "a page": HTML,
    "cut": Reply(body=b'{"id": "resp_1", "outp'),
    "no connection": Reply(json={}, status=500, cut=0),
    "a list": Reply(body=b"[]"),
    "no fields": Reply(body=b"{}"),
}


@strategies
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_what_passes_is_not_even_noticed(strategy: Strategy, fault: Reply) -> None:
    done = run(mock_vendor(at(1, 3, reply=fault)), strategy=strategy)
    check_done(done)
    assert not done.failures and not done.asked
    assert done.report is not None and done.report.model_calls == done.requests


FINAL: Mapping[str, tuple[FailureKind, Reply, str]] = {
    "wrong key": (FailureKind.REJECTED, error(401, f"wrong key {KEY}"), "[hidden]"),
    "no money": (FailureKind.REJECTED, error(429, "spent", code="insufficient_quota"), "quota"),
    "down": (FailureKind.UNREACHABLE, error(500, "meltdown"), "meltdown"),
    "a long wait": (FailureKind.UNREACHABLE, error(429, retry_after="3600"), "asks to wait 3600 s"),
    "a page": (FailureKind.UNREACHABLE, HTML, "text/html"),
    "silent": (FailureKind.DEADLINE, HANG, "no answer within the deadline"),
}


@wires
@pytest.mark.parametrize(("kind", "fault", "says"), FINAL.values(), ids=FINAL)
def test_what_does_not_pass_ends_the_run_with_one_reason(
    wire: Wire, kind: FailureKind, fault: Reply, says: str
) -> None:
    done = run(Vendor.answering(lambda path, body: fault), wire=wire, decompose_deadline_s=0.4)
    assert says in check_given_up(done, kind)
    assert not done.home.runs and done.requests <= 2


@pytest.mark.parametrize(("kind", "fault", "says"), FINAL.values(), ids=FINAL)
def test_a_rating_that_does_not_come_stops_the_robot_where_it_is(
    kind: FailureKind, fault: Reply, says: str
) -> None:
    def from_the_third_on(number: int, path: str, body: Any) -> Reply | None:
        return fault if number >= 3 else None

    done = run(mock_vendor(from_the_third_on), strategy=SAYCAN, score_deadline_s=0.4)
    assert says in check_given_up(done, kind)
    assert [str(call) for call, _, _ in done.home.runs] == ["go_to(table)"]


@wires
def test_a_refusal_of_the_model_is_a_refusal_of_the_task(wire: Wire) -> None:
    refusal = Vendor([Reply(json=wire.refused)])
    done = run(refusal, wire=wire, person=lambda inquiry: pytest.fail("asked about a refusal"))
    check_given_up(done, FailureKind.REFUSED, Ending.REFUSED)
    assert not done.home.runs


BAD: Mapping[str, str] = {
    "no JSON": NONSENSE,
    "nothing": plan_text(None, []),
    "a skill": plan_text(steps=["juggle apple_1"]),
    "an object": plan_text(steps=["pick dragon_1"]),
    "a predicate": plan_text(goal="(juggled apple_1)"),
    "a type": plan_text(steps=["pick table"]),
    "twice": plan_text().replace('"goal"', '"goal": null, "goal"'),
}


@strategies
@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_an_unusable_plan_is_asked_for_afresh_and_then_given_up(strategy: Strategy, text: str) -> None:
    vendor = Vendor([OPENAI.says(text)] * 6)
    done = run(vendor, strategy=strategy, bounds=Bounds(decompositions=2))
    assert done.report is not None and done.report.ending is Ending.STOPPED
    assert [failure.kind for failure in done.failures] == [FailureKind.BAD_ANSWER] * 2
    assert done.failures[-1].reason in done.report.reason
    assert not done.home.runs


@wires
def test_a_plan_that_is_good_at_the_second_asking_is_done(wire: Wire) -> None:
    done = run(Vendor([wire.says(NONSENSE)] * 3 + [wire.says(plan_text())]), wire=wire)
    check_done(done)
    assert [failure.kind for failure in done.failures] == [FailureKind.BAD_ANSWER]


@wires
def test_steps_that_are_known_and_impossible_are_mended_before_they_are_dispatched(wire: Wire) -> None:
    steps = ["hand_over apple_1", "pick apple_1"]
    check_done(run(Vendor([wire.says(plan_text(steps=steps))]), wire=wire))


def test_done_is_not_believed_and_what_was_not_offered_is_not_done() -> None:
    def lying(number: int, path: str, body: Any) -> Reply | None:
        if path != DECISIONS:
            return None
        values = [option["value"] for option in body["questions"][0]["choices"]]
        made_up = "pick(dragon_1)" if number % 2 else "done()"
        weights = {**dict.fromkeys(values, 0.001), made_up: 0.9}
        told = [{"value": value, "probability": p} for value, p in weights.items()]
        choice = {"type": "choice", "name": "next", "choice": made_up, "confidence": 0.9}
        answers = [{**choice, "probabilities": told}]
        answers += [
            {"type": "predicate", "name": q["name"], "probability": 0.9} for q in body["questions"][1:]
        ]
        return Reply(json={"model": "gpt-6-luna", "answers": answers, "usage": USAGE})

    done = run(mock_vendor(lying), strategy=SAYCAN, bounds=Bounds(steps=3))
    assert done.report is not None and done.report.ending is Ending.STOPPED
    assert "dragon_1" not in str(done.home.runs)


USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 10,
}


# ---- the person ----


def saying(*answers: str | None) -> Callable[[Inquiry], str | None]:
    left = list(answers)
    return lambda inquiry: left.pop(0)


@strategies
def test_the_person_is_asked_and_the_run_goes_on_when_the_fault_has_passed(strategy: Strategy) -> None:
    done = run(mock_vendor(at(1, 2, reply=error(500))), strategy=strategy, person=saying("try again"))
    check_done(done)
    (asked,) = done.asked
    assert asked.options == ("try again", "stop") and "HTTP 500" in asked.question
    assert [failure.kind for failure in done.failures] == [FailureKind.UNREACHABLE]


@strategies
def test_a_person_who_never_gives_up_is_asked_three_times(strategy: Strategy) -> None:
    done = run(
        mock_vendor(lambda number, path, body: error(500) if number > 1 or strategy is not SAYCAN else None),
        strategy=strategy,
        person=lambda inquiry: inquiry.options[0],
    )
    assert done.report is not None and done.report.ending is Ending.STOPPED
    assert len(done.asked) == 3 and len(done.failures) == 4 and done.requests <= 9


@pytest.mark.parametrize("answer", ["stop", None])
def test_the_person_may_let_it_be(answer: str | None) -> None:
    done = run(mock_vendor(at(1, 2, reply=HTML)), person=saying(answer))
    check_given_up(done, FailureKind.UNREACHABLE)
    assert not done.home.runs and len(done.asked) == 1


@pytest.mark.parametrize("fault", [error(401), error(429, code="insufficient_quota")])
def test_the_person_is_not_asked_about_what_asking_again_cannot_change(fault: Reply) -> None:
    done = run(Vendor([fault]), person=lambda inquiry: pytest.fail("asked"))
    check_given_up(done, FailureKind.REJECTED)


def test_without_ratings_the_person_chooses_among_what_is_possible() -> None:
    offered: list[tuple[str, ...]] = []

    def person(inquiry: Inquiry) -> str:
        offered.append(inquiry.options)
        assert not inquiry.probabilities
        return "go_to(table)"

    done = run(mock_vendor(at(2, 3, reply=error(503))), strategy=SAYCAN, person=person)
    check_done(done)
    assert "go_to(table)" in offered[0] and str(done.home.runs[0][0]) == "go_to(table)"


@strategies
def test_a_question_of_the_model_without_a_person_moves_nothing(strategy: Strategy) -> None:
    text = plan_text(None, [], question="Which fruit?", options=["apple_1", "orange_1"])
    done = run(Vendor([OPENAI.says(text)]), strategy=strategy)
    assert done.report is not None and done.report.ending is Ending.NEEDS_ANSWER
    assert done.report.reason == "Which fruit?" and not done.home.runs and not done.failures
