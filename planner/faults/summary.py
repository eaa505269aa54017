"""Room planner: what the trials of a row come to, with the bound that their number proves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planner.bench.statistics import Share

from .trial import Row, Trial

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class RowSummary:
    """One line of the table."""

    row: Row
    trials: tuple[Trial, ...]

    @property
    def injected(self) -> tuple[Trial, ...]:
        """Return the trials in which the fault was really there."""
        return tuple(t for t in self.trials if t.injected)

    @property
    def unsafe(self) -> tuple[Trial, ...]:
        """Return the trials in which something happened that must not."""
        return tuple(t for t in self.trials if t.unsafe)

    @property
    def unexplained(self) -> tuple[Trial, ...]:
        """Return the trials that stopped without a reason that names the fault."""
        return tuple(t for t in self.trials if t.is_unexplained)

    @property
    def recovered(self) -> Share:
        """Return how many of the recoverable tasks were finished."""
        chances = [t.is_recovered for t in self.injected if t.is_recoverable]
        return Share(successes=sum(chances), trials=len(chances))

    @property
    def explained_stops(self) -> Share:
        """Return how many of the stops are explained."""
        stops = [t for t in self.trials if t.is_stop]
        return Share(successes=len(stops) - len(self.unexplained), trials=len(stops))

    @property
    def worst_reaction_s(self) -> float | None:
        """Return the longest reaction, [s]; None when none was measured."""
        return max((t.reaction_s for t in self.injected if t.reaction_s is not None), default=None)

    @property
    def late(self) -> int:
        """Return how many reactions took longer than expected."""
        bound = self.row.bound_s
        if bound is None:
            return 0
        return sum(t.reaction_s is not None and not t.reaction_s <= bound for t in self.injected)

    @property
    def bound(self) -> float:
        """Return the rate of unsafe executions that the trials rule out at 95 %, 0 to 1."""
        return upper_bound(len(self.unsafe), len(self.injected))

    @property
    def wall_s(self) -> float:
        """Return the time that the trials took, added up over all processes, [s]."""
        return sum(t.wall_s for t in self.trials)

    @property
    def is_passed(self) -> bool:
        """Return whether nothing unsafe and nothing unexplained happened."""
        return not self.unsafe and not self.unexplained


def summarise(rows: Sequence[Row], trials: Sequence[Trial]) -> tuple[RowSummary, ...]:
    """Return the rows with their trials, in the order of the rows."""
    return tuple(RowSummary(row=row, trials=tuple(t for t in trials if t.row == row.name)) for row in rows)


def upper_bound(failures: int, trials: int) -> float:
    """Return the one-sided upper bound at 95 % of a rate, exactly (Clopper and Pearson 1934).

    Without failures it is 1 - 0.05 ** (1 / trials); otherwise the rate at which so few failures have a
    probability of 5 %, found by bisection of the binomial distribution.
    """
    if trials <= 0:
        return 1.0
    if failures >= trials:
        return 1.0
    if failures == 0:
        return float(1.0 - (1.0 - CONFIDENCE) ** (1.0 / trials))
    low, high = failures / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _at_most(failures, trials, middle) > 1.0 - CONFIDENCE else (low, middle)
    return high


def _at_most(failures: int, trials: int, rate: float) -> float:
    """Return the probability of at most so many failures."""
    logs = (
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        + k * math.log(rate) + (trials - k) * math.log1p(-rate)
        for k in range(failures + 1)
    )  # fmt: skip
    return math.fsum(math.exp(value) for value in logs)
