"""Room planner: what a run came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grounding import Fact, Formula, Scene
from planner.language_model import Step, Usage
from skills import Outcome, SkillCall


class Ending(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    """The goal holds in the observed scene."""
    REFUSED = "refused"
    """Not understood, or not allowed; nothing moved."""
    NEEDS_ANSWER = "needs an answer"
    """A question that nobody answered; nothing moved."""
    STOPPED = "stopped"
    """The ladder or a bound ended it; the robot is at rest."""
    CANCELLED = "cancelled"
    """The person interrupted it; the robot is at rest."""


@dataclass(frozen=True, kw_only=True)
class StepRecord:
    """One dispatched skill."""

    call: SkillCall
    implementation: str
    attempt: int
    outcome: Outcome
    effects_hold: bool
    difference: str


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Where the wall time of a run went, [s]."""

    wall_s: float = 0.0
    planning_s: float = 0.0
    """Candidates, affordances, verification, repair: the planner's own part."""
    model_s: float = 0.0
    perceiving_s: float = 0.0
    acting_s: float = 0.0

    @property
    def planning_share(self) -> float:
        """Return the planner's own part of the wall time, 0 to 1."""
        return self.planning_s / self.wall_s if self.wall_s > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """A run: how it ended, why, and what was done on the way."""

    instruction: str
    ending: Ending
    reason: str
    goal: Formula | None
    plan: tuple[Step, ...]
    """The first plan that was verified and allowed."""
    steps: tuple[StepRecord, ...]
    scene: Scene
    """Last scene observed."""
    first_facts: frozenset[Fact]
    """Facts of the first scene."""
    model_calls: int
    """Requests to the model that the run's decisions took."""
    timings: Timings
    recoveries: tuple[str, ...] = ()
    """Rungs of the ladder that were used, in order."""
    usage: Usage = field(default_factory=lambda: Usage(calls=0))
    """What the run's model cost in all, answers that were computed ahead and dropped included."""
    run_folder: Path | None = None
    """Where the evidence lies; None when none was kept."""

    @property
    def succeeded(self) -> bool:
        """Return whether the goal was seen to hold."""
        return self.ending is Ending.SUCCEEDED

    @property
    def done_calls(self) -> tuple[SkillCall, ...]:
        """Return the calls whose effects were observed."""
        return tuple(s.call for s in self.steps if s.effects_hold)
