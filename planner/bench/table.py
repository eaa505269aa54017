"""Room planner: the benchmark's table, the failures with their reasons, and the JSON file."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from planner.journal import Json, to_json

from .result import EpisodeResult
from .statistics import share_of


def show_results(console: Console, results: Sequence[EpisodeResult]) -> None:
    """Print one table per strategy, and why episodes failed."""
    for strategy in dict.fromkeys(r.strategy for r in results):
        chosen = [r for r in results if r.strategy == strategy]
        console.print(_table(strategy, chosen))
        if any(r.input_tokens or r.output_tokens for r in chosen):
            console.print(_cost_table(chosen))
        _show_failures(console, chosen)
    injected = Counter(d.split(" ", 1)[1].split(" of ")[0] for r in results for d in r.disturbances)
    if injected:
        listed = ", ".join(f"{what} ({n})" for what, n in sorted(injected.items()))
        console.print(f"disturbances injected: {listed}", highlight=False, markup=False)


def write_json(path: Path, results: Sequence[EpisodeResult], *, settings: Json) -> None:
    """Write every result, and the totals per strategy."""
    totals: dict[str, Json] = {}
    for strategy in dict.fromkeys(r.strategy for r in results):
        totals[strategy] = _totals([r for r in results if r.strategy == strategy])
    data: Json = {"settings": settings, "totals": totals, "results": [to_json(r) for r in results]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _table(strategy: str, results: Sequence[EpisodeResult]) -> Table:
    table = Table(title=f"strategy {strategy}", title_justify="left", box=None, show_footer=True)
    families = sorted({r.family for r in results})
    for index, (column, total) in enumerate(zip(_COLUMNS, _row("all", results), strict=True)):
        table.add_column(column, footer=total, justify="left" if index == 0 else "right", no_wrap=True)
    for family in families:
        table.add_row(*_row(family, [r for r in results if r.family == family]))
    return table


_COST_COLUMNS = ("per task", "model calls", "input tokens", "of them cached", "output tokens", "USD")


def _cost_table(results: Sequence[EpisodeResult]) -> Table:
    """Return what the model cost, as means per task."""
    table = Table(box=None, show_footer=True)
    families = sorted({r.family for r in results})
    for index, (column, total) in enumerate(zip(_COST_COLUMNS, _cost_row("all", results), strict=True)):
        table.add_column(column, footer=total, justify="left" if index == 0 else "right", no_wrap=True)
    for family in families:
        table.add_row(*_cost_row(family, [r for r in results if r.family == family]))
    return table


def _cost_row(name: str, results: Sequence[EpisodeResult]) -> list[str]:
    usd = mean_usd(results)
    return [
        name,
        f"{statistics.mean(r.model_calls for r in results):.1f}",
        f"{statistics.mean(r.input_tokens for r in results):,.0f}",
        f"{statistics.mean(r.cached_tokens for r in results):,.0f}",
        f"{statistics.mean(r.output_tokens for r in results):,.0f}",
        "unknown" if usd is None else f"{usd:.5f}",
    ]


def mean_usd(results: Sequence[EpisodeResult]) -> float | None:
    """Return the mean money per task, [USD]; None when some model call has no price."""
    amounts = [r.usd for r in results if r.usd is not None]
    return statistics.mean(amounts) if len(amounts) == len(results) else None


_COLUMNS = (
    "family",
    "episodes",
    "plan success",
    "execution success",
    "model calls",
    r"median wall \[s]",
    "planner's share",
    "peak memory [MB]",
)


def _row(name: str, results: Sequence[EpisodeResult]) -> list[str]:
    wall = [r.wall_s for r in results]
    share = sum(r.planning_s for r in results) / (sum(wall) or 1.0)
    return [
        name,
        str(len(results)),
        str(share_of([r.plan_success for r in results])),
        str(share_of([r.execution_success for r in results])),
        f"{statistics.mean(r.model_calls for r in results):.1f}",
        f"{statistics.median(wall):.1f}",
        f"{share:.1%}",
        f"{max(r.peak_memory_mb for r in results):.0f}",
    ]


def _show_failures(console: Console, results: Sequence[EpisodeResult]) -> None:
    for r in results:
        if r.execution_success and r.plan_success:
            continue
        what = "execution" if r.plan_success else "plan" if r.execution_success else "plan and execution"
        disturbed = f" [dim]({escape('; '.join(r.disturbances))})[/]" if r.disturbances else ""
        console.print(
            f"[red]{r.task}[/] seed {r.seed}: {what} failed; {r.ending}: {escape(r.reason)}{disturbed}",
            highlight=False,
            soft_wrap=True,
        )


def _totals(results: Sequence[EpisodeResult]) -> Json:
    plan = share_of([r.plan_success for r in results])
    execution = share_of([r.execution_success for r in results])
    wall = [r.wall_s for r in results]
    return {
        "episodes": len(results),
        "plan_success": plan.value,
        "plan_success_interval": list(plan.interval),
        "execution_success": execution.value,
        "execution_success_interval": list(execution.interval),
        "model_calls_mean": statistics.mean(r.model_calls for r in results),
        "input_tokens_mean": statistics.mean(r.input_tokens for r in results),
        "cached_tokens_mean": statistics.mean(r.cached_tokens for r in results),
        "output_tokens_mean": statistics.mean(r.output_tokens for r in results),
        "usd_mean": mean_usd(results),
        "wall_s_median": statistics.median(wall),
        "planner_share": sum(r.planning_s for r in results) / (sum(wall) or 1.0),
        "peak_memory_mb": max(r.peak_memory_mb for r in results),
        "disturbed": sum(1 for r in results if r.disturbances),
    }
