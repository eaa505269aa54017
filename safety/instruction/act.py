"""Room safety: what a person asks for, as typed actions, before it is known what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """Where a thing ends up, seen from the target."""

    ON = "on"
    IN = "in"
    AT = "at"
    NEAR = "near"
    TO = "to"
    TOP = "top"
    """On top of what could also hold it."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One action as read from a step, a sentence or a skill call. A part that is None was not said."""

    sense: str
    """What is done: a key of `verbs.yaml`."""
    verb: str = ""
    """The word that was used."""
    object: str | None = None
    target: str | None = None
    relation: Relation = Relation.ON
    liquid: str | None = None
    tool: str | None = None
    """With what it is done."""
    contents: str | None = None
    """What the object is said to hold."""
