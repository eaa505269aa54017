"""Whole runs whose model may spend only so much, thinks ahead, or fails when the world has failed already."""

import json
from pathlib import Path
from typing import Any

import pytest

from planner.executive import Ending, ModelCalled, Strategy
from planner.journal import ExchangeLog, read_recording, unanswered
from planner.language_model import FailureKind
from planner.remote.gateway import Budget
from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.symbolic_home import SymbolicHome
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_schemas import DECISIONS
from tests.fakes.watched_run import WatchedRun, check_done, check_given_up, run
from tests.fakes.wired_model import ANTHROPIC, OPENAI, Wire, error, plan_text

pytestmark = pytest.mark.wire

PLAN_AHEAD, SAYCAN = Strategy.PLAN_AHEAD, Strategy.SAYCAN
WAY = ["go_to(table)", "pick(apple_1)", "go_to(operator)", "hand_over(apple_1)"]


def names(done: WatchedRun) -> list[str]:
    return [str(call) for call, _, _ in done.home.runs]


# ---- budget ----


@pytest.mark.parametrize("requests", [0, 1, 3, 4])
def test_a_run_out_of_requests_holds_where_it_is(requests: int) -> None:
    done = run(mock_vendor(), strategy=SAYCAN, budget=Budget(calls=requests))
    reason = check_given_up(done, FailureKind.OVER_BUDGET)
    assert (
        reason
        == f"the next request could bring this run to {requests + 1} requests, and its budget is {requests}"
    )
    assert done.requests == requests and names(done) == WAY[: max(0, requests - 1)]


def test_a_budget_that_is_just_enough_is_enough() -> None:
    check_done(run(mock_vendor(), strategy=PLAN_AHEAD, budget=Budget(calls=1)))
    check_done(run(mock_vendor(), strategy=SAYCAN, budget=Budget(calls=6)))


@pytest.mark.parametrize("wire", [OPENAI, ANTHROPIC], ids=lambda wire: wire.name)
@pytest.mark.parametrize(("budget", "unit"), [(Budget(tokens=500), "tokens"), (Budget(usd=1e-5), "USD")])
def test_nothing_is_sent_that_could_cost_too_much(wire: Wire, budget: Budget, unit: str) -> None:
    done = run(Vendor([]), wire=wire, budget=budget, person=lambda inquiry: pytest.fail("asked"))
    reason = check_given_up(done, FailureKind.OVER_BUDGET)
    assert f"{unit}, and its budget is" in reason and not done.requests and not done.home.runs


def used_by(done: WatchedRun) -> tuple[int, float]:
    """Return tokens and money that a run's answers cost."""
    usages = [event.usage for event in done.events if isinstance(event, ModelCalled)]
    return sum(u.input_tokens + u.output_tokens for u in usages), sum(u.usd or 0.0 for u in usages)


@pytest.mark.parametrize("share", [0.9, 1.1, 1.3, 1.5, 4.0])
def test_what_is_left_decides_how_far_a_run_gets(share: float) -> None:
    tokens, usd = used_by(run(mock_vendor(), strategy=SAYCAN))
    for budget in (Budget(tokens=round(tokens * share)), Budget(usd=usd * share)):
        done = run(mock_vendor(), strategy=SAYCAN, budget=budget)
        used_tokens, used_usd = used_by(done)
        assert budget.tokens is None or used_tokens <= budget.tokens
        assert budget.usd is None or used_usd <= budget.usd
        assert names(done) == WAY[: len(names(done))]
        if names(done) != WAY or done.failures:
            check_given_up(done, FailureKind.OVER_BUDGET)


def test_a_hopeless_retry_does_not_break_the_budget() -> None:
    done = run(Vendor([error(500)] * 2), budget=Budget(calls=2), attempts=4)
    reason = check_given_up(done, FailureKind.OVER_BUDGET)
    assert "3 requests" in reason and done.requests == 2


@pytest.mark.parametrize("strategy", list(Strategy))
def test_a_model_without_a_price_is_not_used_under_a_budget_in_money(strategy: Strategy) -> None:
    done = run(Vendor([]), wire="openai:gpt-99", strategy=strategy, budget=Budget(usd=5.0))
    reason = check_given_up(done, FailureKind.OVER_BUDGET)
    assert "openai:gpt-99" in reason and "no price" in reason and "--prices FILE" in reason


# ---- thinking ahead ----


def ahead(done: WatchedRun) -> list[bool]:
    """Return of each rating whether it was computed ahead."""
    called = [e for e in done.events if isinstance(e, ModelCalled) and e.purpose == "score"]
    return ["(computed ahead)" in event.answer for event in called]


def test_what_was_rated_ahead_is_taken_while_the_world_does_as_predicted() -> None:
    done = run(mock_vendor(), strategy=SAYCAN, prefetch=True)
    check_done(done)
    assert names(done) == WAY and ahead(done) == [False, True, True, True, True]


def test_what_was_rated_ahead_for_a_scene_that_did_not_come_is_not_used() -> None:
    home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
    home.script["pick"].append("lie")
    done = run(mock_vendor(), strategy=SAYCAN, prefetch=True, home=home)
    check_done(done)
    assert names(done) == [*WAY[:2], *WAY[1:]]
    assert ahead(done) == [False, True, False, True, True, True]


def test_a_rating_that_failed_ahead_is_asked_for_when_it_is_needed() -> None:
    def fail_once(number: int, path: str, body: Any) -> Reply | None:
        return error(503) if number == 3 else None

    done = run(mock_vendor(fail_once), strategy=SAYCAN, prefetch=True, attempts=1)
    check_done(done)
    assert not done.failures and ahead(done)[:2] == [False, False]


# ---- when the world has failed already ----


@pytest.mark.parametrize("wire", [OPENAI, ANTHROPIC], ids=lambda wire: wire.name)
def test_no_second_plan_leaves_the_robot_at_rest_after_the_first(wire: Wire) -> None:
    home = SymbolicHome({"apple_1": "table"})
    home.script["pick"].extend(["fail"] * 3)
    done = run(Vendor([wire.says(plan_text()), error(403, "no")]), wire=wire, home=home)
    assert "HTTP 403" in check_given_up(done, FailureKind.REJECTED)
    assert names(done)[-1] == "pick(apple_1)" and done.home.stops


def test_the_second_plan_is_told_what_went_wrong_and_checked_like_the_first() -> None:
    home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
    home.script["pick"].extend(["fail"] * 3)
    second = plan_text("(with_operator orange_1)", ["pick dragon_1"])
    third = plan_text("(with_operator orange_1)", ["pick orange_1", "hand_over orange_1"])
    vendor = Vendor([OPENAI.says(text) for text in (plan_text(), second, third)])
    done = run(vendor, home=home)
    assert done.report is not None and done.report.succeeded
    told = json.dumps(vendor.requests[1].body)
    assert "# What differs from what was expected" in told and "pick(apple_1)" in told
    assert "dragon_1" not in str(names(done))


# ---- the record ----


def test_a_run_full_of_faults_is_written_down_and_done_again_from_the_record(tmp_path: Path) -> None:
    faults = {
        1: error(500),
        3: Reply(body=b"{"),
        4: Reply(json=None, body=b'{"answers": [{"type": "\\ud800"}]}'),
    }
    log = ExchangeLog(tmp_path / "journal.sqlite")
    first = run(mock_vendor(lambda n, path, body: faults.get(n)), strategy=SAYCAN, ledger=log, attempts=4)
    log.close()
    check_done(first)
    assert unanswered(tmp_path / "journal.sqlite") == 0
    recording = read_recording(tmp_path / "journal.sqlite")
    again = run(Vendor([]), strategy=SAYCAN, recording=recording)
    check_done(again)
    assert names(again) == names(first) and again.requests == 0


def test_a_run_that_ended_by_a_fault_ends_so_again_from_the_record(tmp_path: Path) -> None:
    def down(number: int, path: str, body: Any) -> Reply | None:
        return error(500, "meltdown") if number >= 3 and path == DECISIONS else None

    log = ExchangeLog(tmp_path / "journal.sqlite")
    first = run(mock_vendor(down), strategy=SAYCAN, ledger=log)
    log.close()
    again = run(Vendor([]), strategy=SAYCAN, recording=read_recording(tmp_path / "journal.sqlite"))
    reasons = [check_given_up(done, FailureKind.UNREACHABLE) for done in (first, again)]
    assert reasons[0] == reasons[1] and names(first) == names(again) == WAY[:1]
    assert first.report is not None and first.report.ending is Ending.STOPPED
