"""Room planner: `saycando rules`: check, explain, lock, accept rules, and watch anybody's trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes
from .model_options import BudgetUsd, ModelName, PriceFile, model_settings

if TYPE_CHECKING:
    from safety.ltl import Rule
    from safety.rulebook import Rulebook
    from safety.watching import Finding

rules = typer.Typer(help="The safety rules: reviewed data, checked and locked.", no_args_is_help=True)


@rules.command()
def check(file: Annotated[Path, typer.Argument(help="A rule file.")]) -> None:
    """Check every word of a rule file and its examples. Exit 1 when something is wrong."""
    from safety.rule_errors import RulebookError
    from safety.rule_examples import example_problems

    try:
        book = _unlocked(file)
        problems = example_problems(book.rules, book.vocabulary)
    except RulebookError as error:
        problems = (str(error),)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    vetoes = sum(rule.severity == "veto" for rule in book.rules)
    typer.echo(f"{file}: {len(book.rules)} rules, {vetoes} vetoes and {len(book.rules) - vetoes} duties")


@rules.command()
def explain(
    name: Annotated[str, typer.Argument(metavar="RULE", help="The rule's name.")],
    file: Annotated[Path | None, typer.Option(help="A rule file of your own; default is ours.")] = None,
) -> None:
    """Say what a rule means, why it is there, and show a trace just inside and one just outside."""
    with exit_codes():
        from safety.rulebook import Rulebook

        _show((Rulebook.read(file) if file else Rulebook.load()).rule(name))


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
        from safety.trace import check_facts, read_trace, universe_of, unread_words
        from safety.watching import watch

        book, instants = Rulebook.read(file), read_trace(trace)
        check_facts(instants, book.vocabulary, trace)
        unread = unread_words(instants, book.vocabulary)
        found = watch(book.rules, instants, universe_of(instants, book.vocabulary))
    if unread:
        typer.echo(f"note: no rule can speak of {', '.join(unread)}", err=True)
    for finding in found:
        typer.echo(f"{trace}:{finding.instant.line}: {_violation(finding)}")
    many = f"{len(found)} {'violation' if len(found) == 1 else 'violations'}"
    states = f"{len(instants)} {'state' if len(instants) == 1 else 'states'}"
    typer.echo(f"{many} in {states}, {len(book.rules)} rules")
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
    model: ModelName = "auto",
    budget_usd: BudgetUsd = None,
    prices: PriceFile = None,
) -> None:
    """Let a model write a rule down. Nothing follows from it until a person accepts the file."""
    with exit_codes():
        from planner.language_model import Failure
        from planner.request import BadRequest
        from planner.rule_proposal import propose_rule
        from safety.rulebook import Rulebook

        if out.exists():
            raise BadRequest(f"{out} exists; a proposal is written to a new file")
        settings = model_settings(budget_usd=budget_usd, prices=prices)
        written = propose_rule(text, model, Rulebook.load(), settings)
        if isinstance(written, Failure):
            typer.echo(str(written), err=True)
            raise typer.Exit(1)
        if written.cannot:
            typer.echo(f"the model cannot write this rule: {written.cannot}")
            raise typer.Exit(1)
        try:
            out.write_text(written.proposal, encoding="utf-8")
        except OSError as error:
            raise BadRequest(f"{out} cannot be written: {error.strerror}") from error
    usage = written.usage
    money = "unknown cost" if usage.usd is None else f"${usage.usd:.4f}"
    typer.echo(written.proposal, nl=False)
    typer.echo(f"{usage.calls} requests, {money}; read it, then: saycando rules accept {out}")


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

        file = into or SHIPPED / "household.yaml"
        read = read_proposal(proposal, file)
        typer.echo(f"Asked: {read.asked}\nWritten by: {read.model}\nWould go into: {file}\n")
        _show(read.rule)
        if not sys.stdin.isatty():
            raise BadRequest("a rule is accepted by a person at a terminal, and there is none")
        if typer.prompt("Type the rule's name to accept it") != read.rule.name:
            typer.echo("not accepted; nothing has changed")
            raise typer.Exit(1)
        for line in accept_rule(read, file):
            typer.echo(line)


def _unlocked(file: Path) -> Rulebook:
    """Return the rules of a file before anybody has locked it."""
    from safety.rule_file import read_rules
    from safety.rulebook import Rulebook

    read = read_rules(file)
    return Rulebook(read.rules, read.vocabulary)


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


def _violation(finding: Finding) -> str:
    from grounding import to_pddl

    broken, action = finding.broken, finding.instant.action
    after = " at the end" if finding.is_owed else f" after {action}" if action else ""
    text = f"{broken.rule.name}: {broken.subject}{after}: {broken.rule.text}"
    if broken.continuation:
        text += f" Still possible: {', then '.join(map(to_pddl, broken.continuation))}"
    elif finding.remedy is not None:
        text += f" Before it: {to_pddl(finding.remedy)}"
    return text
