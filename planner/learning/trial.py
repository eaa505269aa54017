"""Room planner: one trial of an implementation of a skill: a home, the guard, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safety import StepOverrun
from skills import HOUSEHOLD_CONTRACTS, Implementation, Outcome, SkillCall, Status

from .stage import open_task, set_up
from .tasks import Exercise, Task


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of one trial."""

    seed: int
    call: SkillCall
    succeeded: bool
    """In the truth, and so told by the implementation."""
    outcome: Outcome
    taken: str | None
    """What the hand holds at the end."""
    estimate: float | None
    """The policy's own probability of success at its start."""

    @property
    def took_other(self) -> bool:
        """Return whether the hand took something that was not named."""
        return self.taken is not None and self.taken not in self.call.arguments


def run_trial(
    skill: str, seed: int, implementation: Implementation, exercise: Exercise | None = None
) -> Trial | None:
    """Return what came of a trial, or None when the draw has no such task."""
    rng = np.random.default_rng([seed, 77, *skill.encode()])
    with open_task(skill, rng, exercise) as task:
        return None if task is None else run_task(task, implementation, seed=seed, rng=rng)


def run_task(
    task: Task, implementation: Implementation, *, seed: int, rng: np.random.Generator
) -> Trial | None:
    """Return what came of a task in its home, or None when it may not or cannot be done."""
    stage = set_up(task)
    if stage is None:
        return None
    try:
        outcome = implementation.run(task.call, stage.context(rng))
    except StepOverrun as overrun:
        outcome = Outcome(status=Status.TIMED_OUT, reason=str(overrun))
    before, after = stage.before, stage.look()
    contract = next(c for c in HOUSEHOLD_CONTRACTS if c.name == task.call.skill)
    wanted = contract.operator.apply(task.call.arguments, before.facts, before.universe) - before.facts
    estimate = outcome.evidence.get("success_estimate")
    return Trial(
        seed=seed,
        call=task.call,
        succeeded=outcome.is_success and wanted <= after.facts,
        outcome=outcome,
        taken=after.held_item,
        estimate=float(estimate) if estimate is not None else None,
    )
