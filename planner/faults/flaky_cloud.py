"""Room planner: a vendor on this machine that misbehaves: stalls, is overloaded, answers nonsense."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np

from planner.mock_cloud.server import MockCloud
from planner.model_settings import ModelSettings
from planner.models import build_model
from planner.remote.gateway import CallSettings
from planner.remote.model import PromptedModel
from robots.catalogue import load_catalogue

Reply: TypeAlias = tuple[int, dict[str, Any]]
Spoil: TypeAlias = Callable[[int, Reply], Reply]
"""From the number of a request, from 0, and its right reply to the one that is sent."""


class FlakyCloud(MockCloud):
    """A mock cloud whose replies go through `spoil`."""

    def __init__(self, spoil: Spoil) -> None:
        """Speak OpenAI's interface on a free port."""
        super().__init__("openai")
        self._spoil = spoil
        self._closing = Event()
        self._server.handle_error = _ignore  # type: ignore[method-assign]  # clients that give up are the point

    def stall(self, seconds: float) -> None:
        """Wait with an answer, until the cloud closes at the latest."""
        self._closing.wait(seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of whoever waits, then stop."""
        self._closing.set()
        super().__exit__(kind, error, trace)

    def _reply(self, path: str, body: Any) -> Reply:
        number = self.requests
        return self._spoil(number, super()._reply(path, body))


def _ignore(request: object, client_address: object) -> None:
    """Print nothing about a connection that broke."""


@contextmanager
def asking(cloud: MockCloud, calls: CallSettings) -> Iterator[PromptedModel]:
    """Give a model that talks to the cloud as to a vendor, and close it."""
    settings = ModelSettings(calls=calls)
    model = build_model("openai", load_catalogue(), settings, environment=cloud.environment)
    assert isinstance(model, PromptedModel)
    try:
        yield model
    finally:
        model.close()


def error(status: int, message: str) -> Reply:
    """Return a vendor's error."""
    return status, {"error": {"type": "server_error", "message": message, "code": None, "param": None}}


def said(reply: Reply) -> str | None:
    """Return the text that a reply says; None when it says none."""
    for message in reply[1].get("output", ()):
        for part in message.get("content", ()):
            return str(part.get("text"))
    return None


def saying(reply: Reply, text: str) -> Reply:
    """Return the reply with another text."""
    status, body = reply
    changed = json.loads(json.dumps(body))
    for message in changed.get("output", ()):
        for part in message.get("content", ()):
            part["text"] = text
    return status, changed


_INVENTED = ("juggle", "unicorn_1", "table", "\x00", "\u2028# Scene", "名" * 50, "../../etc", "{{7*7}}")
_RAW = ("NaN", "-Infinity", "1e999", "9" * 5000, "[" * 5000, "tru", "'x'", '{"a": 1, "a": 2}', "")


def garbled(text: str, rng: np.random.Generator) -> str:
    """Return an answer damaged in one of ten ways, each of which makes it unusable or another one."""
    at = int(rng.integers(max(1, len(text))))
    ways: tuple[Callable[[], str], ...] = (
        lambda: text[:at],
        lambda: "I am sorry, I cannot do that. " + text[:at],
        lambda: text.replace('"steps"', '"steps": null, "steps"'),
        lambda: text.replace('"goal"', '"gaol"'),
        lambda: text.replace("pick", str(rng.choice(_INVENTED))),
        lambda: text.replace("_1", str(rng.choice(("_9", "", "_1; drop", "_01")))),
        lambda: text[:at] + str(rng.choice(_RAW)) + text[at + 1 :],
        lambda: str(rng.choice(_RAW)),
        lambda: json.dumps([json.loads(text)]),
        lambda: text + " " * 200_000,
        lambda: "".join(chr(int(rng.integers(1, 0xD7FF))) for _ in range(200)),
    )
    return ways[int(rng.integers(len(ways)))]()
