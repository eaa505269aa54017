"""Room planner: run the trials of many rows in worker processes; a worker that dies costs one trial."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from types import FrameType

from planner.processes import run_in_processes

from .rows import row_named
from .trial import Trial, dice_of

LONGEST_S = 240.0
"""A trial that takes longer hangs, [s] of wall time."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One trial to be run; travels to a worker process."""

    row: str
    number: int
    seed: int


class TrialHung(BaseException):
    """A trial did not come to an end; nothing in a run may catch it and go on."""


def jobs_of(rows: Sequence[str], n: int, seed: int) -> tuple[Job, ...]:
    """Return n trials of every row, row by row."""
    return tuple(Job(row=row, number=number, seed=seed) for row in rows for number in range(n))


def run_trials(jobs: Sequence[Job], *, workers: int, on_trial: Callable[[Trial], None]) -> tuple[Trial, ...]:
    """Run all jobs and return their trials in the order of the jobs.

    Args:
        jobs: What to run.
        workers: Processes; each is started afresh, so nothing is shared but the code.
        on_trial: Called in this process as trials end.
    """
    return run_in_processes(jobs, run_trial, _failed, workers=workers, on_result=on_trial)


def run_trial(job: Job) -> Trial:
    """Run one trial in this process, and note how long it took.

    An exception that gets out of it is a trial that crashed; one that does not end is one that hung.
    """
    row = row_named(job.row)
    assert row.inject is not None
    began = time.monotonic()
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        trial = row.inject(dice_of(job.row, job.number, job.seed))
    except TrialHung:
        trial = _broken("hung", f"the trial did not end within {LONGEST_S:g} s")
    except Exception as error:
        trial = _broken("crashed", f"{type(error).__name__}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    return _named(trial, job, time.monotonic() - began)


def _failed(job: Job, error: BaseException) -> Trial:
    if not isinstance(error, BrokenProcessPool):
        raise error
    return _named(_broken("crashed", "its process died"), job, 0.0)


def _named(trial: Trial, job: Job, wall_s: float) -> Trial:
    return replace(trial, row=job.row, number=job.number, seed=job.seed, wall_s=round(wall_s, 3))


def _broken(ending: str, reason: str) -> Trial:
    return Trial(injected="unknown", ending=ending, reason=reason, is_explained=False)


def _give_up(signal_number: int, frame: FrameType | None) -> None:
    raise TrialHung
