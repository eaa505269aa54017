"""Room planner: `saycando runs` and `saycando show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes

if TYPE_CHECKING:
    from rich.console import Console


def runs(
    run_dir: Annotated[Path, typer.Argument(help="Where run folders are.")] = Path("runs"),
) -> None:
    """List past runs."""
    from rich.table import Table

    from planner.journal import read_summaries
    from planner.request import BadRequest

    with exit_codes():
        if not run_dir.is_dir():
            raise BadRequest(f"there are no runs in {run_dir}: it is not a folder")
    table = Table(box=None)
    for column in ("run", "instruction", "ending", "skills", r"wall \[s]"):
        table.add_column(column, no_wrap=True)
    for summary in read_summaries(run_dir):
        table.add_row(
            summary.folder.name,
            summary.instruction[:60],
            summary.ending,
            str(summary.steps),
            f"{summary.wall_s:.1f}",
        )
    _wide().print(table)


def _wide() -> Console:
    """Return a console that does not squeeze tables when its output goes into a file."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=160)


RunArgument = Annotated[Path, typer.Argument(help="A run folder, or the name of one in runs/.")]


def run_folder(run: Path) -> Path:
    """Return the run folder that the person means.

    Raises:
        BadRequest: If it is none.
    """
    from planner.request import BadRequest

    for folder in (run, Path("runs") / run):
        if (folder / "journal.sqlite").is_file():
            return folder
    raise BadRequest(f"{run} is not a run folder: it has no journal.sqlite")


def show(run: RunArgument) -> None:
    """Show what a run's journal says."""
    import sqlite3

    from rich.table import Table

    with exit_codes():
        journal = run_folder(run) / "journal.sqlite"
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    console = _wide()
    queries = {
        "candidates": "SELECT step, call, round(say, 3) AS say, round(can, 3) AS can, "
        "round(combined, 3) AS combined, iif(is_chosen, '✓', '') AS chosen "
        "FROM candidates ORDER BY seq, combined DESC",
        "steps": "SELECT step, call, status, iif(effects_hold, '✓', '✗') AS effects, "
        "round(duration_s, 1) AS seconds, reason FROM steps ORDER BY seq",
        "model_calls": "SELECT purpose, model, prompt_hash, answer FROM model_calls ORDER BY seq",
    }
    for title, query in queries.items():
        cursor = connection.execute(query)
        table = Table(title=title, title_justify="left", box=None)
        for column in cursor.description:
            table.add_column(str(column[0]), no_wrap=column[0] == "call")
        for row in cursor:
            table.add_row(*(str(value) for value in row))
        console.print(table)
    connection.close()
