"""Room planner: `saycando demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes

INSTRUCTION = (
    "Throw away the coke can, put the sponge in the sink, and then bring me something healthy to eat."
)
OBJECTS = {
    "coke_can_1": "table",
    "apple_1": "table",
    "sponge_1": "close_counter",
    "kettle_chips_1": "far_counter",
    "water_bottle_1": "far_counter",
}
GOAL = "(and (in coke_can_1 trash_can) (in sponge_1 sink) (exists (?x - healthy) (with_operator ?x)))"


def demo(
    run_dir: Annotated[Path, typer.Option(help="Where the run folder is made.")] = Path("runs"),
    seed: Annotated[int, typer.Option(min=0, help="Decides where things stand.")] = 0,
    record: Annotated[bool, typer.Option(help="Write run.mp4 and run.gif.")] = False,
    gui: Annotated[bool, typer.Option("--gui", help="Open the simulator's window.")] = False,
) -> None:
    """Do a chore in the simulated kitchen, with no key. Exit 0 only when its goal is seen to hold."""
    from rich.console import Console

    from grounding import parse_formula
    from planner.session import SessionOptions, open_session

    from .display import Display, show_report

    console = Console()
    with exit_codes():
        options = SessionOptions(run_root=run_dir, record=record, gui=gui, listeners=(Display(console),))
        with open_session(objects=OBJECTS, robot_at="operator", seed=seed, options=options) as home:
            report = home.run(INSTRUCTION)
            holds = home.look().holds(parse_formula(GOAL))
    show_report(console, report)
    verdict = "[bold green]the goal holds[/]" if holds else "[bold red]the goal does not hold[/]"
    console.print(f"{verdict}: {GOAL}", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if holds else 1)
