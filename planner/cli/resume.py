"""Room planner: `saycando resume`."""

from __future__ import annotations

from typing import Annotated

import typer

from .errors import exit_codes
from .runs import RunArgument, run_folder


def resume(
    run: RunArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nobody: do what is safe or stop.")] = False,
    gui: Annotated[bool, typer.Option("--gui", help="Open the simulator's window.")] = False,
) -> None:
    """Go on with an interrupted run: look first, repeat nothing blindly.

    Exit 0 when its goal is seen to hold, else 1. A run that has ended says so; nothing is done then, and the
    exit code is that of its ending.
    """
    from rich.console import Console

    from .display import Display, show_report
    from .person import terminal_person

    console = Console()
    with exit_codes():
        from planner.evidence import RunHasEnded
        from planner.resume import resume_run

        person = None if yes else terminal_person(console)
        try:
            report = resume_run(run_folder(run), person=person, listeners=(Display(console),), gui=gui)
        except RunHasEnded as ended:
            console.print(str(ended), highlight=False, markup=False, soft_wrap=True)
            raise typer.Exit(0 if ended.ending == "succeeded" else 1) from None
        show_report(console, report)
    if report.ending == "needs an answer":
        console.print(
            f"{report.reason}\nit can be resumed again when somebody is there to answer",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    raise typer.Exit(0 if report.succeeded else 1)
