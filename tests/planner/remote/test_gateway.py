"""The one place that sends: hedges, cache and record, over real sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from planner.journal import ExchangeLog, read_recording
from planner.language_model import ASK, DONE, NONE_OF_THESE, Decomposition, Failure, FailureKind
from planner.remote.gateway import (
    Body,
    Budget,
    CallFailed,
    CallSettings,
    Gateway,
    Recording,
    Redactor,
    Request,
    Tokens,
    load_prices,
)
from planner.remote.scorers import Rated
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import by_decisions
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.wired_model import (
    ANTHROPIC,
    CONTRACTS,
    KEY,
    LOCAL,
    OPENAI,
    OTHER_SCENE,
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

GOOD = OPENAI.says(plan_text())
OTHER_PLAN = OPENAI.says(plan_text("(holding apple_1)", ["pick apple_1"]))
CANDIDATES = (call("pick apple_1"), call("go_to sink"), DONE, ASK)
EVEN = by_decisions(dict.fromkeys((*map(str, CANDIDATES), NONE_OF_THESE), 1.0))


def hedged(after_s: float, **changes: Any) -> CallSettings:
    return quick(hedge=True, hedge_after_s=after_s, attempts=1, **changes)


# ---- hedging ----


def test_a_quick_answer_is_not_hedged() -> None:
    with Vendor([GOOD]) as vendor, wired(vendor, OPENAI, calls=hedged(60.0)) as model:
        assert isinstance(decompose(model), Decomposition)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "first", [Reply(hang=True), Reply(status=500, json={}, delay_s=0.15)], ids=["hangs", "fails late"]
)
def test_a_second_request_saves_one_that_hangs_or_fails(first: Reply) -> None:
    second = Reply(json=GOOD.json, delay_s=0.1)
    with Vendor([first, second]) as vendor, wired(vendor, OPENAI, calls=hedged(0.05)) as model:
        answer = decompose(model)
        assert isinstance(answer, Decomposition), answer
        assert answer.usage.calls == 2 and model.gateway.account.calls == 2
    first_sent, second_sent = vendor.requests
    assert first_sent.body == second_sent.body


def test_a_second_request_that_fails_does_not_lose_the_first() -> None:
    script = [Reply(json=GOOD.json, delay_s=0.3), error(500)]
    with Vendor(script) as vendor, wired(vendor, OPENAI, calls=hedged(0.05)) as model:
        assert isinstance(decompose(model), Decomposition)
    assert len(vendor.requests) == 2


def test_two_that_fail_are_one_failure() -> None:
    script = [Reply(status=500, json={}, delay_s=0.15), error(503)]
    with Vendor(script) as vendor, wired(vendor, OPENAI, calls=hedged(0.05)) as model:
        answer = decompose(model)
    check_failure(answer, FailureKind.UNREACHABLE)
    assert isinstance(answer, Failure) and answer.usage.calls == 2


def test_a_hedge_that_the_budget_forbids_is_left_out() -> None:
    slow = Reply(json=GOOD.json, delay_s=0.2)
    calls = hedged(0.05, budget=Budget(calls=1))
    with Vendor([slow]) as vendor, wired(vendor, OPENAI, calls=calls) as model:
        answer = decompose(model)
    assert isinstance(answer, Decomposition) and answer.usage.calls == 1
    assert len(vendor.requests) == 1


def gateway_of(settings: CallSettings) -> Gateway:
    return Gateway(settings, load_prices(), Redactor(KEY))


async def ask(gateway: Gateway, send: Callable[[Request], Awaitable[Body]], *, within_s: float) -> Body:
    request = Request(purpose="score", model="local:here#x", endpoint="chat", body={"a": 1})
    deadline = asyncio.get_running_loop().time() + within_s
    return (await gateway.ask(request, send, lambda body: Tokens(), deadline=deadline)).body


@pytest.mark.parametrize("after_s", [0.02, 60.0], ids=["second sent", "second not sent yet"])
def test_the_deadline_cancels_whatever_was_sent(after_s: float) -> None:
    cancelled = []

    async def send(request: Request) -> Body:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(request)
            raise
        raise AssertionError

    async def run() -> int:
        with pytest.raises(CallFailed) as failed:
            await ask(gateway_of(hedged(after_s)), send, within_s=0.1)
        assert failed.value.kind is FailureKind.DEADLINE
        return len(asyncio.all_tasks()) - 1

    assert asyncio.run(run()) == 0, "something goes on after the deadline"
    assert len(cancelled) == (2 if after_s < 1.0 else 1)


def test_the_pause_before_a_hedge_is_measured() -> None:
    async def send(request: Request) -> Body:
        return {}

    async def run() -> tuple[float | None, float | None]:
        gateway = gateway_of(quick(hedge=True))
        for _ in range(19):
            await ask(gateway, send, within_s=10.0)
        early = gateway.hedge_after_s("chat")
        assert gateway.hedge_after_s("another") is None
        await ask(gateway, send, within_s=10.0)
        return early, gateway.hedge_after_s("chat")

    early, late = asyncio.run(run())
    assert early is None and late is not None and 0.0 <= late < 10.0


# ---- cache ----


def test_the_same_question_costs_once(tmp_path: Path) -> None:
    calls = quick(cache=tmp_path)
    with Vendor([GOOD]) as vendor:
        answers = []
        for _ in range(2):
            with wired(vendor, OPENAI, calls=calls) as model:
                answers.append(decompose(model))
    first, second = answers
    assert isinstance(first, Decomposition) and isinstance(second, Decomposition)
    assert first.steps == second.steps and (first.usage.calls, second.usage.calls) == (1, 0)
    assert second.usage.usd == 0.0


def test_another_model_or_prompt_or_sample_is_another_question(tmp_path: Path) -> None:
    calls = quick(cache=tmp_path)
    nothing = plan_text(None, [], not_understood="no")
    with Vendor([OPENAI.says(nothing)] * 3) as vendor:
        for name, scene in (("openai", SCENE), ("openai:gpt-6-sol", SCENE), ("openai", OTHER_SCENE)):
            with wired(vendor, name, calls=calls) as model:
                model.decompose(TASK, scene, CONTRACTS)
    assert len({request.body["model"] for request in vendor.requests}) == 2
    chances = ANTHROPIC.says('{"o0": 20, "o1": 20, "o2": 20, "o3": 20, "o4": 20}')
    with Vendor([chances] * 3) as vendor, wired(vendor, ANTHROPIC, calls=calls, samples=3) as model:
        for _ in range(2):
            check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))


def test_the_same_model_on_another_server_is_another_model(tmp_path: Path) -> None:
    for _ in range(2):
        with (
            Vendor([LOCAL.says(plan_text())]) as vendor,
            wired(vendor, LOCAL, calls=quick(cache=tmp_path)) as model,
        ):
            assert isinstance(decompose(model), Decomposition)


def test_samples_of_one_question_are_kept_one_by_one(tmp_path: Path) -> None:
    script = [ANTHROPIC.says(f'{{"o0": {p}, "o1": {100 - p}}}') for p in (90, 80, 70, 60, 50)]
    calls = quick(cache=tmp_path)
    with Vendor(script) as vendor, wired(vendor, ANTHROPIC, calls=calls, samples=5) as model:
        prompt = model.prompting.situation("bring it", "a cup", CONTRACTS)
        # One option and "none of these" have but two orders, so most samples ask the same words.
        first, second = (model.rate(prompt, ("bring the cup",)) for _ in range(2))
    assert isinstance(first, Rated) and first.probabilities["bring the cup"] == pytest.approx(0.7)
    assert first == second


def test_what_could_not_be_used_is_not_kept(tmp_path: Path) -> None:
    calls = quick(cache=tmp_path)
    for bad in ([Reply(json=OPENAI.refused)], [OPENAI.says("not JSON")] * 3):
        with Vendor([*bad, GOOD]) as vendor, wired(vendor, OPENAI, calls=calls) as model:
            assert isinstance(decompose(model), Failure)
            assert isinstance(decompose(model), Decomposition)
        for file in tmp_path.rglob("*.json"):
            file.unlink()


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b"\xff\xfe", b"null"])
def test_a_damaged_answer_is_asked_for_again(tmp_path: Path, damage: bytes) -> None:
    calls = quick(cache=tmp_path)
    with Vendor([GOOD, GOOD]) as vendor, wired(vendor, OPENAI, calls=calls) as model:
        decompose(model)
        (file,) = tmp_path.rglob("*.json")
        assert KEY.encode() not in file.read_bytes()
        file.write_bytes(damage)
        for _ in range(2):
            assert isinstance(decompose(model), Decomposition)


# ---- record ----


def test_a_record_answers_in_its_order_failures_too_and_sends_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "journal.sqlite"
    script = [GOOD, error(401, f"wrong key {KEY}"), OPENAI.says("not JSON"), OTHER_PLAN]
    log = ExchangeLog(journal)
    with Vendor(script) as vendor, wired(vendor, OPENAI) as model:
        model.begin_run(log)
        recorded = [decompose(model) for _ in range(3)]
        model.end_run()
    log.close()
    assert KEY.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    with Vendor([]) as vendor, wired(vendor, OPENAI, is_replay=True) as model:
        model.begin_run(None, read_recording(journal))
        replayed = [decompose(model) for _ in range(3)]
        check_failure(decompose(model), FailureKind.NO_RECORD)
        assert model.gateway.account.calls == 0
    assert vendor.requests == ()
    for old, new in zip(recorded, replayed, strict=True):
        if isinstance(old, Failure):
            assert isinstance(new, Failure) and (new.kind, new.reason) == (old.kind, old.reason)
        else:
            assert isinstance(new, Decomposition) and (new.goal, new.steps) == (old.goal, old.steps)


def test_without_a_record_a_replay_is_silent() -> None:
    with Vendor([]) as vendor, wired(vendor, ANTHROPIC, is_replay=True) as model:
        model.begin_run(None, Recording([]))
        check_failure(decompose(model), FailureKind.NO_RECORD)
        check_failure(model.score(TASK, SCENE, CONTRACTS, CANDIDATES), FailureKind.NO_RECORD)
    assert vendor.requests == ()
