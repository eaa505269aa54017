"""The loopback vendor objects to what the real ones refuse, and misbehaves exactly as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import anthropic
import openai
import pytest

from tests.fakes import vendor_replies as canned
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_schemas import CHAT, COMPLETIONS, DECISIONS, MESSAGES, RESPONSES, first_error

pytestmark = pytest.mark.wire

ASK: dict[str, Any] = {"model": "gpt-6-luna", "input": "hello"}
SAY: dict[str, Any] = {"model": "a", "max_tokens": 10, "messages": [{"role": "user", "content": "hello"}]}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
CLOSED = {**OPEN, "additionalProperties": False}
STRINGS = {"type": "array", "items": {"type": "string"}}


@contextmanager
def calling(vendor: Vendor, timeout_s: float = 5.0) -> Iterator[tuple[openai.OpenAI, anthropic.Anthropic]]:
    settings: Any = {"api_key": "none", "max_retries": 0, "timeout": timeout_s}
    with (
        vendor,
        openai.OpenAI(base_url=vendor.openai_url, **settings) as gpt,
        anthropic.Anthropic(base_url=vendor.anthropic_url, **settings) as claude,
    ):
        yield gpt, claude


def test_a_role_that_no_vendor_knows_is_a_bad_request() -> None:
    robot: Any = {"role": "robot", "content": "hello"}
    vendor = Vendor([])
    with calling(vendor) as (gpt, claude):
        with pytest.raises(openai.BadRequestError, match="robot"):
            gpt.responses.create(model="m", input=[robot])
        with pytest.raises(openai.BadRequestError, match="robot"):
            gpt.chat.completions.create(model="m", messages=[robot])
        with pytest.raises(anthropic.BadRequestError, match="robot"):
            claude.messages.create(model="m", max_tokens=10, messages=[robot])
        assert len(vendor.bad) == 3
        vendor.bad.clear()


def asking(*parts: Any) -> Any:
    return {**ASK, "input": [{"role": "user", "content": [{"type": "input_text", "text": "look"}, *parts]}]}


WRONG: list[tuple[str, Any, str]] = [
    (RESPONSES, {**ASK, "max_output_token": 80}, "'max_output_token' was unexpected"),
    (RESPONSES, {**ASK, "stream": True}, "stream: False was expected, not True"),
    (RESPONSES, asking({"type": "input_text", "txt": "hello"}), "input/0/content/1: "),
    (RESPONSES, asking({"type": "input_image", "detail": "huge"}), "content/1/detail: 'huge' is not one of"),
    (DECISIONS, {**ASK, "questions": [{"type": "predicate", "instruction": "done?"}]}, "questions/0: "),
    (CHAT, {**SAY, "top_logprob": 5}, "'top_logprob' was unexpected"),
    (COMPLETIONS, {"model": "m", "prompt": "hello", "ecco": True}, "'ecco' was unexpected"),
    (MESSAGES, {**SAY, "temperature": 0}, "'temperature' was unexpected"),
    (MESSAGES, {**SAY, "workspace_id": "w"}, "'workspace_id' was unexpected"),
    (MESSAGES, {**SAY, "system": [{"type": "text", "text": "a", "cache_contrl": {}}]}, "'cache_contrl' was"),
]


@pytest.mark.parametrize(("path", "body", "says"), WRONG)
def test_a_misspelt_or_withdrawn_field_is_an_error(path: str, body: Any, says: str) -> None:
    assert says in (first_error(path, body) or "accepted")


def test_a_misspelt_field_of_a_fixture_is_an_error() -> None:
    reply = canned.openai_response("hello")
    reply["usage"]["cached_token"] = 5
    script = Vendor([Reply(json=reply)])
    with pytest.raises(AssertionError, match="fixture: .*cached_token"), calling(script) as (gpt, _):
        assert gpt.responses.create(**ASK).output_text == "hello"


def test_a_script_is_played_to_its_end_and_no_further() -> None:
    with pytest.raises(AssertionError, match="after the end"), calling(Vendor([])) as (gpt, _):
        pytest.raises(openai.InternalServerError, gpt.responses.create, **ASK)
    with pytest.raises(AssertionError, match="never asked for: 1"), Vendor([Reply(hang=True)]):
        pass


def test_an_unknown_path_and_a_failing_step_are_reported() -> None:
    def fails(path: str, body: Any) -> Reply:
        raise LookupError(path)

    with pytest.raises(AssertionError) as caught, calling(Vendor([fails])) as (gpt, _):
        pytest.raises(openai.NotFoundError, gpt.embeddings.create, **ASK)
        pytest.raises(openai.APIConnectionError, gpt.responses.create, **ASK)
    assert "/v1/embeddings does not exist" in str(caught.value)
    assert "LookupError('/v1/responses')" in str(caught.value)


def choice(*values: str | bool) -> Any:
    options = [{"value": value} for value in values]
    return {**ASK, "questions": [{"type": "choice", "instructions": "which?", "choices": options}]}


def predicates(count: int) -> Any:
    return {**ASK, "questions": [{"type": "predicate", "instructions": "done?"}] * count}


def chat(**fields: Any) -> Any:
    return {"model": "m", "messages": [{"role": "user", "content": "hello"}], **fields}


def echo(logprobs: int) -> Any:
    return {"model": "m", "prompt": "hello", "echo": True, "logprobs": logprobs}


LIMITS: list[tuple[str, Any, Any, str]] = [
    (RESPONSES, {**ASK, "top_logprobs": 20}, {**ASK, "top_logprobs": 21}, "top_logprobs"),
    (RESPONSES, {**ASK, "top_logprobs": 0}, {**ASK, "top_logprobs": -1}, "top_logprobs"),
    (RESPONSES, {**ASK, "max_output_tokens": 16}, {**ASK, "max_output_tokens": 15}, "max_output_tokens"),
    (CHAT, chat(logprobs=True, top_logprobs=20), chat(logprobs=True, top_logprobs=21), "top_logprobs"),
    (CHAT, chat(logprobs=True, top_logprobs=5), chat(top_logprobs=5), "logprobs=true"),
    (COMPLETIONS, echo(5), echo(6), "logprobs"),
    (DECISIONS, predicates(1), predicates(0), "questions: 0"),
    (DECISIONS, predicates(400), predicates(401), "questions: 401"),
    (DECISIONS, choice("a", "b"), choice("a"), "choices: 1"),
    (DECISIONS, choice(*map(str, range(255))), choice(*map(str, range(256))), "choices: 256"),
    (DECISIONS, choice("True", True), choice("a", "a"), "not unique"),
]


@pytest.mark.parametrize(("path", "inside", "outside", "says"), LIMITS)
def test_a_documented_limit_holds_just_inside_and_breaks_just_outside(
    path: str, inside: Any, outside: Any, says: str
) -> None:
    assert first_error(path, inside) is None
    assert says in (first_error(path, outside) or "accepted")


def holding(schema: Any, count: int = 1, *, optional: bool = False) -> Any:
    properties = {f"p{i}": schema for i in range(count)}
    return {**CLOSED, "properties": properties, "required": [] if optional else list(properties)}


NUMBERS = list(range(1001))
MAYBE = {"anyOf": [{"type": "string"}, {"type": "null"}]}
TREE = {**CLOSED, "$defs": {"tree": holding({"$ref": "#/$defs/tree"})}}
SCHEMAS: list[tuple[str, Any, Any, str]] = [
    ("both", CLOSED, OPEN, "additionalProperties"),
    ("both", holding(CLOSED), holding(OPEN), "properties/p0: additionalProperties"),
    ("both", holding(MAYBE), holding({"oneOf": MAYBE["anyOf"]}), "oneOf"),
    ("both", holding(STRINGS), holding({"type": "array", "prefixItems": [MAYBE]}), "prefixItems"),
    ("both", holding(STRINGS), holding({}), "needs a type"),
    ("openai", holding(STRINGS, 2), holding(STRINGS, 2, optional=True), "required"),
    ("openai", TREE, {"anyOf": [CLOSED]}, "root"),
    ("openai", holding({"enum": NUMBERS[1:]}), holding({"enum": NUMBERS}), "1000 enum values"),
    ("anthropic", holding(STRINGS), TREE, "contains itself"),
    ("anthropic", holding(STRINGS), holding({**STRINGS, "maxItems": 3}), "maxItems"),
    ("anthropic", holding({**STRINGS, "minItems": 1}), holding({**STRINGS, "minItems": 2}), "minItems"),
    ("anthropic", holding(MAYBE, 16), holding(MAYBE, 17), "17 unions"),
    ("anthropic", holding(STRINGS, 24, optional=True), holding(STRINGS, 25, optional=True), "25 optional"),
]


def requests_with(schema: Any, who: str) -> Iterator[tuple[str, Any]]:
    form = {"type": "json_schema", "schema": schema}
    tool = {"name": "f", "parameters": schema, "strict": True}
    if who != "anthropic":
        yield RESPONSES, {**ASK, "text": {"format": {**form, "name": "answer", "strict": True}}}
        yield CHAT, chat(tools=[{"type": "function", "function": tool}])
    if who != "openai":
        yield MESSAGES, {**SAY, "output_config": {"format": form}}


@pytest.mark.parametrize(("who", "inside", "outside", "says"), SCHEMAS)
def test_only_a_documented_schema_becomes_a_grammar(who: str, inside: Any, outside: Any, says: str) -> None:
    for path, body in requests_with(inside, who):
        assert first_error(path, body) is None
    for path, body in requests_with(outside, who):
        assert says in (first_error(path, body) or "accepted")


def test_a_response_is_read_with_its_usage() -> None:
    cut: Any = {"status": "incomplete", "incomplete_reason": "max_output_tokens"}
    steps = [
        Reply(json=canned.openai_response('{"a": "b"}', reasoning=30)),
        Reply(json=canned.openai_response("", refusal="no")),
        Reply(json=canned.openai_response("", reasoning=80, **cut)),
    ]
    with calling(Vendor(steps)) as (gpt, _):
        full, refused, starved = (gpt.responses.create(**ASK) for _ in range(3))
    assert full.output_text == '{"a": "b"}'
    assert full.usage is not None and full.usage.input_tokens_details.cached_tokens == 1024
    assert full.usage.output_tokens_details.reasoning_tokens == 30
    assert refused.output[0].content[0].type == "refusal"
    assert starved.output_text == "" and starved.incomplete_details is not None
    assert starved.incomplete_details.reason == "max_output_tokens"


def test_a_decision_is_read_in_question_order() -> None:
    picks = canned.choice_answer("next", {"pick apple_1": 0.7, "done": 0.3})
    answers = [picks, canned.predicate_answer("met", 0.1), canned.refusal_answer(None)]
    with calling(Vendor([Reply(json=canned.openai_decision(answers))])) as (gpt, _):
        decision = gpt.decisions.create(**choice("pick apple_1", "done"))
    picked, met, refused = decision.answers
    assert picked.type == "choice" and picked.choice == "pick apple_1" and picked.confidence == 0.7
    assert [p.probability for p in picked.probabilities] == [0.7, 0.3]
    assert met.type == "predicate" and met.probability == 0.1 and refused.type == "refusal"


def test_logprobs_are_read_from_chat_and_from_an_echo() -> None:
    steps = [
        Reply(json=canned.openai_chat("B", top_logprobs=[("B", -0.1), ("A", -2.4)])),
        Reply(json=canned.openai_completion([("pick", None), (" apple", -1.5)], [("done", None)])),
        Reply(json=canned.openai_chat(None, finish="content_filter", refusal="no")),
    ]
    with calling(Vendor(steps)) as (gpt, _):
        said = gpt.chat.completions.create(**chat(logprobs=True, top_logprobs=5, max_completion_tokens=1))
        read = gpt.completions.create(**{**echo(1), "prompt": ["pick apple", "done"]})
        refused = gpt.chat.completions.create(**chat())
    logprobs = said.choices[0].logprobs
    assert logprobs is not None and logprobs.content is not None
    assert [(t.token, t.logprob) for t in logprobs.content[0].top_logprobs] == [("B", -0.1), ("A", -2.4)]
    heard = read.choices[0].logprobs
    assert heard is not None and heard.token_logprobs == [None, -1.5] and heard.text_offset == [0, 4]
    assert [choice.text for choice in read.choices] == ["pick apple", "done"]
    assert refused.choices[0].message.refusal == "no"


def test_a_message_is_read_with_its_usage() -> None:
    said = canned.anthropic_message("hello", cache_read=5, cache_creation=7)
    vendor = Vendor([Reply(json=said), Reply(json=canned.anthropic_message("", stop="refusal"))])
    with calling(vendor) as (_, claude):
        full, refused = (claude.messages.create(**SAY) for _ in range(2))
    assert [(r.path, r.body) for r in vendor.requests] == [(MESSAGES, SAY)] * 2
    assert vendor.requests[0].headers["authorization"] == "Bearer none"
    assert full.content[0].type == "text" and full.content[0].text == "hello"
    assert (full.usage.cache_read_input_tokens, full.usage.cache_creation_input_tokens) == (5, 7)
    assert refused.stop_reason == "refusal" and refused.content == []


def test_both_clients_list_the_models() -> None:
    with calling(Vendor([], models=["one", "two"])) as (gpt, claude):
        assert [m.id for m in gpt.models.list()] == [m.id for m in claude.models.list()] == ["one", "two"]


def test_a_cut_body_is_a_lost_connection_and_cut_json_is_not() -> None:
    whole = json.dumps(canned.openai_response("hello")).encode()
    with calling(Vendor([Reply(body=whole, cut=40), Reply(body=whole[:40])])) as (gpt, _):
        pytest.raises(openai.APIConnectionError, gpt.responses.create, **ASK)
        pytest.raises(json.JSONDecodeError, gpt.responses.create, **ASK)


def test_a_trickle_defeats_a_timeout_that_counts_each_read() -> None:
    reply = Reply(json=canned.openai_response("hello"), trickle_s=0.02)
    with calling(Vendor([reply]), timeout_s=0.5) as (gpt, _):
        start = time.monotonic()
        gpt.responses.create(**ASK)
    assert time.monotonic() - start > 0.5


def test_a_late_and_a_missing_answer_both_time_out() -> None:
    late = Reply(json=canned.anthropic_message("hello"), delay_s=30)
    with calling(Vendor([Reply(hang=True), late]), timeout_s=0.3) as (gpt, claude):
        pytest.raises(openai.APITimeoutError, gpt.responses.create, **ASK)
        pytest.raises(anthropic.APITimeoutError, claude.messages.create, **SAY)


def test_status_and_headers_arrive() -> None:
    error = {"error": {"message": "slow down", "type": "tokens", "code": "rate_limit_exceeded"}}
    steps = [
        Reply(status=429, json=error, headers={"retry-after": "0.3"}),
        Reply(status=529, json={"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}),
        Reply(body=b"<p>maintenance</p>", content_type="text/html"),
    ]
    with calling(Vendor(steps)) as (gpt, claude):
        limited = pytest.raises(openai.RateLimitError, gpt.responses.create, **ASK)
        overloaded = pytest.raises(anthropic.APIStatusError, claude.messages.create, **SAY)
        assert isinstance(gpt.responses.create(**ASK), str)
    assert limited.value.response.headers["retry-after"] == "0.3"
    assert limited.value.code == "rate_limit_exceeded" and overloaded.value.status_code == 529


def test_parallel_requests_are_answered_by_one_function_and_leave_no_thread() -> None:
    before = threading.active_count()

    def echoes(path: str, body: Any) -> Reply:
        return Reply(json=canned.openai_response(body["input"]), delay_s=0.1)

    vendor = Vendor.answering(echoes)
    with calling(vendor) as (gpt, _), ThreadPoolExecutor(8) as pool:
        said = pool.map(lambda word: gpt.responses.create(model="m", input=word).output_text, "abcdefgh")
        assert list(said) == list("abcdefgh")
    arrivals = [request.time_s for request in vendor.requests]
    assert len(arrivals) == 8 and max(arrivals) - min(arrivals) < 1.0
    assert threading.active_count() == before
