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
                self._connection.execute("PRAGMA wal_autocheckpoint = 0")
                (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise OSError(verdict)
                self._known = self._identity()
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
            self._watch()
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if is_durable else 'NORMAL'}")
            self._connection.execute(statement, values)
            self._watch()

    def fails(self, broken: JournalBroken) -> JournalBroken:
        """Take no more records: something that belongs to one could not be written; return the reason."""
        self._broken = broken
        return broken

    def close(self) -> None:
        """Close the file; what could not be written is known by now."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _watch(self) -> None:
        """See that nobody else changed the file, or cut its log short.

        A cut log has to be found before the next record: SQLite would go on behind the hole.
        """
        *others, log_size = self._identity()
        if others != list(self._known[:-1]) or log_size < self._known[-1]:
            raise OSError("somebody else replaced or changed it")
        self._known = (*others, log_size)

    def _identity(self) -> tuple[int, ...]:
        """Return what tells the file that is there, and its write-ahead log, from others.

        The file is not opened for that: closing it again would drop SQLite's own locks on it, for which see
        sqlite.org/howtocorrupt.html, section 2.2. All writing goes to the log, so it does not change, and the
        log only grows.
        """
        there = self.file.stat()
        log = self.file.with_name(self.file.name + "-wal").stat()
        return there.st_ino, there.st_size, there.st_mtime_ns, log.st_ino, log.st_size

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._broken = JournalBroken(self.file, why)
            raise self._broken from error
