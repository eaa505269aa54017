"""Room planner: `saycando replay` and `saycando cost`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes
from .runs import RunArgument, run_folder


def replay(
    run: RunArgument,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask the model what the record does not answer; needs its key.")
    ] = False,
    run_dir: Annotated[Path | None, typer.Option(help="Also keep a run folder of the replay here.")] = None,
) -> None:
    """Do a recorded run again with its recorded answers: no key, no network, no second bill.

    Exit 0 when the same plan was made and the same steps were taken.
    """
    from rich.console import Console

    from .display import Display

    console = Console()
    with exit_codes():
        from planner.replay import replay_run

        done = replay_run(run_folder(run), run_root=run_dir, may_ask=ask, listeners=(Display(console),))
    if done.lost:
        console.print(
            f"{done.lost} requests of the recorded run were sent and never answered: it was killed while it "
            "waited, and they may have been billed",
            highlight=False,
        )
    plan = "the same plan" if done.is_same_plan else "[red]another plan[/]"
    way = "the same steps" if done.is_same_way else "[red]other steps[/]"
    console.print(f"{plan}, {way}; requests sent: {done.report.usage.calls}", highlight=False)
    raise typer.Exit(0 if done.is_same_plan and done.is_same_way else 1)


def cost(run: RunArgument) -> None:
    """Print what a run's model cost: requests, tokens (cached apart), money and latency per step."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    with exit_codes():
        from planner.journal.costs import cost_lines

        lines = cost_lines(run_folder(run))
    table = Table(box=None)
    for index, column in enumerate(("step", "asked for", *lines[0].COLUMNS)):
        table.add_column(escape(column), justify="left" if index < 2 else "right", no_wrap=True)
    for line in lines:
        table.add_row(line.step, line.purpose, *line.cells())
    console = Console()
    (console if console.is_terminal else Console(width=140)).print(table)
