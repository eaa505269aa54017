"""Whatever a server does, a plan or one reason comes back, after a bounded number of requests."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from planner.language_model import Decomposition, Failure, FailureKind
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_replies import anthropic_message, openai_chat, openai_response
from tests.fakes.wired_model import (
    ANTHROPIC,
    KEY,
    LOCAL,
    OPENAI,
    WIRES,
    Wire,
    check_failure,
    decompose,
    error,
    plan_text,
    quick,
    wired,
)

pytestmark = pytest.mark.wire

FUTURE, PAST = "Fri, 31 Dec 2099 23:59:59 GMT", "Wed, 21 Oct 2015 07:28:00 GMT"
HTML = Reply(body=b"<html><body>502 Bad Gateway</body></html>", content_type="text/html")
wires = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
sdks = pytest.mark.parametrize("wire", (OPENAI, ANTHROPIC), ids=lambda wire: wire.name)
"""The two vendors' clients; LOCAL sends with OpenAI's, so it adds nothing below the reading of replies."""


def ask_each(
    wire: Wire, *scripts: Sequence[Reply], key: str = KEY, **calls: Any
) -> list[Decomposition | Failure]:
    """Return the answers of one model, one to each script, all of which it asks for and no more."""
    steps = [step for script in scripts for step in script]
    answers = []
    with Vendor(steps) as vendor, wired(vendor, wire, calls=quick(**calls), key=key) as model:
        for script in scripts:
            before = len(vendor.requests)
            answers.append(decompose(model))
            assert len(vendor.requests) - before == len(script) == answers[-1].usage.calls, script
    return answers


def ask(wire: Wire, *script: Reply, key: str = KEY, **calls: Any) -> Decomposition | Failure:
    (answer,) = ask_each(wire, script, key=key, **calls)
    return answer


def check_recovers(wire: Wire, *scripts: Sequence[Reply]) -> None:
    """Check that a plan comes when a good reply follows each script."""
    for script, answer in zip(scripts, ask_each(wire, *([*s, good(wire)] for s in scripts)), strict=True):
        assert isinstance(answer, Decomposition) and len(answer.steps) == 4, (script, answer)


def check_fails(
    wire: Wire, kind: FailureKind, *scripts: Sequence[Reply], says: str = "", **calls: Any
) -> None:
    """Check that every script ends in a failure of that kind."""
    for answer in ask_each(wire, *scripts, **calls):
        assert says in check_failure(answer, kind), answer


def good(wire: Wire) -> Reply:
    return wire.says(plan_text())


def changed(wire: Wire, **changes: Any) -> Reply:
    """Return a good reply with other fields, unchecked by any type."""
    return Reply(body=json.dumps({**wire.said(plan_text()), **changes}).encode())


@sdks
def test_too_many_requests_passes_after_the_pause_the_server_names(wire: Wire) -> None:
    pauses: list[dict[str, str]] = [
        {"retry_after": "0.05"},
        {"retry_after_ms": "50"},
        {"retry_after_ms": "soon", "retry_after": "0.05"},
        *({"retry_after": odd} for odd in ("-3", "nan", "whenever", "", PAST, PAST.replace("GMT", "-0000"))),
        {},
    ]
    check_recovers(wire, *([error(429, **pause)] for pause in pauses))


@sdks
def test_a_pause_beyond_the_deadline_is_not_begun(wire: Wire) -> None:
    waits = ("300", "1e9", "1e999", FUTURE)
    for answer in ask_each(wire, *([error(429, retry_after=wait)] for wait in waits)):
        reason = check_failure(answer, FailureKind.UNREACHABLE)
        assert "too many requests" in reason and "asks to wait" in reason and "deadline" in reason


@sdks
def test_what_is_no_reply_is_asked_for_again(wire: Wire) -> None:
    bodies = (b"", b"[]", b"null", b"3.5", b'"words"', b"{" * 9, b"[" * 100_000, b"\xff\xfe", b"9" * 5000)
    faults = [
        error(500),
        error(503, retry_after="0.01"),
        error(529, code="overloaded_error"),
        error(408),
        error(409),
        Reply(status=502, body=HTML.body, content_type="text/html"),
        HTML,
        *(Reply(body=body) for body in bodies),
        changed(wire, extra="\ud800"),
    ]
    check_recovers(wire, *([fault, fault] for fault in faults))


@sdks
def test_a_cut_reply_is_asked_for_again(wire: Wire) -> None:
    whole, text = wire.said(plan_text()), json.dumps(wire.said(plan_text()))
    half = len(text) // 2
    check_recovers(
        wire, [Reply(json=whole, cut=0), Reply(json=whole, cut=half), Reply(body=text[:half].encode())]
    )


@wires
def test_a_reply_that_lacks_a_field_is_asked_for_again(wire: Wire) -> None:
    whole = wire.said(plan_text())
    lacking = [{k: v for k, v in whole.items() if k != field} for field in wire.required]
    lacking += [{**whole, field: None} for field in wire.required]
    check_recovers(wire, *([Reply(body=json.dumps(body).encode())] for body in lacking))


@sdks
def test_a_server_that_stays_down_is_asked_as_often_as_allowed(wire: Wire) -> None:
    faults = (error(500), error(529), Reply(status=500, body=b"meltdown"))
    scripts = [[fault] * 3 for fault in faults]
    check_fails(wire, FailureKind.UNREACHABLE, *scripts, says="(3 requests)", attempts=3)
    check_fails(wire, FailureKind.UNREACHABLE, [HTML, HTML], says="text/html", attempts=2)


@sdks
def test_nobody_at_the_address_is_said(wire: Wire) -> None:
    with Vendor([]) as vendor:
        pass
    with wired(vendor, wire, calls=quick(attempts=2)) as model:
        assert "no connection" in check_failure(decompose(model), FailureKind.UNREACHABLE)


@sdks
def test_a_used_up_quota_is_not_asked_again(wire: Wire) -> None:
    spent = error(429, "You exceeded your current quota.", code="insufficient_quota", retry_after="0.01")
    check_fails(wire, FailureKind.REJECTED, [spent], says="quota is used up")


@sdks
def test_what_will_never_be_served_is_asked_once(wire: Wire) -> None:
    for kind, statuses in NEVER.items():
        scripts = [[error(status, f"No: Bearer {KEY}")] for status in statuses]
        check_fails(wire, kind, *scripts, says="[hidden]")
        check_fails(wire, kind, *([Reply(status=status, body=KEY.encode())] for status in statuses))


NEVER = {FailureKind.REJECTED: (401, 402, 403, 413), FailureKind.UNSUPPORTED: (400, 404, 422)}


@sdks
def test_a_key_of_any_shape_is_hidden_even_where_a_message_is_cut(wire: Wire) -> None:
    key = "canary/0123456789abcdef"
    scripts = [[error(401, f"{'x' * padding} {key} is wrong")] for padding in (0, 280, 290, 296)]
    check_fails(wire, FailureKind.REJECTED, *scripts, key=key)


@sdks
def test_an_error_of_any_shape_becomes_one_sentence(wire: Wire) -> None:
    bodies: list[Any] = [None, [], 5, "no", {}, {"error": None}, {"error": "no"}, {"message": ["no"]}]
    bodies += [{"error": {"message": message}} for message in (None, 5, "a\n\x1b[31mb\x00", "long " * 5000)]
    scripts = [[Reply(status=403, body=json.dumps(body).encode())] for body in bodies]
    check_fails(wire, FailureKind.REJECTED, *scripts, says="HTTP 403")


@sdks
def test_the_deadline_ends_a_reply_that_trickles_or_never_comes(wire: Wire) -> None:
    trickle = Reply(json=wire.said(plan_text()), trickle_s=1.0)
    late = Reply(json=wire.said(plan_text()), delay_s=60.0)
    scripts = [[trickle], [Reply(hang=True)], [late]]
    says = "1 sent, none answered"
    check_fails(wire, FailureKind.DEADLINE, *scripts, says=says, decompose_deadline_s=0.4)


@sdks
def test_one_deadline_holds_for_retries_and_corrections_together(wire: Wire) -> None:
    steps = (error(500, "meltdown"), wire.says("not JSON"), Reply(hang=True))
    check_fails(wire, FailureKind.DEADLINE, steps, decompose_deadline_s=0.6)


REFUSALS = [
    (OPENAI, OPENAI.refused),
    (OPENAI, openai_response("half", status="incomplete", incomplete_reason="content_filter")),
    (ANTHROPIC, ANTHROPIC.refused),
    (LOCAL, LOCAL.refused),
    (LOCAL, openai_chat("half", finish="content_filter")),
]


@wires
def test_a_refusal_is_a_refusal_and_is_not_asked_again(wire: Wire) -> None:
    scripts = [[Reply(json=reply)] for of, reply in REFUSALS if of is wire]
    check_fails(wire, FailureKind.REFUSED, *scripts)


CUTS = [(wire, wire.cut(plan_text()[:60])) for wire in WIRES]
CUTS += [
    (OPENAI, openai_response("", status="incomplete", incomplete_reason="max_output_tokens", reasoning=4000)),
    (ANTHROPIC, anthropic_message("{", stop="model_context_window_exceeded")),
    (ANTHROPIC, anthropic_message("", stop="max_tokens")),
]


@pytest.mark.parametrize(("wire", "reply"), CUTS)
def test_an_answer_at_the_token_limit_is_asked_for_again_and_shorter(wire: Wire, reply: Any) -> None:
    with Vendor([Reply(json=reply), good(wire)]) as vendor, wired(vendor, wire) as model:
        assert isinstance(decompose(model), Decomposition)
    assert "cut off at the token limit" in json.dumps(vendor.requests[1].body)
    reason = check_failure(ask(wire, *[Reply(json=reply)] * 3), FailureKind.BAD_ANSWER)
    assert "token limit" in reason


@wires
def test_a_reply_that_ended_in_no_known_way_is_no_answer(wire: Wire) -> None:
    unknown = ("weird", 5, {}, [])
    odd = {
        OPENAI.name: [{"status": s} for s in (*unknown, "in_progress", "cancelled", "queued")],
        ANTHROPIC.name: [{"stop_reason": s} for s in (*unknown, "tool_use", "pause_turn")],
        LOCAL.name: [{"choices": c} for c in ([], "none", {}, [7], [{"message": None}], [{}])],
    }
    check_fails(wire, FailureKind.UNREACHABLE, *([changed(wire, **changes)] for changes in odd[wire.name]))


def test_a_response_that_failed_at_the_vendor_is_asked_for_again_and_its_reason_is_told() -> None:
    failed = changed(OPENAI, status="failed", error={"code": "server_error", "message": "out of tea"})
    check_recovers(OPENAI, [failed])
    assert "out of tea" in check_failure(ask(OPENAI, failed, failed, attempts=2), FailureKind.UNREACHABLE)


@wires
def test_a_reply_without_text_is_an_answer_that_cannot_be_used(wire: Wire) -> None:
    empty = ([], {}, "text", [5], [{}], [{"type": "message", "content": 5}], [{"type": "text", "text": None}])
    said: list[Any] = [{"content": None}, {"content": ["a"]}, {"content": 5}, {"role": "assistant"}]
    odd = {
        OPENAI.name: [{"output": value} for value in empty],
        ANTHROPIC.name: [{"content": value} for value in empty],
        LOCAL.name: [{"choices": [{"message": m, "finish_reason": "stop"}]} for m in said],
    }
    scripts = [[changed(wire, **changes)] * 3 for changes in odd[wire.name]]
    check_fails(wire, FailureKind.BAD_ANSWER, *scripts, says="3 answers could not be used")


@sdks
def test_only_the_final_words_are_the_answer(wire: Wire) -> None:
    whole = wire.said(plan_text())
    if wire is ANTHROPIC:
        thought = {"type": "thinking", "thinking": "An apple.", "signature": "s"}
        parts = {"content": [thought, *whole["content"]]}
    else:
        thought = {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "An apple."}],
        }
        (said,) = whole["output"]
        aside = {**said, "phase": "commentary", "content": [{**said["content"][0], "text": "Hm."}]}
        parts = {"output": [thought, aside, {**said, "phase": "final_answer"}]}
    assert isinstance(ask(wire, Reply(json={**whole, **parts})), Decomposition)


@wires
def test_a_key_in_an_answer_is_hidden(wire: Wire) -> None:
    reply = wire.says(plan_text(None, [], not_understood=f"Is {KEY} yours?"))
    answer = ask(wire, reply)
    assert isinstance(answer, Decomposition) and answer.not_understood == "Is [hidden] yours?"


@sdks
def test_an_odd_usage_record_does_not_spoil_the_answer(wire: Wire) -> None:
    odd: tuple[Any, ...] = (None, [], {"input_tokens": "many", "output_tokens": -4}, {"prompt_tokens": 1e300})
    for answer in ask_each(wire, *([changed(wire, usage=usage)] for usage in odd)):
        assert isinstance(answer, Decomposition), answer
