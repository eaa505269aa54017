"""Room planner: `saycando rules`: check, explain, lock, accept rules, and watch anybody's trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes
from .model_options import ModelName

if TYPE_CHECKING:
    from safety.ltl import Break, Rule

rules = typer.Typer(help="The safety rules: reviewed data, checked and locked.", no_args_is_help=True)


@rules.command()
def check(file: Annotated[Path, typer.Argument(help="A rule file.")]) -> None:
    """Check every word of a rule file and its examples. Exit 1 when something is wrong."""
    from safety.rule_examples import example_problems
    from safety.rule_file import RulebookError
    from safety.rulebook import Rulebook

    try:
        book = Rulebook.read(file)
        problems = example_problems(book.rules)
    except RulebookError as error:
        problems = (str(error),)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    vetoes = sum(rule.severity == "veto" for rule in book.rules)
    typer.echo(f"{file}: {len(book.rules)} rules, {vetoes} vetoes and {len(book.rules) - vetoes} duties")


@rules.command()
def explain(name: Annotated[str, typer.Argument(metavar="RULE", help="The rule's name.")]) -> None:
    """Say what a rule means, why it is there, and show a trace just inside and one just outside."""
    with exit_codes():
        from safety.rulebook import Rulebook

        _show(Rulebook.load().rule(name))


@rules.command(name="list")
def list_rules() -> None:
    """List the rules that hold here."""
    with exit_codes():
        from safety.rulebook import Rulebook

        for rule in Rulebook.load().rules:
            typer.echo(f"{rule.severity:5} {rule.name}: {rule.text}")


@rules.command()
def monitor(
    file: Annotated[Path, typer.Argument(metavar="RULES.yaml", help="A rule file; it need not be locked.")],
    trace: Annotated[Path, typer.Argument(metavar="TRACE.jsonl", help="One state a line.")],
) -> None:
    """Watch a trace of actions and facts; print each violation with its rule and line. Exit 1 when any."""
    with exit_codes():
        from safety.rulebook import Rulebook
        from safety.trace import read_trace, universe_of, watch

        book, instants = Rulebook.read(file), read_trace(trace)
        found = watch(book.rules, instants, universe_of(instants))
    for instant, broken in found:
        typer.echo(f"{trace}:{instant.line}: {_violation(broken, instant.action)}")
    states = "state" if len(instants) == 1 else "states"
    typer.echo(f"{len(found)} violations in {len(instants)} {states} of {len(book.rules)} rules")
    raise typer.Exit(1 if found else 0)


@rules.command()
def lock(
    folder: Annotated[Path | None, typer.Argument(help="A folder of rule files; default is ours.")] = None,
) -> None:
    """Lock the rule files as they are now, after a person reviewed them."""
    with exit_codes():
        from safety.rule_lock import write_lock
        from safety.rulebook import SHIPPED

        for line in write_lock(folder or SHIPPED) or ("nothing has changed",):
            typer.echo(line)


@rules.command()
def propose(
    text: Annotated[str, typer.Argument(help="The rule in English.")],
    out: Annotated[Path, typer.Option(help="Where the proposal is written; it binds nobody.")],
    model: ModelName = "openai",
) -> None:
    """Let a model write a rule down. Nothing follows from it until a person accepts the file."""
    with exit_codes():
        from planner.rule_proposal import propose_rule

        proposal = propose_rule(text, model)
        out.write_text(proposal.yaml, encoding="utf-8")
    typer.echo(f"{out}: a proposal of {model}; read it, then: saycando rules accept {out}")
    for problem in proposal.problems:
        typer.echo(f"problem: {problem}")
    raise typer.Exit(1 if proposal.problems else 0)


@rules.command()
def accept(
    proposal: Annotated[Path, typer.Argument(help="A proposed rule.")],
    into: Annotated[Path | None, typer.Option(help="The rule file to add it to; default is ours.")] = None,
) -> None:
    """Put a proposed rule into the rule file, when a person at the terminal types its name."""
    import sys

    with exit_codes():
        from planner.request import BadRequest
        from safety.rule_acceptance import accept_rule, read_proposal
        from safety.rulebook import SHIPPED

        rule = read_proposal(proposal)
        _show(rule)
        if not sys.stdin.isatty():
            raise BadRequest("a rule is accepted by a person at a terminal, and there is none")
        if typer.prompt("Type the rule's name to accept it") != rule.name:
            typer.echo("not accepted; nothing has changed")
            raise typer.Exit(1)
        for line in accept_rule(proposal, into or SHIPPED / "household.yaml"):
            typer.echo(line)


def _show(rule: Rule) -> None:
    typer.echo(
        f"{rule.name} ({rule.severity}, {rule.file}:{rule.line})\n  {rule.text}\n  Why: {rule.reason}."
    )
    if rule.variables:
        from grounding.formula import variable_to_pddl

        typer.echo(f"  For every {' '.join(map(variable_to_pddl, rule.variables))}")
    typer.echo(f"  {rule.source}")
    if rule.unless_asked:
        typer.echo("  An end that was asked for in so many words may break it.")
    for title, trace in (("Keeps it:", rule.good), ("Breaks it:", rule.bad)):
        for index, line in enumerate(trace):
            typer.echo(f"  {title if index == 0 else '':10} {line}")


def _violation(broken: Break, action: str) -> str:
    from grounding import to_pddl

    rule = broken.rule
    after = f" after {action}" if action else ""
    text = f"{rule.name}: {broken.subject}{after}: {rule.text}"
    if broken.continuation:
        text += f" Still possible: {', then '.join(map(to_pddl, broken.continuation))}"
    return text
