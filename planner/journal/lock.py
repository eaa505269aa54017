"""Room planner: one process at a time writes a run: a lock that ends with the process that holds it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from planner.executive import JournalBroken
from planner.request import BadRequest

FILE = "run.lock"


class RunLock:
    """Holds a run folder until closed, or until its process dies however it dies.

    It is SQLite's own lock on an empty database: the operating system drops it with the process, so that a
    crash leaves nothing to clean up.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder.

        Raises:
            BadRequest: If another process has it.
            JournalBroken: If nothing can be written there.
        """
        file = folder / FILE
        try:
            self._connection = sqlite3.connect(file, isolation_level=None, timeout=0.0)
            try:
                self._connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise BadRequest(f"{folder} still goes on: another process writes it") from error
            raise JournalBroken(file, error) from error

    def close(self) -> None:
        """Let go."""
        self._connection.close()
