"""Room planner: one line per finished episode."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from .result import EpisodeResult


class BenchProgress:
    """Counts episodes as they finish."""

    def __init__(self, console: Console, total: int) -> None:
        """Take where to print, and how many episodes there are."""
        self._console = console
        self._total = total
        self._count = 0

    def __call__(self, result: EpisodeResult) -> None:
        """Print one line."""
        self._count += 1
        plan = "[green]plan ✓[/]" if result.plan_success else "[red]plan ✗[/]"
        done = "[green]done ✓[/]" if result.execution_success else "[red]done ✗[/]"
        why = "" if result.execution_success else f" [dim]{escape(result.reason[:100])}[/]"
        self._console.print(
            f"{self._count:>4}/{self._total} {plan} {done} {result.task} seed {result.seed} "
            f"{result.strategy} {result.wall_s:.1f} s, {len(result.steps)} skills{why}",
            highlight=False,
            soft_wrap=True,
        )
