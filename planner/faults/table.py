"""Room planner: the fault suite's table, what went wrong, and the JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from planner.journal import Json, to_json

from .summary import RowSummary, upper_bound
from .trial import Row, Trial

SHOWN = 3
"""Bad trials of one row that are printed; all are in the JSON file."""
_COLUMNS = (
    "fault",
    "n",
    "unsafe",
    "rules out",
    "recovered",
    "stops explained",
    "worst reaction",
    r"wall \[s]",
)


def show(console: Console, rows: Sequence[RowSummary]) -> None:
    """Print the table, and the trials that went wrong."""
    table = Table(box=None, show_footer=True)
    run = [row for row in rows if not row.row.skipped]
    for column, total in zip(_COLUMNS, _totals(run), strict=True):
        justify = "left" if column == "fault" else "right"
        table.add_column(column, footer=total, justify="left" if justify == "left" else "right", no_wrap=True)
    for row in run:
        table.add_row(*_cells(row))
    console.print(table)
    for row in rows:
        if row.row.skipped:
            console.print(f"{row.row.name}: skipped: {row.row.skipped}", highlight=False, markup=False)
    for row in run:
        _show_bad(console, row)


def write_json(path: Path, rows: Sequence[RowSummary], *, n: int, seed: int) -> None:
    """Write every trial, and the line of the table for every row."""
    data: Json = {
        "n": n,
        "seed": seed,
        "is_passed": all(row.is_passed for row in rows),
        "rows": [_as_json(row) for row in rows],
        "trials": [to_json(trial) for row in rows for trial in row.trials],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _cells(row: RowSummary) -> list[str]:
    missing = len(row.trials) - len(row.injected)
    colour = "green" if row.is_passed else "red"
    return [
        f"[{colour}]{row.row.name}[/]",
        f"{len(row.injected)}{f' (+{missing} idle)' if missing else ''}",
        str(len(row.unsafe)),
        f"> {row.bound:.2%}" if row.injected else "–",
        str(row.recovered),
        _of(row),
        _reaction(row),
        f"{row.wall_s:.0f}",
    ]


def _of(row: RowSummary) -> str:
    share = row.explained_stops
    return f"{share.successes}/{share.trials}" if share.trials else "–"


def _reaction(row: RowSummary) -> str:
    worst = row.worst_reaction_s
    if worst is None:
        return "–"
    late = f", {row.late} late" if row.late else ""
    allowed = f" of {row.row.bound_s:.2f}" if row.row.bound_s is not None else ""
    return f"{worst:.2f}{allowed} s {row.row.reaction}{late}"


def _totals(rows: Sequence[RowSummary]) -> list[str]:
    injected = sum(len(row.injected) for row in rows)
    unsafe = sum(len(row.unsafe) for row in rows)
    chances = [t.is_recovered for row in rows for t in row.injected if t.is_recoverable]
    stops = sum(row.explained_stops.trials for row in rows)
    explained = sum(row.explained_stops.successes for row in rows)
    return [
        "all",
        str(injected),
        str(unsafe),
        f"> {upper_bound(unsafe, injected):.2%}" if injected else "–",
        f"{sum(chances) / len(chances):.0%}" if chances else "–",
        f"{explained}/{stops}",
        "",
        f"{sum(row.wall_s for row in rows):.0f}",
    ]


def _show_bad(console: Console, row: RowSummary) -> None:
    bad = [t for t in row.trials if t.unsafe or t.is_unexplained]
    lost = [t for t in row.injected if t.is_recoverable and not t.is_recovered and t not in bad]
    for trials, colour in ((bad, "red"), (lost, "yellow")):
        for trial in trials[:SHOWN]:
            line = f"[{colour}]{row.row.name}[/] {trial.number}: {escape(_story(trial))}"
            console.print(line, highlight=False, soft_wrap=True)
        if len(trials) > SHOWN:
            console.print(f"[{colour}]{row.row.name}[/]: {len(trials) - SHOWN} more of this kind")


def _story(trial: Trial) -> str:
    what = f"UNSAFE: {'; '.join(trial.unsafe)}; " if trial.unsafe else ""
    why = "unexplained, " if trial.is_unexplained else ""
    return f"{what}{trial.injected or 'nothing injected'}; {why}{trial.ending}: {trial.reason}"


def _as_json(row: RowSummary) -> Json:
    share, stops = row.recovered, row.explained_stops
    return {
        "fault": row.row.name,
        "group": row.row.group,
        "injection": row.row.injection,
        "expected": row.row.expected,
        "skipped": row.row.skipped,
        "n": len(row.injected),
        "unsafe": len(row.unsafe),
        "unsafe_rate_bound_95": row.bound,
        "recoverable": share.trials,
        "recovered": share.successes,
        "stops": stops.trials,
        "stops_explained": stops.successes,
        "worst_reaction_s": row.worst_reaction_s,
        "reaction_ends_with": row.row.reaction,
        "reaction_bound_s": row.row.bound_s,
        "late": row.late,
        "wall_s": round(row.wall_s, 1),
    }


def list_rows(console: Console, rows: Sequence[Row]) -> None:
    """Print what is injected and what should come of it."""
    table = Table(box=None)
    for column in ("fault", "injected", "expected"):
        table.add_column(column, no_wrap=column == "fault")
    for row in rows:
        table.add_row(row.name, escape(row.injection), escape(row.skipped or row.expected))
    console.print(table)
