"""Room prompts: render a call site's Markdown file, the part that never changes first.

A file is split by one comment line. What stands above it depends only on the skill library, so that a
vendor's prompt cache can keep it; what stands below changes with every call, newest state last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from string import Template
from typing import ClassVar

SPLIT = "<!-- what follows changes with every call -->\n"


class PromptError(ValueError):
    """A prompt file that is missing, has no split, or uses other variables than its dataclass."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A prompt as text."""

    site: str
    """Name of the call site, "decompose" or "score"."""
    system: str
    """Static part."""
    user: str
    """Dynamic part."""

    @property
    def static_hash(self) -> str:
        """Return the SHA-256 of the static part, first 16 hex digits: it names the prompt's version."""
        return _sha(self.system)

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the whole text, first 16 hex digits."""
        return _sha(self.system + SPLIT + self.user)


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Variables of one call site: a field is a variable of the file `<site>.md`."""

    site: ClassVar[str]

    def render(self) -> Rendered:
        """Return the text.

        Raises:
            PromptError: If the file is missing or its variables are not the fields.
        """
        values = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        system, user = load(self.site, frozenset(values))
        return Rendered(site=self.site, system=system.substitute(values), user=user.substitute(values))


@cache
def load(site: str, variables: frozenset[str]) -> tuple[Template, Template]:
    """Return the static and the dynamic template of a call site, checked.

    Raises:
        PromptError: If the file is missing, is not split once, or uses other variables.
    """
    try:
        text = resources.files("prompts").joinpath(f"{site}.md").read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"prompts/{site}.md cannot be read: {error.strerror}") from error
    parts = text.split(SPLIT)
    if len(parts) != 2:
        raise PromptError(f"prompts/{site}.md needs exactly one line: {SPLIT.strip()}")
    system, user = (Template(part) for part in parts)
    used = set(system.get_identifiers()) | set(user.get_identifiers())
    if used != variables:
        odd = ", ".join(sorted(used ^ variables))
        raise PromptError(f"prompts/{site}.md and its dataclass differ in: {odd}")
    return system, user


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
