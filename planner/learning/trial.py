"""Room planner: one trial of an implementation of a skill: a home, the guard, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding.oracle import OraclePerception
from robots.setup import ImpossibleStart
from safety import HouseholdSupervisor, StepOverrun
from skills import HOUSEHOLD_CONTRACTS, Implementation, Outcome, SkillContext, Status
from skills.policies.features import start_frame

from .tasks import Exercise, Task, task_for


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of one trial."""

    seed: int
    call: str
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
        return self.taken is not None and self.taken not in self.call


def run_trial(
    skill: str, seed: int, implementation: Implementation, exercise: Exercise | None = None
) -> Trial | None:
    """Return what came of a trial, or None when the draw has no such task."""
    rng = np.random.default_rng([seed, 77, *skill.encode()])
    try:
        task = task_for(skill, rng, exercise)
    except ImpossibleStart:
        return None
    if task is None:
        return None
    try:
        return run_task(task, implementation, seed=seed, rng=rng)
    finally:
        task.kitchen.close()


def run_task(
    task: Task, implementation: Implementation, *, seed: int, rng: np.random.Generator
) -> Trial | None:
    """Return what came of a task in its home, or None when it may not or cannot be done."""
    kitchen = task.kitchen
    perception = OraclePerception(kitchen, kitchen.catalogue)
    supervisor = HouseholdSupervisor(HOUSEHOLD_CONTRACTS)
    robot = supervisor.guard(kitchen.robot)
    scene = perception.perceive(kitchen.robot.observe())
    supervisor.begin(scene)
    start = start_frame(kitchen.robot.observe())
    if supervisor.review_step(task.call, scene, 0.0) or task.teacher(scene, kitchen, start) is None:
        return None
    context = SkillContext(
        robot=robot, perceive=lambda: perception.perceive(robot.observe()), rng=rng, timeout_s=60.0
    )
    try:
        outcome = implementation.run(task.call, context)
    except StepOverrun as overrun:
        outcome = Outcome(status=Status.TIMED_OUT, reason=str(overrun))
    after = perception.perceive(kitchen.robot.observe())
    contract = next(c for c in HOUSEHOLD_CONTRACTS if c.name == task.call.skill)
    wanted = contract.operator.apply(task.call.arguments, scene.facts, scene.universe) - scene.facts
    estimate = outcome.evidence.get("success_estimate")
    return Trial(
        seed=seed,
        call=str(task.call),
        succeeded=outcome.is_success and wanted <= after.facts,
        outcome=outcome,
        taken=after.held_item,
        estimate=float(estimate) if estimate is not None else None,
    )
