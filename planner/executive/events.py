"""Room planner: what happens in a run, as records; the journal and the terminal listen to the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from grounding import Fact, Formula
from planner.language_model import Step, Usage
from planner.selection import Decision
from robots import Violation
from skills import Outcome, SkillCall


class Rung(StrEnum):
    """The recovery ladder, cheapest first."""

    RETRY = "retry"
    OTHER_IMPLEMENTATION = "other implementation"
    REPAIR = "symbolic repair"
    DECOMPOSE = "decompose again"
    ASK = "ask the person"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """Before the first model call."""

    instruction: str
    strategy: str
    seed: int
    model: str
    perception: str


@dataclass(frozen=True, kw_only=True)
class RunResumed:
    """An interrupted run goes on, robot at rest; nothing was commanded but a stop."""

    instruction: str
    interrupted: SkillCall | None
    """The step whose intent was committed and whose end was not; None between steps."""
    world_s: float
    """Robot clock of the world in which it goes on, [s]."""


@dataclass(frozen=True, kw_only=True)
class SceneSeen:
    """What was seen after so many steps; what is always true is left out."""

    steps: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class ModelCalled:
    """One call of a language model."""

    purpose: str
    """ "decompose" or "score"."""
    model: str
    prompt_hash: str
    """SHA-256 of everything the model was told, first 16 hex digits."""
    usage: Usage
    answer: str
    """One line: the goal, the question, or the best-rated candidates."""


@dataclass(frozen=True, kw_only=True)
class ModelFailed:
    """A question to the language model that got no usable answer."""

    purpose: str
    """ "decompose" or "score"."""
    model: str
    prompt_hash: str
    usage: Usage
    """What was spent all the same."""
    kind: str
    """A `FailureKind`."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanMade:
    """A plan that was verified and allowed: the first one, or after a repair or a new decomposition."""

    goal: Formula | None
    steps: tuple[Step, ...]
    edits: tuple[str, ...] = ()
    """What verification changed in the proposed plan, and why."""
    asked: Formula | None = None
    """The end that was asked for in so many words, as far as it is known."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One choice by say x can."""

    number: int
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class StepStarted:
    """Intent: committed before the robot is told to move."""

    number: int
    call: SkillCall
    implementation: str
    attempt: int
    facts_hash: str
    """SHA-256 of the facts before, first 16 hex digits."""


@dataclass(frozen=True, kw_only=True)
class StepEnded:
    """What came of it: the implementation's word, and what a fresh scene shows."""

    number: int
    call: SkillCall
    outcome: Outcome
    effects_hold: bool
    difference: str
    """Expected against observed, in words; empty when they agree."""
    is_reconciled: bool = False
    """The run was interrupted in it, and what came of it was seen when the run was resumed."""


@dataclass(frozen=True, kw_only=True)
class Vetoed:
    """The supervisor said no."""

    subject: str
    violations: tuple[Violation, ...]


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """The guard began to slow, hold or stop the robot."""

    violation: Violation


@dataclass(frozen=True, kw_only=True)
class Recovering:
    """A rung of the recovery ladder."""

    rung: Rung
    reason: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to the person."""

    question: str
    options: tuple[str, ...]
    answer: str | None
    """None when nobody answered."""
    probabilities: tuple[float, ...] = ()
    """The model's belief in each option, where it rated them."""
    is_heard: bool = True
    """Whether somebody was there to hear it."""


@dataclass(frozen=True, kw_only=True)
class RunEnded:
    """After the robot came to rest."""

    ending: str
    reason: str


Event: TypeAlias = (
    RunStarted
    | RunResumed
    | SceneSeen
    | ModelCalled
    | ModelFailed
    | PlanMade
    | Decided
    | StepStarted
    | StepEnded
    | Vetoed
    | Reduced
    | Recovering
    | Asked
    | RunEnded
)
Listener: TypeAlias = Callable[[Event], None]
