"""Room planner: many jobs in processes of their own; one that dies costs its job and not the others."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


def run_in_processes(
    jobs: Sequence[_Job],
    work: Callable[[_Job], _Result],
    failed: Callable[[_Job, BaseException], _Result],
    *,
    workers: int,
    on_result: Callable[[_Result], None],
) -> tuple[_Result, ...]:
    """Run all jobs and return their results in the order of the jobs.

    Args:
        jobs: What to run.
        work: Does one, in another process.
        failed: Makes the result of a job that raised, or whose process died (`BrokenProcessPool`), or raises.
        workers: Processes; each is started afresh, so nothing is shared but the code.
        on_result: Called in this process as results arrive.
    """
    results: dict[int, _Result] = {}
    rest = dict(enumerate(jobs))
    while rest:
        for index, result in _run_until_broken(rest, work, failed, workers):
            results[index] = result
            on_result(result)
        rest = {index: job for index, job in rest.items() if index not in results}
    return tuple(results[index] for index in range(len(jobs)))


def _run_until_broken(
    jobs: Mapping[int, _Job],
    work: Callable[[_Job], _Result],
    failed: Callable[[_Job, BaseException], _Result],
    workers: int,
) -> Iterator[tuple[int, _Result]]:
    """Yield results until done, or until a worker died: then blame the oldest unfinished job."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=min(workers, len(jobs)), mp_context=context, initializer=_die_when_interrupted
    ) as pool:
        futures = {pool.submit(work, job): index for index, job in jobs.items()}
        unfinished = list(jobs)
        try:
            for future in as_completed(futures):
                index, error = futures[future], future.exception()
                if isinstance(error, BrokenProcessPool):
                    yield unfinished[0], failed(jobs[unfinished[0]], error)
                    return
                result = future.result() if error is None else failed(jobs[index], error)
                unfinished.remove(index)
                yield index, result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _die_when_interrupted() -> None:
    """End a worker at once on Ctrl-C: its robot is simulated, and its journal survives a dead process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
