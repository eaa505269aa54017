"""Room planner: `saycando demo`."""

from __future__ import annotations


def demo() -> None:
    """Placeholder."""
