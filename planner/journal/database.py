"""Room planner: the run's database: opened whole or not at all, and watched while it is written.

SQLite goes on writing into a file that somebody has removed, and into pages that somebody has overwritten;
neither would be found after a crash. So the file that is there is compared with the one that is open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.executive import JournalBroken

FILE = "journal.sqlite"
_MAGIC = b"SQLite format 3\x00"
"""First bytes of a database. Source: sqlite.org/fileformat.html, section 1.3.1."""


class Database:
    """One connection for writing; every failure is a `JournalBroken`, and the first one is final."""

    def __init__(self, file: Path, schema: str, *, across_threads: bool = False) -> None:
        """Open or create the database, and see that what is in it can be read.

        Raises:
            JournalBroken: If it is no database, is damaged, or cannot be written.
        """
        self.file = file
        self._broken: JournalBroken | None = None
        with self._guarded():
            self._connection = sqlite3.connect(
                file, isolation_level=None, check_same_thread=not across_threads
            )
            try:
                self._connection.executescript(schema)
                (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise OSError(verdict)
                self._inodes = self._identity()
            except BaseException:
                self._connection.close()
                raise

    def write(self, statement: str, values: tuple[object, ...], *, is_durable: bool) -> None:
        """Execute and commit one statement; it is in the file when this returns.

        Args:
            statement: SQL.
            values: What it binds.
            is_durable: Survive a power failure, not just the death of the process.

        Raises:
            JournalBroken: If it is not written, now or at an earlier time.
        """
        if self._broken is not None:
            raise self._broken
        with self._guarded():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
            self._connection.execute(statement, values)
            if self._identity() != self._inodes:
                raise OSError("it was replaced while it was written")

    def close(self) -> None:
        """Close the file; what could not be written is known by now."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _identity(self) -> tuple[int, ...]:
        """Return what tells the file that is there, and its write-ahead log, from others."""
        with self.file.open("rb") as stream:
            if stream.read(len(_MAGIC)) != _MAGIC:
                raise OSError("it is no database any more")
        log = self.file.with_name(self.file.name + "-wal")
        return self.file.stat().st_ino, log.stat().st_ino

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._broken = JournalBroken(self.file, why)
            raise self._broken from error
