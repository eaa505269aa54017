"""Room planner: keys stay out of everything that is written down or shown."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "[hidden]"
_SHORTEST = 6
"""Shorter secrets ("none") are placeholders for servers without keys; hiding them would garble texts."""
_LIKE_A_KEY = re.compile(r"\b(sk-[A-Za-z0-9_\-*]{8,}|Bearer\s+[A-Za-z0-9._\-]{8,})")
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")


class Redactor:
    """Replaces known secrets, and what looks like a key, in texts and JSON."""

    def __init__(self, *secrets: str | None) -> None:
        """Take the secrets of this process."""
        self._secrets = sorted({s for s in secrets if s and len(s) >= _SHORTEST}, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return `text` without secrets, and without halves of surrogate pairs, which no file can hold."""
        text = text.encode("utf-8", "replace").decode()
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _USER_IN_URL.sub(f"{HIDDEN}@", _LIKE_A_KEY.sub(HIDDEN, text))

    def json(self, value: Any) -> Any:
        """Return JSON data without secrets, keys of objects included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self.json(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.json(part) for part in value]
        return value
