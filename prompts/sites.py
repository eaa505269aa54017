"""Room prompts: the call sites and their variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .rendering import Prompt


@dataclass(frozen=True, kw_only=True)
class DecomposePrompt(Prompt):
    """Ask for a goal and steps."""

    site: ClassVar[str] = "decompose"

    skills: str
    """One line per skill."""
    predicates: str
    """One line per predicate."""
    instruction: str
    """The person's words as a JSON string."""
    dialogue: str
    """The person's answer and the goal so far, each under a heading of its own; empty at first."""
    done: str
    """Calls that succeeded, in order, or "nothing"."""
    scene: str
    """What is seen, as JSON lines."""
    surprise: str
    """What differs from what was expected, under a heading of its own; empty when nothing does."""


@dataclass(frozen=True, kw_only=True)
class ScorePrompt(Prompt):
    """Ask how right each of some options is."""

    site: ClassVar[str] = "score"

    skills: str
    """One line per skill."""
    predicates: str
    """One line per predicate."""
    instruction: str
    """The person's words as a JSON string."""
    dialogue: str
    """The person's answer and the goal so far, each under a heading of its own; empty at first."""
    done: str
    """Calls that succeeded, in order, or "nothing"."""
    scene: str
    """What is seen, as JSON lines, or a sentence as a JSON string."""
    surprise: str
    """What differs from what was expected, under a heading of its own; empty when nothing does."""
