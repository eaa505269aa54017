"""Room planner: `saycando bench`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes
from .model_options import (
    BudgetUsd,
    CacheFolder,
    ModelName,
    Pictures,
    Prefetch,
    PriceFile,
    ScorerOption,
    model_settings,
)
from .skill_options import SkillOption, SkillsFile, chosen_skills

if TYPE_CHECKING:
    from planner.bench.task_file import TaskFile
    from planner.model_settings import ModelSettings


def bench(
    file: Annotated[Path, typer.Argument(help="A task file, e.g. benchmarks/saycan_dev.yaml.")],
    strategy: Annotated[list[str] | None, typer.Option(help="plan-ahead or saycan; repeat for both.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds 0 to N-1 for every task.")] = 3,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every result here.")] = None,
    disturb: Annotated[bool, typer.Option("--disturb", help="Disturb every run once, by seed.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Run only this task; repeat for more.")] = None,
    model: ModelName = "offline",
    scorer: ScorerOption = None,
    budget_usd: BudgetUsd = None,
    cache: CacheFolder = None,
    prices: PriceFile = None,
    prefetch: Prefetch = False,
    pictures: Pictures = True,
    perception: Annotated[str, typer.Option(help="Perception.")] = "oracle",
    supervision: Annotated[
        str, typer.Option(help="full, or contracts: no rules and no guard, to measure what they cost.")
    ] = "full",
    skill: SkillOption = None,
    skills: SkillsFile = None,
    run_dir: Annotated[Path | None, typer.Option(help="Keep a run folder per episode here.")] = None,
) -> None:
    """Run the tasks of FILE in the simulated home and print how many reach their goals."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    strategies = strategy or ["plan-ahead"]
    with exit_codes():
        tasks = _tasks(file, only or [], strategies, model, perception)
        settings = model_settings(
            scorer=scorer,
            budget_usd=budget_usd,
            cache=cache,
            prices=prices,
            prefetch=prefetch,
            pictures=pictures,
        )
        _check_available(model, settings)
        from planner.bench.progress import BenchProgress
        from planner.bench.runner import BenchPlan, run_jobs
        from planner.bench.table import show_results, write_json
        from planner.request import SUPERVISIONS, check_choice

        check_choice("supervision", supervision, SUPERVISIONS)

        plan = BenchPlan(
            strategies=tuple(strategies),
            seeds=seeds,
            model=model,
            model_settings=settings,
            perception=perception,
            supervision=supervision,
            skills=chosen_skills(skill, skills),
            disturb=disturb,
            run_root=run_dir,
        )
        jobs = plan.jobs(tasks)
        results = run_jobs(jobs, workers=workers, on_result=BenchProgress(console, len(jobs)))
        show_results(console, results)
        if json_file is not None:
            write_json(json_file, results, settings=plan.settings(file.name))


def _check_available(model: str, settings: ModelSettings) -> None:
    """Refuse a model that cannot be used here once, and not in every worker."""
    from planner.models import build_model
    from planner.remote.model import PromptedModel
    from robots.catalogue import load_catalogue

    built = build_model(model, load_catalogue(), settings)
    if isinstance(built, PromptedModel):
        built.close()


def _tasks(path: Path, only: list[str], strategies: list[str], model: str, perception: str) -> TaskFile:
    from planner.bench.check import check_task_file
    from planner.bench.task_file import load_task_file
    from planner.models import check_model
    from planner.request import PERCEPTIONS, check_choice, check_strategy

    for name in strategies:
        check_strategy(name)
    check_choice("perception", perception, PERCEPTIONS)
    check_model(model)
    tasks = load_task_file(path)
    if only:
        tasks = tasks.model_copy(update={"tasks": tuple(tasks.task(task_id) for task_id in only)})
    check_task_file(tasks)
    return tasks
