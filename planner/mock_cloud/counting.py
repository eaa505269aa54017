"""Room planner: token counts of the mock cloud: estimates, and a prompt cache by prefix as vendors have one.

Four characters count as one token. No vendor's tokenizer is used, so counts are for comparing, not for bills.
"""

from __future__ import annotations

import base64
import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

CHARACTERS_PER_TOKEN = 4
PIXELS_PER_TOKEN = 750
"""Source: Anthropic's guide to vision, 2026: about width x height / 750 tokens a picture."""
SHORTEST_PREFIX = 1024
"""Prefixes below this many tokens are not cached."""
STEP = 128
"""Automatic caches count in steps of so many tokens."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Tokens of one prompt."""

    input: int
    """All of them."""
    cached: int
    written: int


def tokens_in(text: str) -> int:
    """Return the estimated number of tokens of a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def tokens_of_png(encoded: str) -> int:
    """Return the estimated number of tokens of a picture: a PNG file in base64, perhaps as a data URL."""
    header = base64.b64decode(encoded.rsplit(",", 1)[-1][:64])
    width, height = (int.from_bytes(header[i : i + 4], "big") for i in (16, 20))
    return -(-width * height // PIXELS_PER_TOKEN)


class PromptCache:
    """Remembers the prompts that it saw."""

    def __init__(self) -> None:
        """Start empty."""
        self._seen: deque[str] = deque(maxlen=64)
        self._marked: set[str] = set()
        self._lock = threading.Lock()

    def automatic(self, text: str, *, picture_tokens: int = 0) -> Counted:
        """Count a prompt whose longest known prefix is cached, as OpenAI's is."""
        total = tokens_in(text) + picture_tokens
        with self._lock:
            known = max((len(os.path.commonprefix([text, old])) for old in self._seen), default=0)
            self._seen.append(text)
        cached = known // CHARACTERS_PER_TOKEN // STEP * STEP
        return Counted(input=total, cached=cached if cached >= SHORTEST_PREFIX else 0, written=0)

    def marked(self, blocks: Sequence[tuple[str, bool]], *, picture_tokens: int = 0) -> Counted:
        """Count a prompt whose blocks say where a cached prefix ends, as Anthropic's do."""
        prefix, cached, end = "", 0, 0
        with self._lock:
            for text, is_end in blocks:
                prefix += text
                size = tokens_in(prefix)
                if is_end and size >= SHORTEST_PREFIX:
                    end = size
                    if prefix in self._marked:
                        cached = size
                    self._marked.add(prefix)
        total = tokens_in(prefix) + picture_tokens
        return Counted(input=total, cached=cached, written=max(0, end - cached))
