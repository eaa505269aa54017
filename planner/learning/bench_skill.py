"""Room planner: an implementation of a skill along separate axes: as taught, and as it never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from planner.bench.statistics import share_of
from planner.processes import run_in_processes
from skills.library import household_library
from skills.policies.uri import implementation_of

from .errors import LearningError
from .homes import PLAIN, UNSEEN
from .tasks import Exercise
from .trial import Trial, run_trial

AXES: Mapping[str, Exercise] = {
    "plain": Exercise(distractors=(0, 0), variation=PLAIN),
    "4 distractors": Exercise(distractors=(4, 4), variation=PLAIN),
    "1 distractor": Exercise(distractors=(1, 1), variation=PLAIN),
    "3 distractors": Exercise(distractors=(3, 3), variation=PLAIN),
    "5 distractors": Exercise(distractors=(5, 5), variation=PLAIN),
    "as taught": Exercise(),
    "unseen objects": Exercise(categories=UNSEEN, variation=PLAIN),
    "unseen colours": Exercise(variation=replace(PLAIN, recolour=1.0, unseen_colours=True)),
    "light": Exercise(variation=replace(PLAIN, light=1.5, texture=1.5)),
    "camera shift": Exercise(variation=replace(PLAIN, camera=2.0)),
}
"""Each draws its own places; no seed of a demonstration is used."""


@dataclass(frozen=True, kw_only=True)
class _Job:
    skill: str
    policy: str
    axis: str
    seed: int


def bench_axes(
    skill: str, policy: str, *, axes: Sequence[str], n: int, workers: int, seed: int
) -> dict[str, tuple[Trial, ...]]:
    """Return the trials of each axis.

    Raises:
        LearningError: If there is no such axis or skill.
        SkillChoiceError: If the policy cannot be used.
    """
    for axis in axes:
        if axis not in AXES:
            raise LearningError(f"there is no axis {axis!r}; axes: {', '.join(AXES)}")
    library = household_library()
    if skill not in library:
        raise LearningError(f"there is no skill {skill!r}; skills: {', '.join(library)}")
    implementation_of(library[skill], policy)
    found = {}
    for axis in axes or AXES:
        jobs = [_Job(skill=skill, policy=policy, axis=axis, seed=seed + k) for k in range(n)]
        trials = run_in_processes(jobs, _work, _failed, workers=workers, on_result=lambda _: None)
        found[axis] = tuple(trial for trial in trials if trial is not None)
    return found


def _work(job: _Job) -> Trial | None:
    implementation = implementation_of(household_library()[job.skill], job.policy)
    return run_trial(job.skill, job.seed, implementation, AXES[job.axis])


def _failed(job: _Job, error: BaseException) -> Trial | None:
    raise error


def show(console: Console, skill: str, policy: str, results: Mapping[str, Sequence[Trial]]) -> None:
    """Print a line per axis."""
    table = Table(title=f"{skill} by {policy}", title_justify="left", box=None)
    for name in ("axis", "n", "success", "took what was named", "median time"):
        table.add_column(name, justify="left" if name == "axis" else "right")
    for axis, trials in results.items():
        took = [not t.took_other for t in trials if t.taken is not None]
        times = [t.outcome.duration_s for t in trials if t.succeeded]
        table.add_row(
            axis,
            str(len(trials)),
            str(share_of([t.succeeded for t in trials])),
            str(share_of(took)) if skill == "pick" else "–",
            f"{np.median(times):.1f} s" if times else "–",
        )
    console.print(table)


def write_json(
    path: Path, skill: str, policy: str, seed: int, results: Mapping[str, Sequence[Trial]]
) -> None:
    """Write every trial."""
    data = {
        "skill": skill,
        "policy": policy,
        "first_seed": seed,
        "axes": {axis: [_told(t) for t in trials] for axis, trials in results.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _told(trial: Trial) -> dict[str, object]:
    return {
        "seed": trial.seed,
        "call": str(trial.call),
        "succeeded": trial.succeeded,
        "status": trial.outcome.status.value,
        "reason": trial.outcome.reason,
        "taken": trial.taken,
        "seconds": round(trial.outcome.duration_s, 2),
        "evidence": dict(trial.outcome.evidence),
    }
