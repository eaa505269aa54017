"""Room planner: shares with their uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Share:
    """Successes among trials, with the Wilson 95 % interval."""

    successes: int
    trials: int

    @property
    def value(self) -> float:
        """Return the share, 0 to 1; nan without trials."""
        return self.successes / self.trials if self.trials else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Return the Wilson score interval at 95 %.

        Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
        """
        if not self.trials:
            return 0.0, 1.0
        z, n, p = 1.959964, self.trials, self.value
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        """Return `93% [84, 97]`."""
        if not self.trials:
            return "–"
        low, high = self.interval
        return f"{self.value:.0%} [{low * 100:.0f}, {high * 100:.0f}]"


def share_of(outcomes: list[bool]) -> Share:
    """Count successes."""
    return Share(successes=sum(outcomes), trials=len(outcomes))
