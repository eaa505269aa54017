"""Room planner: `saycando pddl` and `saycando repair`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .errors import exit_codes
from .run import At, Put, SceneName, Seed, open_start, read_start


def pddl(
    task: Annotated[str | None, typer.Argument(help="FILE.yaml#ID: its start and goal.")] = None,
    goal: Annotated[str | None, typer.Option(help="Another goal, e.g. '(holding apple_1)'.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for domain.pddl and problem.pddl.")] = Path("pddl"),
    scene: SceneName = "saycan_kitchen",
    put: Put = None,
    at: At = "operator",
    seed: Seed = 0,
) -> None:
    """Write the household's domain and a task's problem for any other planner."""
    with exit_codes():
        from grounding import parse_formula
        from grounding.check import check_formula
        from planner.request import BadRequest
        from planner.session import SessionOptions
        from planner.symbolic.commands import pddl_command
        from robots.catalogue import load_catalogue

        if task is None and goal is None:
            raise BadRequest("say which task (FILE.yaml#ID) or which --goal the problem is to have")
        where, spec = read_start("pddl", task, scene, at, put)
        with open_start(spec, where, seed, SessionOptions(run_root=None)) as home:
            seen, contracts = home.look(), home.parts.library.contracts
        wanted = parse_formula(goal or spec.goal)
        check_formula(wanted, seen.universe, load_catalogue())
        files = pddl_command(contracts, seen.facts, seen.universe, wanted, name=spec.id)
        for path in files.save(out):
            typer.echo(str(path))


def repair(
    domain: Annotated[Path, typer.Option(help="Anybody's PDDL domain.")],
    problem: Annotated[Path, typer.Option(help="A problem of that domain.")],
    plan: Annotated[Path, typer.Option(help="A flawed plan: one (action arguments) a line.")],
    time_limit: Annotated[float, typer.Option(min=0.05, help="Look this long, [s].")] = 0.8,
) -> None:
    """Print the nearest plan that reaches the goal, with each edit and its reason; exit 1 without one."""
    with exit_codes():
        from planner.symbolic.commands import repair_command

        report = repair_command(domain, problem, plan, time_limit_s=time_limit)
    typer.echo(report.text, nl=False)
    raise typer.Exit(report.exit_code)
