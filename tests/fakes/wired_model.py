"""Real vendor clients on a loopback vendor: models, plans as they answer them, and every wire's spelling."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

# A client imports its SDK when it first sends; here that must not eat a test's short deadline.
import anthropic.resources.messages  # noqa: F401  (for the reason above)
import openai.resources.chat
import openai.resources.decisions
import openai.resources.responses  # noqa: F401  (same)

from planner.language_model import Decomposition, Failure, FailureKind, Scores, Task
from planner.model_settings import ModelSettings
from planner.models import build_model
from planner.remote.gateway import CallSettings
from planner.remote.model import PromptedModel
from planner.remote.profiles import ScorerName
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.symbolic_scene import catalogue, symbolic_scene
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_replies import anthropic_message, openai_chat, openai_response

KEY = "sk-canary-0123456789abcdef"
CONTRACTS = HOUSEHOLD_CONTRACTS
TASK = Task(instruction="bring me an apple")
SCENE = symbolic_scene({"apple_1": "table", "coke_can_1": "table"}, robot_at="table")
OTHER_SCENE = symbolic_scene({"orange_1": "far_counter"}, robot_at="operator")
GOAL = "(with_operator apple_1)"
FETCH = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")


@dataclass(frozen=True, kw_only=True)
class Wire:
    """How one vendor spells what can happen to a completion."""

    name: str
    path: str
    said: Callable[[str], Any]
    """The reply that says a text."""
    cut: Callable[[str], Any]
    """The same, ended by the token limit."""
    refused: Any
    """A refusal."""
    required: tuple[str, ...]
    """Fields without which it is no reply."""

    def says(self, text: str) -> Reply:
        """Return a good reply that says `text`."""
        return Reply(json=self.said(text))


OPENAI = Wire(
    name="openai",
    path="/v1/responses",
    said=openai_response,
    cut=lambda text: openai_response(text, status="incomplete", incomplete_reason="max_output_tokens"),
    refused=openai_response("", refusal="I would rather not."),
    required=("output", "status"),
)
ANTHROPIC = Wire(
    name="anthropic",
    path="/v1/messages",
    said=anthropic_message,
    cut=lambda text: anthropic_message(text, stop="max_tokens"),
    refused=anthropic_message("", stop="refusal"),
    required=("content", "stop_reason"),
)
LOCAL = Wire(
    name="local",
    path="/v1/chat/completions",
    said=openai_chat,
    cut=lambda text: openai_chat(text, finish="length"),
    refused=openai_chat(None, refusal="I would rather not."),
    required=("choices",),
)
WIRES = (OPENAI, ANTHROPIC, LOCAL)


@contextmanager
def wired(
    vendor: Vendor,
    wire: Wire | str,
    *,
    calls: CallSettings | None = None,
    scorer: ScorerName | None = None,
    samples: int = 1,
    orders: int = 1,
    key: str = KEY,
    is_replay: bool = False,
) -> Iterator[PromptedModel]:
    """Give a model that `build_model` made, and close it.

    Args:
        vendor: Who answers.
        wire: The wire, whose default model is taken, or a whole model string.
        calls: Deadlines, attempts, budget; pauses between attempts are short unless it says otherwise.
        scorer: How candidates are rated.
        samples: Distributions that "verbal" averages.
        orders: Menus that "letters" averages.
        key: The secret.
        is_replay: Answer from a recording alone.
    """
    name = wire if isinstance(wire, str) else wire.name
    if name == "local":
        name = f"local:{vendor.openai_url}#scripted"
    environment = {
        "OPENAI_BASE_URL": vendor.openai_url,
        "OPENAI_API_KEY": key,
        "ANTHROPIC_BASE_URL": vendor.anthropic_url,
        "ANTHROPIC_API_KEY": key,
        "LOCAL_API_KEY": key,
    }
    settings = ModelSettings(calls=calls or quick(), scorer=scorer, samples=samples, orders=orders)
    model = build_model(name, catalogue(), settings, environment=environment, is_replay=is_replay)
    assert isinstance(model, PromptedModel)
    with patch.dict(os.environ, {"SSL_CERT_DIR": os.path.dirname(__file__)}):
        os.environ.pop(
            "SSL_CERT_FILE", None
        )  # no TLS here, and reading all certificates takes 30 ms a client
        try:
            yield model
        finally:
            model.close()


def quick(**changes: Any) -> CallSettings:
    """Return settings whose pauses take no time worth waiting for."""
    return CallSettings(**{"first_wait_s": 0.001, **changes})


def plan_text(goal: str | None = GOAL, steps: Sequence[str] = FETCH, **changes: Any) -> str:
    """Return a decomposition as a model writes it; steps are written as `pick apple_1`."""
    answer = {
        "not_understood": None,
        "question": None,
        "options": [],
        "goal": goal,
        "steps": [step_of(text) for text in steps],
        **changes,
    }
    return json.dumps(answer)


def step_of(text: str) -> dict[str, Any]:
    """Return one step of an answer."""
    skill, *arguments = text.split()
    return {"skill": skill, "arguments": arguments, "reason": "scripted", "alternatives": []}


def error(status: int, message: str = "out of order", *, code: str | None = None, **headers: str) -> Reply:
    """Return an error as both vendors spell it; header names are written with underscores."""
    told = {"type": code or "some_error", "message": message, "code": code, "param": None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, json={"type": "error", "error": told}, headers=named)


def decompose(model: PromptedModel, task: Task = TASK) -> Decomposition | Failure:
    """Ask for a plan in the usual scene."""
    return model.decompose(task, SCENE, CONTRACTS)


def chat_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return who said what in a completion's request, pictures left out, whatever the vendor."""
    turns = body.get("input") or [{"role": "system", "content": body.get("system", "")}, *body["messages"]]
    texts = [(turn["role"], _text(turn["content"])) for turn in turns]
    return [(role, text) for role, text in texts if text]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text") or "") for part in content)


def check_failure(answer: object, kind: FailureKind) -> str:
    """Check that it failed that way, with one clean sentence for people, and return the sentence."""
    assert isinstance(answer, Failure), answer
    assert answer.kind is kind, answer
    check_sentence(answer.reason)
    return answer.reason


def check_sentence(reason: str) -> None:
    """Check that a reason is one line for people: no key, no trace, no words meant for the model."""
    assert reason and reason == " ".join(reason.split()), reason
    assert len(reason) < 700, reason
    assert "canary" not in reason, reason
    for word in ("Traceback", "Your last answer", "Answer again", "object at 0x"):
        assert word not in reason, reason


def check_scores(answer: object) -> Scores:
    """Check that it is a distribution, and return it."""
    assert isinstance(answer, Scores), answer
    assert abs(sum(score.probability for score in answer.scores) - 1.0) < 1e-9
    assert all(score.probability >= 0.0 for score in answer.scores)
    return answer
