"""Room safety: what the supervisor answers: a verdict on words, and objections to a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grounding import Formula
from robots import Violation
from skills import SkillCall


class Ruling(StrEnum):
    """What becomes of a request."""

    ALLOW = "allow"
    ASK = "ask"
    """A harmful and a harmless reading both fit: a person has to say which."""
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The ruling on a request and what decided it."""

    ruling: Ruling
    violations: tuple[Violation, ...] = ()
    """Why it is not allowed as it stands; empty when it is."""
    question: str = ""
    """What to ask the person when the ruling is ASK."""


ALLOWED = Verdict(ruling=Ruling.ALLOW)


@dataclass(frozen=True, kw_only=True)
class Objection:
    """Why a plan must not be done as it is, and what would make it allowed."""

    violation: Violation
    index: int | None = None
    """Index of the step with which the rule breaks; None when something is missing at the end."""
    call: SkillCall | None = None
    """That step."""
    remedy: Formula | None = None
    """What must hold right before that step, or at the end, for the rule to hold; None: do not do it."""
    is_unreadable: bool = False
    """The step is none: its skill, an object or the number of arguments does not exist."""
