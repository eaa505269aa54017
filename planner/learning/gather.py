"""Room planner: many demonstrations in processes of their own, written as one LeRobotDataset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner.processes import run_in_processes
from skills.datasets import DatasetSpec, Episode, refuse_existing, write_dataset
from skills.policies.features import ACTION_NAMES, PICTURE_PX, STATE_NAMES

from .collect import CAMERAS, HORIZON, RATE_HZ, Noise, Recorded, demonstrate
from .errors import LearningError
from .tasks import SKILLS

BATCH = 40
SPEC = DatasetSpec(
    fps=round(RATE_HZ),
    robot_type="mobile_panda",
    state=STATE_NAMES,
    action=ACTION_NAMES,
    cameras=dict.fromkeys(CAMERAS, (PICTURE_PX, PICTURE_PX)),
    extras={
        "chunk": HORIZON * len(ACTION_NAMES),
        "target": 3,
        **{f"pixel_{name}": 3 for name in CAMERAS},
    },
)


@dataclass(frozen=True, kw_only=True)
class _Job:
    skill: str
    seed: int


def gather(
    skill: str, folder: Path, *, episodes: int, workers: int, seed: int, report: Callable[[str], None]
) -> str:
    """Collect demonstrations that succeeded, write them, and return a sentence about it.

    Raises:
        LearningError: If there is no teacher for the skill, or hardly any demonstration succeeds.
        DatasetError: If the folder is a data set already, or pyarrow is missing.
    """
    if skill not in SKILLS:
        raise LearningError(f"nobody teaches {skill!r}; skills: {', '.join(SKILLS)}")
    refuse_existing(folder)
    kept: list[Episode] = []
    shown = 0
    while len(kept) < episodes:
        count = min(BATCH, 2 * (episodes - len(kept)))
        jobs = [_Job(skill=skill, seed=seed + shown + k) for k in range(count)]
        shown += len(jobs)
        results = run_in_processes(jobs, _work, _failed, workers=workers, on_result=lambda _: None)
        kept += [_episode(r) for r in results if r is not None and r.succeeded]
        report(f"{min(len(kept), episodes)} of {episodes} demonstrations kept, {shown} seeds tried")
        if shown >= 400 and len(kept) < shown // 20:
            raise LearningError(f"only {len(kept)} of {shown} demonstrations of {skill} succeeded")
    write_dataset(folder, replace(SPEC, skill=skill), kept[:episodes])
    return f"wrote {episodes} demonstrations of {skill} to {folder}: seeds {seed} to {seed + shown - 1}"


def _work(job: _Job) -> Recorded | None:
    return demonstrate(job.skill, job.seed, noise=Noise())


def _failed(job: _Job, error: BaseException) -> Recorded | None:
    raise error


def _episode(shown: Recorded) -> Episode:
    chunks = np.stack(shown.chunks)  # (t, horizon, actions)
    return Episode(
        task=shown.instruction,
        state=np.stack(shown.states),
        action=chunks[:, 0],
        pictures={name: np.stack(frames) for name, frames in shown.pictures.items()},
        extras={
            "chunk": chunks.reshape(len(chunks), -1),
            "target": np.stack(shown.targets),
            **{f"pixel_{name}": np.stack(rows) for name, rows in shown.pixels.items()},
        },
    )
