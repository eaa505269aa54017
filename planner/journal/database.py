"""Room planner: the run's database: opened whole or not at all, and watched while it is written.

SQLite goes on writing into a file that somebody has removed, and into pages that somebody has overwritten;
neither would be found after a crash. So the file that is there is compared with the one that is open.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.executive import JournalBroken

FILE = "journal.sqlite"
_AT_ONCE = 1 << 20
"""How much of the log is read at once, [bytes]."""
_CHANGED = "somebody else replaced or changed it"


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
                self._connection.execute("PRAGMA wal_autocheckpoint = 0")
                self._connection.executescript(schema)
                (verdict,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise OSError(verdict)
                self._known = self._identity()
                self._log_size, self._log_sum = 0, 0
                self._take_in()
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
            if self._identity() != self._known:
                raise OSError(_CHANGED)
            self._take_in()

    def fails(self, broken: JournalBroken) -> JournalBroken:
        """Take no more records: something that belongs to one could not be written; return the reason."""
        self._broken = broken
        return broken

    def close(self) -> None:
        """Close the file; what could not be written is known by now."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def _watch(self) -> None:
        """See that nobody else changed the file, or what is known of its log.

        A damaged log has to be found before the next record: SQLite would go on behind the hole, and what it
        wrote there would be lost to whoever opens the file next.
        """
        if self._identity() != self._known or self._sum_of(0, self._log_size) != self._log_sum:
            raise OSError(_CHANGED)

    def _take_in(self) -> None:
        """Know the log as it is now; nobody but a writer has appended to it."""
        size = self._log.stat().st_size
        if size < self._log_size:
            raise OSError(_CHANGED)
        self._log_sum = self._sum_of(self._log_size, size, self._log_sum)
        self._log_size = size

    def _sum_of(self, start: int, end: int, value: int = 0) -> int:
        """Return the checksum of a part of the log, or of what is left of it."""
        with self._log.open("rb") as log:
            log.seek(start)
            while start < end and (data := log.read(min(_AT_ONCE, end - start))):
                value, start = zlib.crc32(data, value), start + len(data)
        return value if start == end else -1

    @property
    def _log(self) -> Path:
        return self.file.with_name(self.file.name + "-wal")

    def _identity(self) -> tuple[int, ...]:
        """Return what tells the file that is there, and its write-ahead log, from others.

        The file is not opened for that: closing it again would drop SQLite's own locks on it, for which see
        sqlite.org/howtocorrupt.html, section 2.2. All writing goes to the log, which carries no locks, so the
        file does not change.
        """
        there = self.file.stat()
        return there.st_ino, there.st_size, there.st_mtime_ns, self._log.stat().st_ino

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._broken = JournalBroken(self.file, why)
            raise self._broken from error
