"""Room planner: one exchange with a model's server: what is sent, what came back, and how it can fail.

Bodies are plain JSON, without credentials; a picture stands in them as `{"$image": SHA-256}`, so that a body
can be journalled, hashed, cached and replayed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from planner.language_model import FailureKind

Body: TypeAlias = dict[str, Any]

IMAGE_KEY = "$image"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, without credentials."""

    purpose: str
    """ "decompose" or "score"."""
    model: str
    """Provider and model, e.g. "openai:gpt-...": names the price and the journal entry."""
    endpoint: str
    """Where it goes, e.g. "responses"."""
    body: Body
    images: Mapping[str, bytes] = field(default_factory=dict)
    """PNG files by SHA-256, for the places in the body that name them."""
    prompt_hash: str = ""
    most_output: int = 0
    """Most tokens that the answer may have; the budget reserves for them."""
    sample: int = 0
    """Tells repeated samples of one prompt apart."""
    is_ahead: bool = False
    """Asked while a skill runs, for a scene that may not come; says nothing about the answer."""

    @property
    def key(self) -> str:
        """Return the SHA-256 of everything the answer depends on, 32 hex digits."""
        told = [self.model, self.endpoint, self.sample, self.body]
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]

    def wire_body(self) -> Body:
        """Return the body with its pictures in place, as base64 text."""
        filled = _filled(self.body, self.images)
        assert isinstance(filled, dict)
        return filled


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a vendor's usage record says."""

    input: int = 0
    """All tokens read, cached and written ones included."""
    cached: int = 0
    written: int = 0
    output: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        """Return the sum."""
        return Tokens(
            input=self.input + other.input,
            cached=self.cached + other.cached,
            written=self.written + other.written,
            output=self.output + other.output,
        )


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A server's answer."""

    body: Body
    tokens: Tokens
    usd: float | None
    """None when the model has no price."""
    requests: int
    """How many were sent for it, retries and hedges included; 0 when it came from cache or record."""
    latency_s: float
    source: str
    """ "network", "cache" or "record"."""


class CallFailed(Exception):
    """An exchange that came to nothing; becomes a `Failure` before it leaves this package."""

    def __init__(self, kind: FailureKind, reason: str) -> None:
        """Take what happened, in one sentence."""
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.requests = 0
        """How many were sent for it all the same."""


def image_digest(png: bytes) -> str:
    """Return a picture's SHA-256."""
    return hashlib.sha256(png).hexdigest()


def image_at(digest: str, *, prefix: str = "") -> Body:
    """Return what stands in a body for a picture in base64, after `prefix`."""
    return {IMAGE_KEY: digest, "prefix": prefix}


def _filled(value: Any, images: Mapping[str, bytes]) -> Any:
    if isinstance(value, dict):
        if IMAGE_KEY in value:
            encoded = base64.b64encode(images[value[IMAGE_KEY]]).decode()
            return f"{value.get('prefix', '')}{encoded}"
        return {key: _filled(part, images) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, images) for part in value]
    return value
