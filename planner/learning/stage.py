"""Room planner: an exercise set up as in a run: the supervisor's guard, and eyes that know the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from grounding import Scene
from grounding.oracle import OraclePerception
from robots import Robot
from robots.setup import ImpossibleStart
from safety import HouseholdSupervisor
from skills import HOUSEHOLD_CONTRACTS, SkillContext
from skills.demonstrations import Demonstrator
from skills.policies.features import start_frame

from .tasks import Exercise, Task, task_for

TIMEOUT_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A task that may and can be done from here."""

    robot: Robot
    """As the supervisor guards it."""
    look: Callable[[], Scene]
    before: Scene
    teacher: Demonstrator

    def context(self, rng: np.random.Generator) -> SkillContext:
        """Return what an implementation may use."""
        return SkillContext(robot=self.robot, perceive=self.look, rng=rng, timeout_s=TIMEOUT_S)


@contextmanager
def open_task(
    skill: str, rng: np.random.Generator, exercise: Exercise | None = None
) -> Iterator[Task | None]:
    """Yield an exercise, or None when this draw allows none; its home is closed afterwards."""
    try:
        task = task_for(skill, rng, exercise)
    except ImpossibleStart:
        task = None
    try:
        yield task
    finally:
        if task is not None:
            task.kitchen.close()


def set_up(task: Task) -> Stage | None:
    """Return the stage of a task, or None when the supervisor or its teacher refuses it."""
    kitchen = task.kitchen
    perception = OraclePerception(kitchen, kitchen.catalogue)
    supervisor = HouseholdSupervisor(HOUSEHOLD_CONTRACTS)
    robot = supervisor.guard(kitchen.robot)

    def look() -> Scene:
        return perception.perceive(robot.observe())

    scene = look()
    supervisor.begin(scene)
    teacher = task.teacher(scene, start_frame(scene.observation))
    if teacher is None or supervisor.review_step(task.call, scene, 0.0):
        return None
    return Stage(robot=robot, look=look, before=scene, teacher=teacher)
