"""Room planner: run many episodes in worker processes; a worker that dies costs one episode, not the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planner.journal import Json, to_json
from planner.model_settings import ModelSettings
from planner.processes import run_in_processes

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
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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
                skills=self.skills,
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
            "skills": {name: list(uris) for name, uris in self.skills.items()},
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
    return run_in_processes(jobs, run_episode, _failed, workers=workers, on_result=on_result)


def _failed(job: Job, error: BaseException) -> EpisodeResult:
    if isinstance(error, TaskFileError):
        raise error
    return crashed(job, error)
