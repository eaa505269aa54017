"""Room planner: `saycando faults`: break something, many times over, and count what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import NOT_DONE, exit_codes

WIDTH = 150
"""Columns of the table where the output is no terminal."""


def faults(
    n: Annotated[int, typer.Option(min=1, help="Trials of every fault.")] = 300,
    only: Annotated[list[str] | None, typer.Option(help="Run only this fault; repeat for more.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides every trial.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every trial here.")] = None,
    names: Annotated[
        bool, typer.Option("--list", help="List the faults and what should come of them.")
    ] = False,
) -> None:
    """Inject faults into simulated runs; exit 1 when anything unsafe or unexplained happened."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    with exit_codes():
        from planner.faults.progress import FaultProgress
        from planner.faults.rows import rows_named
        from planner.faults.runner import jobs_of, run_trials
        from planner.faults.summary import summarise
        from planner.faults.table import list_rows, show, write_json

        rows = rows_named(only or [])
        if names:
            list_rows(console, rows)
            return
        jobs = jobs_of([row.name for row in rows if not row.skipped], n, seed)
        trials = run_trials(jobs, workers=workers, on_trial=FaultProgress(console, jobs)) if jobs else ()
        summaries = summarise(rows, trials)
        show(console, summaries)
        if json_file is not None:
            write_json(json_file, summaries, n=n, seed=seed)
    if not all(summary.is_passed for summary in summaries):
        raise typer.Exit(NOT_DONE)
