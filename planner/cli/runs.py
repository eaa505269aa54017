"""Room planner: `saycando runs` and `saycando show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes


def runs(
    run_dir: Annotated[Path, typer.Argument(help="Where run folders are.")] = Path("runs"),
) -> None:
    """List past runs."""
    from rich.console import Console
    from rich.table import Table

    from planner.journal import read_summaries
    from planner.request import BadRequest

    with exit_codes():
        if not run_dir.is_dir():
            raise BadRequest(f"there are no runs in {run_dir}: it is not a folder")
    table = Table("run", "instruction", "ending", "skills", "wall [s]", box=None)
    for summary in read_summaries(run_dir):
        table.add_row(
            summary.folder.name,
            summary.instruction[:60],
            summary.ending,
            str(summary.steps),
            f"{summary.wall_s:.1f}",
        )
    Console().print(table)


def show(run: Annotated[Path, typer.Argument(help="A run folder.")]) -> None:
    """Show what a run's journal says."""
    import sqlite3

    from rich.console import Console
    from rich.table import Table

    from planner.request import BadRequest

    with exit_codes():
        journal = run / "journal.sqlite"
        if not journal.is_file():
            raise BadRequest(f"{run} is not a run folder: it has no journal.sqlite")
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    console = Console()
    queries = {
        "candidates": "SELECT step, call, round(say, 3), round(can, 3), round(combined, 3), is_chosen "
        "FROM candidates ORDER BY seq, combined DESC",
        "steps": "SELECT step, call, status, effects_hold, duration_s, reason FROM steps ORDER BY seq",
        "model_calls": "SELECT purpose, model, prompt_hash, answer FROM model_calls ORDER BY seq",
    }
    for title, query in queries.items():
        cursor = connection.execute(query)
        table = Table(*(str(column[0]) for column in cursor.description), title=title, box=None)
        for row in cursor:
            table.add_row(*(str(value) for value in row))
        console.print(table)
    connection.close()
