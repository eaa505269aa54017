"""Teachers show what the skills promise, by contact, and so does a policy that acts like one."""

from __future__ import annotations

import numpy as np
import pytest

from grounding import Scene
from grounding.oracle import OraclePerception
from planner.learning.collect import CAMERAS, HORIZON, Noise, demonstrate
from planner.learning.homes import PLAIN
from planner.learning.tasks import Exercise, Task, task_for
from planner.learning.trial import Trial, run_task
from skills import HOUSEHOLD_CONTRACTS
from skills.policies.policy_skill import PolicySkill
from tests.fakes.policies import TeacherPolicy

pytestmark = pytest.mark.sim
SKILLS = ("pick", "place", "open", "close", "push")
EXERCISE = Exercise(distractors=(2, 2), variation=PLAIN)


@pytest.mark.parametrize("skill", SKILLS)
def test_a_policy_that_acts_like_the_teacher_does_the_skill(skill: str) -> None:
    contract = next(c for c in HOUSEHOLD_CONTRACTS if c.name == skill)
    trials: list[Trial] = []
    for seed in range(12):
        rng = np.random.default_rng([seed, 5])
        task = task_for(skill, rng, EXERCISE)
        if task is None:
            continue
        follows = skill in ("open", "close")
        policy = TeacherPolicy(lambda start, task=task: task.teacher(_look(task), start), follows=follows)
        trial = run_task(task, PolicySkill(contract, policy), seed=seed, rng=rng)
        task.kitchen.close()
        trials += [] if trial is None else [trial]
        if len(trials) == 3:
            break
    done = [trial for trial in trials if trial.succeeded]
    assert len(done) >= 2, [trial.outcome for trial in trials]
    assert all(trial.outcome.evidence["stopped_by"] == "predicate" for trial in done)
    assert len(set(policy.instructions)) == 1
    assert policy.closed == 1, "a connection is given back after every run"


def _look(task: Task) -> Scene:
    return OraclePerception(task.kitchen, task.kitchen.catalogue).perceive(task.kitchen.robot.observe())


@pytest.mark.parametrize("skill", SKILLS)
def test_a_demonstration_can_be_learned_from(skill: str) -> None:
    shown = None
    for seed in range(12):
        shown = demonstrate(skill, seed, noise=Noise(kick=0.0, slip=0.0))
        if shown is not None and shown.succeeded:
            break
    assert shown is not None
    assert shown.succeeded, shown.reason
    frames = len(shown.states)
    assert np.stack(shown.chunks).shape == (frames, HORIZON, 10)
    assert np.isfinite(np.stack(shown.chunks)).all()
    for name in CAMERAS:
        assert np.stack(shown.pictures[name]).shape == (frames, 96, 96, 3)
    assert np.stack(shown.pixels["wrist"])[:, 2].mean() > 0.3, "the wrist camera hardly sees the target"
