"""Room planner: one benchmark episode: what to run, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planner.model_settings import ModelSettings

from .task_file import TaskSpec


@dataclass(frozen=True, kw_only=True)
class Job:
    """One task with one seed and one strategy; travels to a worker process."""

    scene: str
    task: TaskSpec
    seed: int
    strategy: str
    model: str = "offline"
    model_settings: ModelSettings = field(default_factory=ModelSettings)
    perception: str = "oracle"
    supervision: str = "full"
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_disturbed: bool = False
    run_root: Path | None = None

    @property
    def label(self) -> str:
        """Return `task seed 0 plan-ahead`."""
        return f"{self.task.id} seed {self.seed} {self.strategy}"


@dataclass(frozen=True, kw_only=True)
class EpisodeResult:
    """What a referee saw, with the truth at the end, not the robot's word."""

    task: str
    family: str
    seed: int
    strategy: str
    plan_success: bool
    """The proposed plan's symbolic end state satisfies the task's goal."""
    execution_success: bool
    """The observed physical end state satisfies the task's goal."""
    ending: str
    reason: str
    steps: tuple[str, ...] = ()
    """Calls dispatched; a failed one is marked with its outcome."""
    recoveries: tuple[str, ...] = ()
    disturbances: tuple[str, ...] = ()
    model_calls: int = 0
    input_tokens: int = 0
    """Read by the model, cached ones included."""
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    """None when the model has no price in the table."""
    wall_s: float = 0.0
    """From the first look to the end of the run, without building the home."""
    planning_s: float = 0.0
    model_s: float = 0.0
    robot_s: float = 0.0
    """On the robot's clock."""
    peak_memory_mb: float = 0.0
    """Of the worker process so far."""


def crashed(job: Job, error: BaseException) -> EpisodeResult:
    """Return the result of an episode whose worker broke."""
    return EpisodeResult(
        task=job.task.id,
        family=job.task.family,
        seed=job.seed,
        strategy=job.strategy,
        plan_success=False,
        execution_success=False,
        ending="crashed",
        reason=f"{type(error).__name__}: {error}",
    )
