"""Room planner: keys stay out of everything that is written down or shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"
_SHORTEST = 6
"""Shorter secrets ("none") are placeholders for servers without keys; hiding them would garble texts."""
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_SHORTEST_OF_ENVIRONMENT = 8
_LIKE_A_KEY = re.compile(r"\b(sk-[A-Za-z0-9_\-*]{8,}|Bearer\s+[A-Za-z0-9._\-]{8,})")
_USER_IN_URL = re.compile(r"(?<=://)[^/@\s]+@")


def secrets_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of an environment whose names say that they are secrets."""
    return tuple(
        value
        for name, value in environment.items()
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST_OF_ENVIRONMENT and not value.isdecimal()
    )


class Redactor:
    """Replaces known secrets, and what looks like a key, in texts and JSON."""

    def __init__(self, *secrets: str | None) -> None:
        """Take the secrets of this process; each is also known stripped, and as Python prints it."""
        told = {form for s in secrets if s for form in (s, s.strip(), repr(s)[1:-1])}
        self._secrets = sorted((s for s in told if len(s) >= _SHORTEST), key=len, reverse=True)

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
