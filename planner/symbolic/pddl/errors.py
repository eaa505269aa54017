"""Room planner: what is wrong with a PDDL file, in one sentence with its line.

PddlError   the person who gave the file must act
"""

from __future__ import annotations

from pathlib import Path


class PddlError(ValueError):
    """A domain, problem or plan file that cannot be used."""

    def __init__(self, path: Path, line: int | None, what: str) -> None:
        """Write the sentence: `file.pddl, line 12: what`."""
        self.path, self.line, self.what = path, line, what
        where = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{where}: {what}")
