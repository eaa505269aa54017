"""Room planner: `saycando pddl` and `saycando repair`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes
from .model_options import ModelName
from .run import At, Instruction, Put, SceneName, Seed, TaskReference, open_start, read_start

if TYPE_CHECKING:
    from grounding import Formula
    from planner.session import Session


def pddl(
    instruction: Instruction = None,
    task: TaskReference = None,
    goal: Annotated[str | None, typer.Option(help="A formula, e.g. '(holding apple_1)'.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for domain.pddl and problem.pddl.")] = Path("pddl"),
    scene: SceneName = "saycan_kitchen",
    put: Put = None,
    at: At = "operator",
    seed: Seed = 0,
    model: ModelName = "offline",
) -> None:
    """Write the household's domain, and a problem: of --goal, of a --task, or of what INSTRUCTION means."""
    with exit_codes():
        from grounding.check import check_formula
        from planner.request import BadRequest
        from planner.session import SessionOptions
        from planner.symbolic.commands import pddl_command
        from robots.catalogue import load_catalogue

        if instruction is None and task is None and goal is None:
            raise BadRequest(
                "say what the problem is: an instruction, --task FILE.yaml#ID, or --goal FORMULA"
            )
        where, spec = read_start(instruction or "pddl", task, scene, at, put)
        with open_start(spec, where, seed, SessionOptions(run_root=None, model=model)) as home:
            seen, contracts = home.look(), home.parts.library.contracts
            wanted = _goal(home, goal, spec.goal if task else None, instruction or "")
        check_formula(wanted, seen.universe, load_catalogue())
        files = pddl_command(contracts, seen.facts, seen.universe, wanted, name=spec.id)
        for path in files.save(out):
            typer.echo(str(path))


def _goal(home: Session, given: str | None, of_task: str | None, instruction: str) -> Formula:
    from grounding import parse_formula
    from planner.request import BadRequest

    text = given or of_task
    if text is not None:
        return parse_formula(text)
    preview = home.plan(instruction)
    if preview.goal is None:
        raise BadRequest(preview.reason)
    return preview.goal


def repair(
    domain: Annotated[Path, typer.Option(help="Anybody's PDDL domain.")],
    problem: Annotated[Path, typer.Option(help="A problem of that domain.")],
    plan: Annotated[Path, typer.Option(help="A flawed plan: one (action arguments) a line.")],
    time_limit: Annotated[float, typer.Option(min=0.05, help="Look this long, in seconds.")] = 0.8,
) -> None:
    """Print the nearest plan that reaches the goal, with each edit and its reason; exit 1 without one."""
    with exit_codes():
        from planner.symbolic.commands import repair_command

        report = repair_command(domain, problem, plan, time_limit_s=time_limit)
    typer.echo(report.text, nl=False)
    raise typer.Exit(report.exit_code)
