"""The mock cloud: reads our prompts back, speaks the vendors' wires, answers as the offline model does."""

from __future__ import annotations

import http.client
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grounding import Scene, parse_formula
from planner.bench.task_file import TaskSpec, load_task_file
from planner.language_model import ASK, DONE, Decomposition, Scores, Task
from planner.mock_cloud import MockCloud, WireName
from planner.mock_cloud.reading import UnreadablePrompt, read_prompt
from planner.model_settings import ModelSettings
from planner.models import build_model
from planner.offline import OfflineModel
from planner.remote.model import PromptedModel
from planner.remote.profiles import ScorerName
from planner.remote.prompting import Prompting
from robots.transforms import pose
from skills import HOUSEHOLD_CONTRACTS as CONTRACTS
from skills import SkillCall
from tests.fakes.symbolic_scene import catalogue, symbolic_scene
from tests.fakes.vendor_schemas import first_error

pytestmark = pytest.mark.wire

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
FILES = (BENCHMARKS / "saycan_dev.yaml", BENCHMARKS / "household.yaml")
INSTRUCTIONS = [task for file in FILES for task in load_task_file(file).tasks]
PROMPTING = Prompting()
THINGS = {"apple_1": "table", "orange_1": "table", "coke_can_1": "close_counter"}
SCENE = symbolic_scene(THINGS, robot_at="table")
TASK = Task(instruction="Bring me a fruit.", goal=parse_formula("(exists (?x - fruit) (with_operator ?x))"))
CANDIDATES = (
    *(SkillCall("pick", (name,)) for name in SCENE.items),
    *(SkillCall("go_to", (name,)) for name in SCENE.fixtures if name != "table"),
    DONE,
    ASK,
)
assert len(CANDIDATES) < 20, "so that one menu of letters holds them"


class Witness:
    """Stands before a wire and notes what the vendor's own types would say about it."""

    def __init__(self, wire: Any) -> None:
        self._wire = wire
        self.paths: list[str] = []
        self.bad: list[str] = []

    def answer(self, path: str, body: Any) -> Any:
        self.paths.append(path)
        reply = self._wire.answer(path, body)
        errors = (first_error(path, body), first_error(path, reply, is_reply=True))
        self.bad += [f"{path}: {error}" for error in errors if error]
        return reply


@contextmanager
def talking(
    name: str, *, scorer: ScorerName | None = None, is_watched: bool = True
) -> Iterator[tuple[PromptedModel, Witness]]:
    """Give a model at a mock cloud, and who watches the wire."""
    wire: WireName = "anthropic" if name.startswith("anthropic") else "openai"
    with MockCloud(wire) as cloud:
        witness = Witness(cloud._wire)
        if is_watched:
            cloud._wire = witness
        full = f"local:{cloud.url}#mock" if name == "local" else name
        model_settings = ModelSettings(scorer=scorer, samples=1)
        model = build_model(full, catalogue(), model_settings, environment=cloud.environment)
        assert isinstance(model, PromptedModel)
        try:
            yield model, witness
        finally:
            model.close()
    assert witness.bad == []


# ---- reading is the inverse of rendering ----

ODD = ["\n# Scene\n", "# Instruction of the person", '"', "\\", "\u2028# Done so far", "\x85", "🤖", "(a)"]
words = st.text(max_size=12) | st.sampled_from(ODD)
goals = st.sampled_from([None, "(holding apple_1)", "(exactly 2 (?x - can) (or (on ?x sink) (in ?x sink)))"])
calls = st.sampled_from([SkillCall("go_to", ("table",)), SkillCall("place", ("apple_1", "sink"))])
tasks = st.builds(
    Task,
    instruction=words,
    goal=goals.map(lambda text: text and parse_formula(text)),
    done=st.lists(calls, max_size=3).map(tuple),
    surprise=st.none() | words.filter(bool),
    answer=st.none() | words.filter(bool),
)


def marked(text: str) -> Scene:
    """Return a scene in which the apple bears words, lies somewhere and is uncertain."""
    thing = SCENE.items["apple_1"]
    item = replace(thing.item, text=text, T_world_item=pose(1.25, -0.5, 0.75))
    return replace(SCENE, items={**SCENE.items, "apple_1": replace(thing, item=item, confidence=0.75)})


@settings(max_examples=40)
@given(task=tasks, text=words, with_positions=st.booleans())
def test_a_prompt_that_is_read_back_says_what_was_told(task: Task, text: str, with_positions: bool) -> None:
    scene = marked(text)
    site = PROMPTING.decompose if with_positions else PROMPTING.score
    told = read_prompt(site(task, scene, CONTRACTS).user, catalogue())
    assert told.task == task and told.sentence == ""
    assert told.scene is not None and told.scene.facts == scene.facts
    assert told.scene.universe.types == scene.universe.types
    for name, thing in told.scene.items.items():
        seen = scene.items[name]
        assert (thing.types, thing.confidence) == (seen.types, seen.confidence)
        assert (thing.item.text, thing.item.category) == (seen.item.text, seen.item.category)
        assert list(thing.p_world_item) == (list(seen.p_world_item) if with_positions else [0.0, 0.0, 0.0])
    for name, fixture in told.scene.fixtures.items():
        assert fixture.kinds == scene.fixtures[name].kinds


@settings(max_examples=20)
@given(instruction=words, sentence=words)
def test_a_labelled_situation_is_read_back(instruction: str, sentence: str) -> None:
    told = read_prompt(PROMPTING.situation(instruction, sentence, CONTRACTS).user, catalogue())
    assert (told.task, told.scene, told.sentence) == (Task(instruction=instruction), None, sentence)


GOOD = PROMPTING.decompose(TASK, SCENE, CONTRACTS).user


def test_another_text_is_no_prompt_of_ours() -> None:
    for part in ("# Scene\n", '"', "objects: ", "{", "apple_1", "state: ", "?"):
        assert part in GOOD
        with pytest.raises(UnreadablePrompt, match="saycando|no object"):
            read_prompt(GOOD.replace(part, "x"), catalogue())


# ---- every wire ----

WIRES: list[tuple[str, ScorerName | None, str, str]] = [
    ("openai", None, "decisions", "/v1/decisions"),
    ("openai:gpt-4o", None, "letters", "/v1/chat/completions"),
    ("openai", "verbal", "verbal", "/v1/responses"),
    ("anthropic", None, "verbal", "/v1/messages"),
    ("local", None, "echo", "/v1/completions"),
    ("local", "letters", "letters", "/v1/chat/completions"),
    ("local", "verbal", "verbal", "/v1/chat/completions"),
]


@pytest.mark.parametrize(("name", "scorer", "method", "path"), WIRES)
def test_each_wire_carries_plans_and_ratings(
    name: str, scorer: ScorerName | None, method: str, path: str
) -> None:
    offline = OfflineModel(catalogue())
    direct = offline.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    with talking(name, scorer=scorer) as (model, witness):
        plan = model.decompose(Task(instruction=TASK.instruction), SCENE, CONTRACTS)
        assert isinstance(plan, Decomposition), plan
        first = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
        second = model.score(TASK, SCENE, CONTRACTS, CANDIDATES)
    assert same(plan, offline.decompose(Task(instruction=TASK.instruction), SCENE, CONTRACTS))
    assert isinstance(first, Scores) and isinstance(second, Scores)
    assert {score.method for score in first.scores} == {method} and witness.paths[-1] == path
    assert first.doubts == {}
    assert second.usage.cached_tokens >= 1024 > 0 and second.usage.input_tokens > second.usage.cached_tokens
    assert best(first) == best(direct)
    if method != "verbal":  # whole percents are too coarse
        check_ratios(first, direct)


def best(scores: Scores) -> SkillCall:
    return max(scores.scores, key=lambda score: score.probability).call


def check_ratios(found: Scores, direct: Scores) -> None:
    """Check the odds of all candidates but `ask`, which also gets the belief in none of them."""
    pairs = [(f, d) for f, d in zip(found.scores, direct.scores, strict=True) if f.call != ASK]
    top_found, top_direct = (max(p[i].probability for p in pairs) for i in (0, 1))
    for f, d in pairs:
        assert f.call == d.call
        assert math.isclose(f.probability / top_found, d.probability / top_direct, rel_tol=1e-6), f.call


def test_nothing_is_cached_the_first_time_and_the_static_part_after_that() -> None:
    for name in ("openai", "anthropic"):
        with talking(name) as (model, _):
            tasks = [Task(instruction=text) for text in ("Bring me a fruit.", "Wipe the table.")]
            first, second = (model.decompose(task, SCENE, CONTRACTS).usage for task in tasks)
        static = len(PROMPTING.decompose(TASK, SCENE, CONTRACTS).system) / 4
        assert first.cached_tokens == 0 and (first.written_tokens > 0) == (name == "anthropic")
        assert abs(second.cached_tokens - static) < 128 and second.cached_tokens < second.input_tokens


def test_an_instruction_with_odd_characters_arrives_on_every_wire() -> None:
    odd = 'Bring me the apple.\n# Instruction of the person\n"x"\u2028# Scene\n\nOptions:\nA) done()'
    direct = OfflineModel(catalogue()).decompose(Task(instruction=odd), SCENE, CONTRACTS)
    for name in ("openai", "anthropic", "local"):
        with talking(name) as (model, _):
            answer = model.decompose(Task(instruction=odd), SCENE, CONTRACTS)
            assert isinstance(answer, Decomposition) and same(answer, direct)
            assert isinstance(model.score(Task(instruction=odd), SCENE, CONTRACTS, CANDIDATES), Scores)


def same(one: Decomposition, other: Decomposition) -> bool:
    """Return whether two answers agree in all that the wire carries."""
    said = ("goal", "steps", "question", "options", "not_understood")
    return all(getattr(one, name) == getattr(other, name) for name in said)


@pytest.fixture(scope="module")
def by_wire() -> Iterator[PromptedModel]:
    with talking("openai", is_watched=False) as (model, _):
        yield model


@pytest.fixture(scope="module")
def offline() -> OfflineModel:
    return OfflineModel(catalogue())


@pytest.mark.parametrize("spec", INSTRUCTIONS, ids=lambda t: t.id)
def test_plans_over_the_wire_are_the_offline_models(
    spec: TaskSpec, by_wire: PromptedModel, offline: OfflineModel
) -> None:
    scene = symbolic_scene(
        spec.objects,
        robot_at=spec.robot.at,
        holding=spec.robot.holding,
        opened=spec.open,
        powered_on=spec.powered_on,
    )
    task = Task(instruction=spec.instruction)
    answer = by_wire.decompose(task, scene, CONTRACTS)
    assert isinstance(answer, Decomposition), answer
    assert same(answer, offline.decompose(task, scene, CONTRACTS))


# ---- what it refuses ----


def send(cloud: MockCloud, path: str, raw: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and message of a request."""
    connection = http.client.HTTPConnection("127.0.0.1", int(cloud.root.rsplit(":", 1)[1]), timeout=5.0)
    try:
        connection.request("POST", path, raw, headers or {})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())["error"]["message"]
    finally:
        connection.close()


def saying(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def question(**fields: Any) -> dict[str, Any]:
    asked = {"type": "choice", "name": "next", "choices": [{"value": "done()"}], **fields}
    return {"model": "m", "input": saying(GOOD), "questions": [asked]}


FORM = {"format": {"type": "json_schema", "schema": {"properties": {"steps": {}}}}}
MALFORMED: Sequence[tuple[WireName, str, Any, str]] = [
    ("openai", "/v1/embeddings", {}, "there is no /v1/embeddings; paths: /v1/responses, /v1/decisions"),
    ("anthropic", "/v1/responses", {}, "there is no /v1/responses; paths: /v1/messages"),
    ("openai", "/v1/responses", b"{", "not JSON"),
    ("openai", "/v1/responses", b"[" * 100_000, "not JSON"),
    ("openai", "/v1/responses", [], "malformed"),
    ("openai", "/v1/responses", {}, "lacks 'input'"),
    ("openai", "/v1/responses", {"input": []}, "no user turn"),
    ("openai", "/v1/responses", {"input": saying("hello"), "text": FORM}, "not a prompt"),
    ("openai", "/v1/responses", {"input": saying(GOOD)}, "neither a plan's nor"),
    ("openai", "/v1/decisions", question(type="score"), "types: choice, predicate"),
    ("openai", "/v1/decisions", question(choices=[]), "malformed"),
    ("openai", "/v1/chat/completions", {"model": "m"}, "lacks 'messages'"),
    ("openai", "/v1/completions", {"prompt": "hello"}, "only with echo"),
    ("openai", "/v1/completions", {"prompt": [], "echo": True}, "malformed"),
    ("anthropic", "/v1/messages", {"messages": []}, "only with output_config.format"),
    ("anthropic", "/v1/messages", {"messages": [], "output_config": FORM}, "malformed"),
]


def test_what_is_malformed_gets_400_with_a_sentence() -> None:
    with MockCloud("openai") as openai, MockCloud("anthropic") as anthropic:
        for wire, path, body, says in MALFORMED:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            status, message = send(anthropic if wire == "anthropic" else openai, path, raw)
            assert status == 400 and says in message and message.isprintable(), (path, body, message)
        status, message = send(openai, "/v1/responses", b"", {"content-length": "99999999999"})
        assert status == 413 and "99999999999 bytes" in message
