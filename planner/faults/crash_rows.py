"""Room planner: rows for a planner that is killed in mid-run, or whose disk fills up, in real processes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from planner.executive.taking_up import AGAIN
from planner.resume.crash_tasks import TASKS
from planner.resume.crash_trial import Crash, crash_and_resume
from planner.resume.full_disk_trial import run_on_full_disk

from .trial import Row, Trial

MOST_EVENTS, MOST_S = 25, 5.0
"""A kill comes before so many events of the journal, or so long after it was opened, [s]."""
TRIES = 6
"""A trial whose run was over before its fault came is begun anew so often."""
SMALL, MIDDLE, LARGE = 30_000, 190_000, 380_000
"""Sizes at which a disk is full, [bytes]: below the first no journal can be opened, from about the second on
the robot moves before it is full, and with the last a short task is done."""


def _until_injected(run: Callable[[Path], Trial]) -> Trial:
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            trial = run(Path(folder) / "run")
        if trial.injected or trial.unsafe:
            break
    return trial


def _killed(rng: np.random.Generator) -> Trial:
    def once(root: Path) -> Trial:
        task = TASKS[int(rng.integers(len(TASKS)))]
        crashes = [_crash(rng)]
        if rng.random() < 1 / 3:
            crashes.append(_crash(rng))
        result = crash_and_resume(task, tuple(crashes), root, answer=AGAIN)
        ends = ", then ".join(_when(c) for c in crashes)
        return Trial(
            injected=f"“{task.instruction}” killed {ends}" if result.kills else "",
            ending=result.ending,
            reason=result.reason,
            unsafe=(*(f"done again: {deed}" for deed in result.repeated), *result.lost),
            is_explained=bool(result.reason),
            is_recoverable=True,
            is_recovered=result.is_finished,
            reaction_s=round(max(result.resume_s), 3) if result.resume_s else None,
        )

    return _until_injected(once)


def _crash(rng: np.random.Generator) -> Crash:
    if rng.random() < 0.5:
        return Crash(event=int(rng.integers(1, MOST_EVENTS)))
    return Crash(after_s=float(rng.uniform(0.0, MOST_S)))


def _when(crash: Crash) -> str:
    return f"after event {crash.event}" if crash.after_s is None else f"after {crash.after_s:.2f} s"


def _full_disk(rng: np.random.Generator) -> Trial:
    def once(root: Path) -> Trial:
        task = TASKS[int(rng.integers(len(TASKS)))]
        most_bytes = int(rng.integers(*((SMALL, MIDDLE) if rng.random() < 1 / 3 else (MIDDLE, LARGE))))
        result = run_on_full_disk(task, most_bytes, root)
        unsafe = [f"{result.unrecorded} ticks without an intent on record"] if result.unrecorded else []
        unsafe += [f"the process ended with {result.exit_code}"] if result.exit_code else []
        return Trial(
            injected=f"disk full at {most_bytes} bytes" if result.ending != "succeeded" else "",
            ending=result.ending,
            reason=result.reason,
            unsafe=tuple(unsafe),
            is_explained=result.is_explained,
            measured={"ticks": float(result.commands)},
        )

    return _until_injected(once)


CRASH_ROWS: tuple[Row, ...] = (
    Row(
        name="planner-killed", group="processes",
        injection="SIGKILL after any event of the journal or at any moment, every third twice; resumed",
        expected="looks, compares, goes on; nothing done twice, nothing lost", inject=_killed,
        reaction="decided again", needs_processes=True,
    ),
    Row(
        name="journal-disk-full", group="processes", injection="no file of the run can grow any more",
        expected="no tick without its intent on record; stopped, and said so", inject=_full_disk,
        needs_processes=True,
    ),
)  # fmt: skip
"""Runs in processes of their own."""
