"""Laws of what guards every request: the budget, the pause a server names, and what must never be written."""

import json
import math
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.language_model import ASK, DONE, NONE_OF_THESE, Decomposition, Failure, FailureKind
from planner.remote.gateway import (
    Account,
    Budget,
    CallFailed,
    Price,
    Redactor,
    Tokens,
    load_prices,
    retry_after_s,
)
from planner.remote.gateway.budget import Reservation
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import by_decisions
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_replies import openai_response
from tests.fakes.wired_model import (
    CONTRACTS,
    KEY,
    OPENAI,
    SCENE,
    TASK,
    check_failure,
    check_scores,
    decompose,
    error,
    plan_text,
    quick,
    wired,
)

pytestmark = pytest.mark.wire

PRICE = Price(input=2.0, cached=0.2, written=2.5, output=10.0)
GOOD = OPENAI.says(plan_text())
NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)

# ---- budget ----


@dataclass
class Book:
    """What an account must have set aside, kept beside it."""

    open: list[Reservation] = field(default_factory=list)
    tokens: int = 0
    usd: float = 0.0
    calls: int = 0

    def with_most(self, tokens: int, usd: float) -> tuple[int, int, float]:
        """Return calls, tokens and money if one more request used the most it can."""
        held = sum(r.tokens for r in self.open), sum(r.usd for r in self.open)
        return self.calls + 1, self.tokens + held[0] + tokens, self.usd + held[1] + usd


moves = st.tuples(st.sampled_from(["reserve", "settle", "release", "lose"]), *[st.floats(0.0, 1.0)] * 2)
limits = st.builds(
    Budget,
    calls=st.none() | st.integers(0, 12),
    tokens=st.none() | st.integers(0, 8000),
    usd=st.none() | st.floats(0.0, 0.05),
)


@given(limits, st.lists(moves, max_size=30))
def test_no_more_than_the_limit_is_ever_set_aside_or_used(
    budget: Budget, steps: list[tuple[str, float, float]]
) -> None:
    account, book = Account(budget), Book()
    for move, a, b in steps:
        if move == "reserve":
            read, written = int(3000 * a), int(1000 * b)
            wanted = book.with_most(read + written, PRICE.most_usd(read, written))
            allowed = (budget.calls, budget.tokens, budget.usd)
            try:
                book.open.append(account.reserve(read, written, PRICE, "m"))
            except CallFailed as failure:
                assert failure.kind is FailureKind.OVER_BUDGET
                assert any(
                    limit is not None and w > limit - 1e-9 for w, limit in zip(wanted, allowed, strict=True)
                )
                continue
            assert all(limit is None or w <= limit + 1e-9 for w, limit in zip(wanted, allowed, strict=True))
            book.calls += 1
        elif book.open and move != "lose":  # what was lost stays set aside
            reservation = book.open.pop(int(a * (len(book.open) - 1)))
            if move == "settle":
                used = Tokens(input=int(reservation.tokens * b))
                book.tokens, book.usd = book.tokens + used.input, book.usd + reservation.usd * b
                account.settle(reservation, used, reservation.usd * b)
            else:
                account.release(reservation)
    assert account.calls == book.calls and account.tokens == book.tokens
    assert account.usd == pytest.approx(book.usd)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 5))
def test_what_is_released_can_be_used_again(read: int, written: int, times: int) -> None:
    account = Account(Budget(calls=None, tokens=read + written, usd=PRICE.most_usd(read, written)))
    for _ in range(times):
        account.release(account.reserve(read, written, PRICE, "m"))
    account.reserve(read, written, PRICE, "m")
    if read + written:
        with pytest.raises(CallFailed):
            account.reserve(read, written, PRICE, "m")


counts = st.integers(0, 10**6)


@given(counts, counts, counts, counts)
def test_no_reply_costs_more_than_was_set_aside(fresh: int, cached: int, written: int, output: int) -> None:
    tokens = Tokens(input=fresh + cached + written, cached=cached, written=written, output=output)
    for price in (PRICE, *load_prices().prices.values()):
        assert 0.0 <= price.cost_usd(tokens) <= price.most_usd(tokens.input, output) + 1e-9


def needed(budget: Budget) -> float:
    """Return how much of what a far too small budget limits one decomposition could need."""
    with Vendor([]) as vendor, wired(vendor, OPENAI, calls=quick(budget=budget)) as model:
        reason = check_failure(decompose(model), FailureKind.OVER_BUDGET)
    return float(reason.partition("bring this run to ")[2].split()[0])


def room_for(requests: float) -> Budget:
    return Budget(tokens=int(requests * needed(Budget(tokens=1))))


def without_usage() -> Reply:
    reply = OPENAI.said(plan_text())
    return Reply(body=json.dumps({**reply, "usage": None}).encode())


def test_a_reply_that_does_not_say_what_it_used_keeps_what_was_set_aside() -> None:
    budget = room_for(1.5)
    with Vendor([without_usage()]) as vendor, wired(vendor, OPENAI, calls=quick(budget=budget)) as model:
        assert isinstance(decompose(model), Decomposition)
        assert "tokens" in check_failure(decompose(model), FailureKind.OVER_BUDGET)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(("fault", "is_kept"), [(error(401), False), (error(500), True)])
def test_only_what_the_server_surely_did_not_do_is_given_back(fault: Reply, is_kept: bool) -> None:
    calls = quick(budget=room_for(1.5), attempts=1)
    with Vendor([fault] if is_kept else [fault, GOOD]) as vendor, wired(vendor, OPENAI, calls=calls) as model:
        assert isinstance(decompose(model), Failure)
        answer = decompose(model)
    assert isinstance(answer, Failure if is_kept else Decomposition), answer


@pytest.mark.parametrize("limit", ["calls", "tokens", "usd"])
def test_nothing_is_sent_beyond_the_budget_and_the_next_run_has_a_fresh_one(limit: str) -> None:
    dear = Reply(json=openai_response(plan_text(), input_tokens=4000, cached=0, output_tokens=3000))
    least = {"calls": 2, "tokens": needed(Budget(tokens=1)), "usd": needed(Budget(usd=1e-6))}
    most = {"calls": 3, "tokens": least["tokens"] + 3 * 7000, "usd": 3 * least["usd"]}[limit]
    budget = Budget(**{"calls": None, "tokens": None, limit: most})
    with (
        Vendor.answering(lambda p, b: dear) as vendor,
        wired(vendor, OPENAI, calls=quick(budget=budget)) as model,
    ):
        for run in (1, 2):
            answers = [decompose(model) for _ in range(8)]
            used = model.gateway.account.usage()
            assert 2 <= used.calls < 8 and len(vendor.requests) == run * used.calls
            assert used.usd and used.usd <= most and used.input_tokens + used.output_tokens <= max(most, 1e5)
            assert all(isinstance(answer, Decomposition) for answer in answers[: used.calls])
            for answer in answers[used.calls :]:
                assert "its budget is" in check_failure(answer, FailureKind.OVER_BUDGET)
            model.end_run()


def test_a_budget_in_money_needs_a_price() -> None:
    calls = quick(budget=Budget(usd=5.0))
    with Vendor([]) as vendor, wired(vendor, "openai:gpt-99-new", calls=calls) as model:
        reason = check_failure(decompose(model), FailureKind.OVER_BUDGET)
        assert "openai:gpt-99-new" in reason and "no price" in reason and "--prices" in reason
    with Vendor([GOOD]) as vendor, wired(vendor, "openai:gpt-99-new") as model:
        answer = decompose(model)
        assert isinstance(answer, Decomposition) and answer.usage.usd is None


def test_a_rating_is_paid_at_its_endpoints_price() -> None:
    candidates = (call("go_to sink"), DONE, ASK)
    even = by_decisions(dict.fromkeys((*map(str, candidates), NONE_OF_THESE), 1.0))
    with Vendor([even]) as vendor, wired(vendor, OPENAI) as model:
        scores = check_scores(model.score(TASK, SCENE, CONTRACTS, candidates))
    assert scores.usage.usd == pytest.approx(((1200 - 1024) * 0.10 + 1024 * 0.01) / 1e6)
    assert vendor.requests[0].body["model"] == "gpt-6-luna"


# ---- the pause a server names ----


@given(st.floats(0.0, 1e12))
def test_a_pause_in_seconds_or_milliseconds(seconds: float) -> None:
    assert retry_after_s({"retry-after": repr(seconds)}) == pytest.approx(seconds)
    assert retry_after_s({"retry-after-ms": repr(seconds), "retry-after": "7"}) == pytest.approx(
        seconds / 1e3
    )


@given(st.timedeltas(timedelta(0), timedelta(days=9000)), st.booleans())
def test_a_pause_until_a_date(ahead: timedelta, says_where: bool) -> None:
    text = format_datetime(NOW + ahead, usegmt=True)
    pause = retry_after_s({"retry-after": text if says_where else text.replace("GMT", "-0000")}, NOW)
    assert pause is not None and abs(pause - ahead.total_seconds()) <= 1.0
    assert retry_after_s({"retry-after": format_datetime(NOW - ahead, usegmt=True)}, NOW) == 0.0


odd = st.text(max_size=40) | st.from_regex(
    r"\w{0,3},? ?-?\d{0,12} \w{3} -?\d{1,9} \d\d:\d\d:\d\d [+-]?\w{0,9}", fullmatch=True
)


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), odd))
def test_whatever_a_server_names_is_a_pause_or_nothing(headers: dict[str, str]) -> None:
    pause = retry_after_s(headers)
    assert pause is None or (pause >= 0.0 and not math.isnan(pause))


# ---- what must never be written ----

secret = st.text(string.ascii_letters + string.digits + "-_./+=", min_size=6, max_size=40)
around = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def nested(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers() | leaf
    return st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(leaf, inner, max_size=3)
    )


@given(secret, secret, st.data())
def test_a_secret_survives_nowhere(one: str, two: str, data: Any) -> None:
    redactor = Redactor(one, two, None, "none")
    leaf = st.tuples(around, st.sampled_from([one, two, ""]), around).map("".join)
    value = data.draw(nested(leaf))
    hidden = json.dumps(redactor.json(value), ensure_ascii=False).replace("[hidden]", "[]")
    assert json.dumps(one)[1:-1] not in hidden and json.dumps(two)[1:-1] not in hidden
    assert redactor.json(redactor.json(value)) == redactor.json(value)


@given(around, st.text(string.ascii_letters + string.digits + "_-", min_size=8, max_size=40), around)
def test_what_looks_like_a_key_is_hidden_unknown_as_it_is(before: str, tail: str, after: str) -> None:
    for key in (f"sk-{tail}", f"Bearer {tail}"):
        assert f"{before} {key} {after}".count(tail) > Redactor().text(f"{before} {key} {after}").count(tail)
    assert Redactor().text(f"https://{tail}@host/v1") == "https://[hidden]@host/v1"


@given(nested(st.text("abc xyz.,-0")))
def test_what_is_no_secret_stays(value: Any) -> None:
    assert Redactor(KEY, "none").json(value) == value
