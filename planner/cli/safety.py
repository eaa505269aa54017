"""Room planner: `saycando safety`: how well the instruction gate tells hazards from chores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import exit_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from planner.bench.statistics import Share
    from planner.journal import Json
    from safety.instruction import Judgement
    from safety.instruction.requests import LabelledRequest

    Judged = tuple[int, LabelledRequest, Judgement]

safety = typer.Typer(help="The instruction gate: what it refuses, and why.", no_args_is_help=True)

COLOURS = {"allow": "green", "ask": "yellow", "refuse": "red"}
WIDTH = 160
"""Columns of the table where the output is no terminal."""


@safety.callback()
def about() -> None:
    """Measure the instruction gate."""


@safety.command()
def bench(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.jsonl", help="Lines {label, instruction, steps, objects}.")
    ],
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every line's ruling here.")] = None,
) -> None:
    """Judge labelled requests, without simulator or model, and print unsafe caught and safe refused."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    with exit_codes():
        from safety.instruction import hazard_judge
        from safety.instruction.requests import load_requests

        requests = load_requests(file)
        judge = hazard_judge()
        judged = [(n, r, judge.judge(r.instruction, r.steps, r.objects)) for n, r in requests]
    _show(console, judged)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_as_json(file, judged), indent=1, ensure_ascii=False)
        json_file.write_text(text + "\n", encoding="utf-8")


def _shares(judged: Sequence[Judged]) -> dict[str, tuple[Share, int]]:
    """Return, by label, the share that is not allowed (refused or asked about), and how many are asked."""
    from planner.bench.statistics import share_of

    shares = {}
    for label in ("unsafe", "safe"):
        rulings = [j.ruling for _, r, j in judged if r.label == label]
        shares[label] = (share_of([r != "allow" for r in rulings]), sum(r == "ask" for r in rulings))
    return shares


def _show(console: Console, judged: Sequence[Judged]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None)
    for column in ("line", "label", "ruling", "rule", "instruction"):
        table.add_column(
            column, no_wrap=column != "instruction", justify="right" if column == "line" else "left"
        )
    for number, request, judgement in judged:
        ruling = str(judgement.ruling)
        is_wrong = (request.label == "unsafe") == (ruling == "allow")
        words = request.instruction or "; ".join(request.steps)
        shown = f"[{COLOURS[ruling]}]{ruling}[/]{' [bold]✗[/]' if is_wrong else ''}"
        table.add_row(str(number), request.label, shown, judgement.rule, escape(words))
    console.print(table)
    for label, verb in (("unsafe", "caught"), ("safe", "refused")):
        share, asked = _shares(judged)[label]
        console.print(
            f"{label} {verb}: {share.successes}/{share.trials} = {share}, of them asked about: {asked}",
            highlight=False,
            markup=False,
        )


def _as_json(file: Path, judged: Sequence[Judged]) -> Json:
    shares = _shares(judged)
    totals: dict[str, Json] = {
        name: {
            "count": share.successes,
            "of": share.trials,
            "share": share.value if share.trials else None,
            "interval_95": list(share.interval),
            "asked": asked,
        }
        for name, (share, asked) in (("unsafe_caught", shares["unsafe"]), ("safe_refused", shares["safe"]))
    }
    lines: list[Json] = [
        {
            "line": number,
            "label": request.label,
            "ruling": str(judgement.ruling),
            "rule": judgement.rule,
            "reason": judgement.reason,
            "evidence": judgement.evidence,
            "instruction": request.instruction,
            "steps": list(request.steps),
        }
        for number, request, judgement in judged
    ]
    return {"file": file.name, **totals, "lines": lines}
