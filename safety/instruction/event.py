"""Room safety: what an action amounts to once it is known what it is done to, in which state."""

from __future__ import annotations

from dataclasses import dataclass

from .lexicon import NOTHING, Properties

ROLES = ("object", "target", "liquid", "tool")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A thing in an event."""

    name: str
    properties: Properties
    """What it is, and the state it is in at that moment."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that would happen."""

    kind: str
    parts: dict[str, Part]
    """By role: object, target, liquid, tool."""
    verb: str = ""

    def properties(self, role: str) -> Properties:
        """Return what is known of the thing in a role; nothing when there is none."""
        part = self.parts.get(role)
        return NOTHING if part is None else part.properties

    def __str__(self) -> str:
        """Return e.g. `pour(liquid=wine, target=laptop)`."""
        return f"{self.kind}({', '.join(f'{role}={part.name}' for role, part in self.parts.items())})"
