"""Room safety: what is wrong with rules and traces; a person must act on either.

ValueError
├── RulebookError   a rule file, its lock, or a proposal
└── TraceError      a trace
"""

from __future__ import annotations

from pathlib import Path


class RulebookError(ValueError):
    """Rules that cannot be trusted or read; one sentence with file and line."""


class TraceError(ValueError):
    """A trace that cannot be read; one sentence with file and line."""


def complaint(file: Path, line: int, problem: str) -> RulebookError:
    """Return the error that names file and line."""
    return RulebookError(f"{file}:{line}: {' '.join(problem.split())}")
