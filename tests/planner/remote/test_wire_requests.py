"""What really goes over each wire: valid by the vendors' own types, static part first, nothing secret."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from grounding import Scene
from planner.language_model import ASK, DONE, NONE_OF_THESE, Decomposition, Task
from planner.remote.profiles import ScorerName
from robots import CameraFrame
from tests.fakes.scripted_model import call
from tests.fakes.spoken_ratings import Answer, by_decisions, by_echo, by_letters, by_words
from tests.fakes.vendor import Vendor
from tests.fakes.vendor_schemas import CHAT, COMPLETIONS, DECISIONS
from tests.fakes.wired_model import (
    ANTHROPIC,
    CONTRACTS,
    FETCH,
    KEY,
    LOCAL,
    OPENAI,
    OTHER_SCENE,
    SCENE,
    TASK,
    WIRES,
    Wire,
    chat_of,
    check_scores,
    decompose,
    plan_text,
    wired,
)

pytestmark = pytest.mark.wire

CANDIDATES = (call("pick apple_1"), call("pick coke_can_1"), DONE, ASK)
OFFERED = (*map(str, CANDIDATES), NONE_OF_THESE)
EVEN = dict.fromkeys(OFFERED, 0.2)
LATER = Task(instruction="and now the orange", done=(call("go_to table"),), surprise="it fell", answer="yes")
RATINGS: list[tuple[Wire | str, ScorerName, Answer]] = [
    ("openai", "decisions", by_decisions(EVEN)),
    ("openai:gpt-4.1", "letters", by_letters(EVEN)),
    ("openai", "verbal", by_words(EVEN, OPENAI)),
    ("anthropic", "verbal", by_words(EVEN, ANTHROPIC)),
    ("local", "letters", by_letters(EVEN)),
    ("local", "echo", by_echo(EVEN)),
    ("local", "verbal", by_words(EVEN, LOCAL)),
]
wires = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
ratings = pytest.mark.parametrize(("wire", "scorer", "answer"), RATINGS)


def static_part(body: Mapping[str, Any]) -> str:
    """Return what stands before everything that changes, as text."""
    if "prompt" in body:
        return str(body["prompt"][0]).partition("# Instruction of the person")[0]
    return json.dumps(body["system"] if "system" in body else (body.get("input") or body["messages"])[0])


def seen_by_two_cameras() -> tuple[Scene, dict[str, np.ndarray]]:
    """Return the usual scene with pictures, the cameras not in the order of their names."""
    rng = np.random.default_rng(3)
    pictures = {name: rng.integers(0, 255, (12, 16, 3), dtype=np.uint8) for name in ("wrist", "head")}
    depth, eye = np.zeros((12, 16), np.float32), np.eye(4)
    frames = {
        name: CameraFrame(rgb=rgb, depth=depth, K=np.eye(3), T_world_camera=eye, time_s=0.0)
        for name, rgb in pictures.items()
    }
    return replace(SCENE, observation=replace(SCENE.observation, frames=frames)), pictures


@wires
def test_a_decomposition_begins_with_what_never_changes(wire: Wire) -> None:
    answer = wire.says(plan_text(None, (), not_understood="There is no apple."))
    with Vendor([answer] * 2) as vendor, wired(vendor, wire) as model:
        assert isinstance(decompose(model), Decomposition)
        model.decompose(LATER, OTHER_SCENE, CONTRACTS)
    first, second = (request.body for request in vendor.requests)
    assert [request.path for request in vendor.requests] == [wire.path] * 2
    assert static_part(first) == static_part(second)
    assert (
        "pick(item: item)" in static_part(first)
        and "apple_1" not in chat_of(first)[0][1].partition("Prefer")[2]
    )
    turns = ("input", "messages")
    assert {k: v for k, v in first.items() if k not in turns} == {
        k: v for k, v in second.items() if k not in turns
    }
    assert "bring me an apple" in chat_of(first)[1][1] and "it fell" in chat_of(second)[1][1]


@ratings
def test_a_rating_begins_with_what_never_changes(wire: str, scorer: ScorerName, answer: Answer) -> None:
    with Vendor.answering(answer) as vendor, wired(vendor, wire, scorer=scorer) as model:
        for task, scene in ((TASK, SCENE), (LATER, OTHER_SCENE)):
            scores = check_scores(model.score(task, scene, CONTRACTS, CANDIDATES))
            assert {score.method for score in scores.scores} == {scorer}
    first, second = (request.body for request in vendor.requests)
    assert static_part(first) == static_part(second)
    assert "pick(item: item)" in static_part(first) and "apple_1" not in static_part(first)


@pytest.mark.parametrize("wire", [OPENAI, ANTHROPIC], ids=lambda wire: wire.name)
def test_pictures_go_last_and_are_the_cameras_pictures(wire: Wire) -> None:
    scene, pictures = seen_by_two_cameras()
    with Vendor([wire.says("not JSON"), wire.says(plan_text())]) as vendor, wired(vendor, wire) as model:
        assert model.wants_pictures
        assert isinstance(model.decompose(TASK, scene, CONTRACTS), Decomposition)
    for request in vendor.requests:
        turns = request.body.get("input") or request.body["messages"]
        (content,) = [t["content"] for t in turns if t["role"] == "user" and isinstance(t["content"], list)]
        text, *shown = content
        assert "text" in text and len(shown) == 2
        for part, name in zip(shown, sorted(pictures), strict=True):
            encoded = part["source"]["data"] if wire is ANTHROPIC else part["image_url"].partition(",")[2]
            decoded = cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR)
            assert decoded is not None
            np.testing.assert_array_equal(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), pictures[name])


def test_a_model_that_does_not_see_is_sent_no_picture() -> None:
    scene, _ = seen_by_two_cameras()
    with Vendor([LOCAL.says(plan_text())]) as vendor, wired(vendor, LOCAL) as model:
        assert not model.wants_pictures
        model.decompose(TASK, scene, CONTRACTS)
    assert "image" not in json.dumps(vendor.requests[0].body)


def test_openai_stores_nothing() -> None:
    with Vendor([OPENAI.says(plan_text())]) as vendor, wired(vendor, OPENAI) as model:
        decompose(model)
    with Vendor.answering(by_words(EVEN, OPENAI)) as rating, wired(rating, OPENAI, scorer="verbal") as model:
        model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    assert [r.body["store"] for r in (*vendor.requests, *rating.requests)] == [False, False]


def test_anthropic_is_given_a_schema_and_a_cached_prefix_and_no_tools() -> None:
    with Vendor([ANTHROPIC.says(plan_text())]) as vendor, wired(vendor, ANTHROPIC) as model:
        decompose(model)
    with Vendor.answering(by_words(EVEN, ANTHROPIC)) as rating, wired(rating, ANTHROPIC, samples=3) as model:
        model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    for request in (*vendor.requests, *rating.requests):
        (static,) = request.body["system"]
        assert static["cache_control"] == {"type": "ephemeral"}
        assert request.body["output_config"]["format"]["type"] == "json_schema"
        assert not {"tools", "tool_choice", "temperature", "top_p", "top_k"} & set(request.body)
    prompts = [request.body["messages"][0]["content"][0] for request in rating.requests]
    assert len(prompts) == 3 and prompts.count(prompts[0]) == 3, "samples share their prefix"
    assert prompts[0]["cache_control"] == {"type": "ephemeral"}


@wires
def test_the_key_is_in_the_header_alone(wire: Wire) -> None:
    with Vendor([wire.says("{}"), wire.says(plan_text())]) as vendor, wired(vendor, wire) as model:
        decompose(model)
    for request in vendor.requests:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in json.dumps(request.body)


def test_one_decision_asks_for_the_choice_and_for_what_its_preconditions_rest_on() -> None:
    calls = (call("go_to table"), call("pick apple_1"), call("place apple_1 table"), DONE, ASK)
    options = (*map(str, calls), NONE_OF_THESE)
    even = dict.fromkeys(options, 1.0)
    with Vendor.answering(by_decisions(even)) as vendor, wired(vendor, "openai") as model:
        check_scores(model.score(TASK, SCENE, CONTRACTS, calls))
    (request,) = vendor.requests
    choice, *checks = request.body["questions"]
    assert request.path == DECISIONS
    assert choice["type"] == "choice" and tuple(c["value"] for c in choice["choices"]) == options
    facts = [question["instructions"].partition(": ")[2] for question in checks]
    assert facts == ["(gripper_empty)", "(robot_at table)"]  # what holds of their preconditions, by name
    assert {question["type"] for question in checks} == {"predicate"}


def test_letters_ask_for_one_token_and_the_likeliest_twenty() -> None:
    with Vendor.answering(by_letters(EVEN)) as vendor, wired(vendor, "openai:gpt-5.1") as model:
        model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    (request,) = vendor.requests
    assert request.path == CHAT
    assert request.body["logprobs"] is True and request.body["top_logprobs"] == 20
    assert request.body["max_completion_tokens"] == 1 and request.body["reasoning_effort"] == "none"


def test_echo_sends_every_option_after_the_same_prompt() -> None:
    with Vendor.answering(by_echo(EVEN)) as vendor, wired(vendor, LOCAL) as model:
        model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    (request,) = vendor.requests
    prompts, leads = request.body["prompt"], set()
    assert request.path == COMPLETIONS and request.body["echo"] is True and request.body["max_tokens"] == 0
    for prompt, option in zip(prompts, OFFERED, strict=True):
        assert prompt.endswith(option)
        leads.add(prompt.removesuffix(option))
    assert len(leads) == 1


@wires
@pytest.mark.parametrize("answer", ["not JSON", " \n", plan_text(steps=("juggle apple_1", *FETCH))])
def test_a_correction_is_the_answer_and_our_own_sentence(wire: Wire, answer: str) -> None:
    with Vendor([wire.says(answer), wire.says(plan_text())]) as vendor, wired(vendor, wire) as model:
        assert isinstance(decompose(model), Decomposition)
    first, second = (chat_of(request.body) for request in vendor.requests)
    assert second[: len(first)] == first, "what the vendor has cached stays"
    (role, given), (_, problem) = second[len(first) :]
    assert role == "assistant" and given.strip() == (answer.strip() or "(empty)")
    assert problem.startswith("Your last answer could not be used. ") and problem.endswith(" Answer again.")


def test_a_rating_that_left_an_option_out_is_corrected_in_the_next_request() -> None:
    some = dict.fromkeys(OFFERED[:-1], 0.25)
    script = [by_words_of_some(some), by_words(EVEN, ANTHROPIC)]
    with Vendor(script) as vendor, wired(vendor, ANTHROPIC) as model:
        check_scores(model.score(TASK, SCENE, CONTRACTS, CANDIDATES))
    assert "Options were left out: none of these." in chat_of(vendor.requests[1].body)[-1][1]


def by_words_of_some(p: Mapping[str, float]) -> Answer:
    """Rate the first options only."""
    return lambda path, body: ANTHROPIC.says(json.dumps({f"o{i}": 25 for i in range(len(p))}))
