"""Room planner: what a client tells a model, whoever the vendor is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from prompts import Rendered

from .gateway import Body, Request, Tokens, image_digest


@dataclass(frozen=True, kw_only=True)
class Correction:
    """An answer that could not be used, and our sentence about it."""

    answer: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """A prompt whose answer is one JSON object."""

    prompt: Rendered
    schema: Mapping[str, Any]
    schema_name: str
    pictures: tuple[bytes, ...] = ()
    """PNG files, after the text."""
    corrections: tuple[Correction, ...] = ()
    """Earlier answers to the same prompt, oldest first."""
    menu: str = ""
    """Text after the prompt that differs between samples of one decision."""
    sample: int = 0
    most_output: int = 6000
    """Most tokens of the answer, reasoning included."""

    @property
    def images(self) -> dict[str, bytes]:
        """Return the pictures by SHA-256."""
        return {image_digest(png): png for png in self.pictures}

    @property
    def correction_turns(self) -> list[Body]:
        """Return the earlier answers and what was wrong with them, as turns of a conversation."""
        turns: list[Body] = []
        for correction in self.corrections:
            turns.append({"role": "assistant", "content": correction.answer})
            turns.append({"role": "user", "content": correction.problem})
        return turns

    def request(self, *, model: str, endpoint: str, body: Body) -> Request:
        """Return the request that carries this prompt in a wire's own body."""
        return Request(
            purpose=self.prompt.site,
            model=model,
            endpoint=endpoint,
            body=body,
            images=self.images,
            prompt_hash=self.prompt.hash,
            most_output=self.most_output,
            sample=self.sample,
        )


class Client(Protocol):
    """A vendor's wire: makes requests, sends them once, reads replies. No retries, no clock."""

    @property
    def name(self) -> str:
        """Return provider and model, e.g. "openai:gpt-..."; no credentials."""
        ...

    @property
    def takes_pictures(self) -> bool:
        """Return whether pictures may be sent."""
        ...

    def completion(self, told: Told) -> Request:
        """Return the request for a JSON answer."""
        ...

    def read_completion(self, body: Body) -> str:
        """Return the text of an answer.

        Raises:
            CallFailed: If the model refused.
            Unusable: If the answer was cut off, with a sentence for the model.
        """
        ...

    def tokens_of(self, body: Body) -> Tokens:
        """Return what the reply's usage record says; nothing when there is none."""
        ...

    async def send(self, request: Request) -> Body:
        """Send once and return the reply's JSON.

        Raises:
            BrokenReply: If HTTP 200 brought something else.
            Exception: Whatever the vendor's client raises.
        """
        ...

    async def close(self) -> None:
        """End its connections; called in the loop that sent."""
        ...


@dataclass(frozen=True, kw_only=True)
class Access:
    """How to reach a server; never journalled, never printed."""

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
