"""Room prompts: the call sites and their variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .rendering import Prompt


@dataclass(frozen=True, kw_only=True)
class SituationPrompt(Prompt):
    """What every call site is told: what the robot can do, what is wanted, and what is seen."""

    skills: str
    """One line per skill."""
    predicates: str
    """One line per predicate."""
    instruction: str
    """The person's words as a JSON string."""
    dialogue: str
    """The person's answer and the goal so far, each under a heading of its own; empty at first."""
    done: str
    """Calls that succeeded, in their order; "nothing" at first."""
    scene: str
    """What is seen, as JSON lines, or a sentence as a JSON string."""
    surprise: str
    """What differs from what was expected, under a heading of its own; empty when nothing does."""


@dataclass(frozen=True, kw_only=True)
class DecomposePrompt(SituationPrompt):
    """Ask for a goal and steps."""

    site: ClassVar[str] = "decompose"


@dataclass(frozen=True, kw_only=True)
class ScorePrompt(SituationPrompt):
    """Ask how right each of some options is; the options are added by whoever scores."""

    site: ClassVar[str] = "score"


@dataclass(frozen=True, kw_only=True)
class ProposeRulePrompt(Prompt):
    """Ask for a safety rule as a formula."""

    site: ClassVar[str] = "propose_rule"

    predicates: str
    """One line per predicate."""
    actions: str
    """One line per action."""
    types: str
    """Every type of a thing."""
    examples: str
    """Rules that hold already."""
    asked: str
    """The person's words as a JSON string."""
