"""Room planner: `saycando pddl` and `saycando repair`."""

from __future__ import annotations


def pddl() -> None:
    """Placeholder."""


def repair() -> None:
    """Placeholder."""
