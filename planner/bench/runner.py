"""Room planner: run many episodes in worker processes; a worker that dies costs one episode, not the run."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from planner.journal import Json, to_json
from planner.model_settings import ModelSettings

from .episode import run_episode
from .result import EpisodeResult, Job, crashed
from .task_file import TaskFile, TaskFileError


@dataclass(frozen=True, kw_only=True)
class BenchPlan:
    """How to run a task file."""

    strategies: tuple[str, ...] = ("plan-ahead",)
    """Run side by side on the same starts, so that they can be compared."""
    seeds: int = 3
    model: str = "offline"
    model_settings: ModelSettings = field(default_factory=ModelSettings)
    perception: str = "oracle"
    supervision: str = "full"
    disturb: bool = False
    run_root: Path | None = None

    def jobs(self, file: TaskFile) -> tuple[Job, ...]:
        """Return every episode to run: seeds x tasks x strategies."""
        return tuple(
            Job(
                scene=file.scene,
                task=task,
                seed=seed,
                strategy=strategy,
                model=self.model,
                model_settings=self.model_settings,
                perception=self.perception,
                supervision=self.supervision,
                is_disturbed=self.disturb,
                run_root=self.run_root,
            )
            for seed in range(self.seeds)
            for task in file.tasks
            for strategy in self.strategies
        )

    def settings(self, file_name: str) -> Json:
        """Return what the results depend on."""
        return {
            "file": file_name,
            "strategies": list(self.strategies),
            "seeds": self.seeds,
            "model": self.model,
            "model_settings": to_json(self.model_settings),
            "perception": self.perception,
            "supervision": self.supervision,
            "disturb": self.disturb,
        }


def run_jobs(
    jobs: Sequence[Job], *, workers: int, on_result: Callable[[EpisodeResult], None]
) -> tuple[EpisodeResult, ...]:
    """Run all jobs and return their results in the order of the jobs.

    Args:
        jobs: What to run.
        workers: Processes; each is started afresh, so nothing is shared but the code.
        on_result: Called in this process as results arrive.

    Raises:
        TaskFileError: If a start cannot be built.
    """
    results: dict[int, EpisodeResult] = {}
    rest = dict(enumerate(jobs))
    while rest:
        for index, result in _run_until_broken(rest, workers):
            results[index] = result
            on_result(result)
        rest = {index: job for index, job in rest.items() if index not in results}
    return tuple(results[index] for index in range(len(jobs)))


def _run_until_broken(jobs: Mapping[int, Job], workers: int) -> Iterator[tuple[int, EpisodeResult]]:
    """Yield results until done, or until a worker died: then blame the oldest unfinished episode."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=min(workers, len(jobs)), mp_context=context, initializer=_die_when_interrupted
    ) as pool:
        futures = {pool.submit(run_episode, job): index for index, job in jobs.items()}
        unfinished = list(jobs)
        try:
            for future in as_completed(futures):
                index, error = futures[future], future.exception()
                if isinstance(error, BrokenProcessPool):
                    yield unfinished[0], crashed(jobs[unfinished[0]], error)
                    return
                if isinstance(error, TaskFileError):
                    raise error
                unfinished.remove(index)
                yield index, future.result() if error is None else crashed(jobs[index], error)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _die_when_interrupted() -> None:
    """End a worker at once on Ctrl-C: its robot is simulated, and its journal survives a dead process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
