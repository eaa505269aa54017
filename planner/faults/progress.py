"""Room planner: one line per finished row of the fault suite, and one per trial that went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from .runner import Job
from .trial import Trial


class FaultProgress:
    """Counts trials as they end."""

    def __init__(self, console: Console, jobs: Sequence[Job]) -> None:
        """Take where to print, and what will be run."""
        self._console = console
        self._left = Counter(job.row for job in jobs)
        self._wall_s: Counter[str] = Counter()
        self._bad: Counter[str] = Counter()

    def __call__(self, trial: Trial) -> None:
        """Print a line when the trial was bad, or the last of its row."""
        self._left[trial.row] -= 1
        self._wall_s[trial.row] += trial.wall_s  # type: ignore[assignment]  # a Counter adds floats as well
        if trial.unsafe or trial.is_unexplained:
            self._bad[trial.row] += 1
            if self._bad[trial.row] <= 3:
                what = "; ".join(trial.unsafe) or f"unexplained: {trial.ending}: {trial.reason}"
                self._print(f"[red]✗[/] {trial.row} {trial.number}: {escape(what[:300])}")
        if not self._left[trial.row]:
            bad = self._bad[trial.row]
            mark = f"[red]{bad} bad[/]" if bad else "[green]✓[/]"
            self._print(f"{trial.row}: {mark} [dim]{self._wall_s[trial.row]:.0f} s[/]")

    def _print(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)
