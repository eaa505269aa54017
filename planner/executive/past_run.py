"""Room planner: a run that was interrupted, as its journal tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grounding import TRUE, Fact, Formula
from planner.language_model import Step
from skills import SkillCall

from .agenda import Agenda
from .events import Rung
from .report import StepRecord


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A step that was begun and of which nobody wrote down the end."""

    number: int
    call: SkillCall
    implementation: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """How far a run came."""

    instruction: str
    has_plan: bool = False
    """Whether the words were understood, judged and turned into a goal before the interruption."""
    goal: Formula = TRUE
    asked: Formula | None = None
    """The end that was asked for in so many words."""
    plan: tuple[Step, ...] = ()
    """The first plan."""
    left: tuple[Step, ...] = ()
    """What of the newest plan was still to do, the interrupted step included."""
    records: tuple[StepRecord, ...] = ()
    """Steps that ended."""
    intent: Intent | None = None
    """The interrupted step; None between steps."""
    seen: Mapping[int, frozenset[Fact]] = field(default_factory=dict)
    """Number of steps done to the facts seen after them; the last may be missing."""
    recoveries: tuple[Rung, ...] = ()
    questions: int = 0
    """Questions that somebody heard."""
    decompositions: int = 0
    model_calls: int = 0
    answer: str | None = None
    """What the person answered last."""
    is_confirmed: bool = False
    """Whether a person said that the request is meant harmlessly."""


def steps_after(left: tuple[Step, ...], done: SkillCall) -> tuple[Step, ...]:
    """Return what is left of a plan after `done`, which may have been an alternative of its first step."""
    first = left[0] if left else None
    if first is not None and done == first.call:
        return left[1:]
    if first is not None and done in first.alternatives:
        return Agenda(steps=left).with_alternative(done).advanced().steps
    return left
