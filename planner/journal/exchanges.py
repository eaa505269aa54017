"""Room planner: every exchange with a model's server, in the run's database: what was sent, what came of it.

A request is written down before it leaves: a run that was killed while it waited shows which question may
have been billed without an answer. Pictures lie beside the database, named by their SHA-256.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner.executive import JournalBroken
from planner.language_model import FailureKind
from planner.remote.gateway import CallFailed, Recorded, Recording, Reply, Request

from .database import Database
from .encoding import to_text

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS exchanges (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'answered', 'failed', 'cancelled', 'taken')),
    key TEXT NOT NULL,
    purpose TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload))
);
CREATE TRIGGER IF NOT EXISTS exchanges_are_final BEFORE UPDATE ON exchanges
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS exchanges_stay BEFORE DELETE ON exchanges
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


class ExchangeLog:
    """Implements `Ledger` on the run's database; called from the event loop's thread."""

    def __init__(self, file: Path) -> None:
        """Open the journal at `file`; pictures go into `images/` beside it."""
        self._images = file.parent / "images"
        self._lock = threading.Lock()
        self._database = Database(file, _SCHEMA, across_threads=True)

    def sent(self, request: Request, most_usd: float | None) -> None:
        """Write a request down before it leaves."""
        for digest, png in request.images.items():
            file = self._images / f"{digest}.png"
            try:
                self._images.mkdir(exist_ok=True)
                if not file.exists():
                    file.write_bytes(png)
            except OSError as error:
                raise self._database.fails(JournalBroken(file, error.strerror)) from error
        payload = {"body": request.body, "sample": request.sample, "most_usd": most_usd}
        self._write("sent", request, payload)

    def answered(self, request: Request, reply: Reply) -> None:
        """Write an answer down."""
        self._write(
            "answered",
            request,
            {
                "body": reply.body,
                "tokens": reply.tokens,
                "usd": reply.usd,
                "requests": reply.requests,
                "latency_s": reply.latency_s,
                "source": reply.source,
                "is_ahead": request.is_ahead,
            },
        )

    def failed(self, request: Request, failure: CallFailed) -> None:
        """Write down that no answer will come."""
        reason = {"kind": failure.kind, "reason": failure.reason, "is_ahead": request.is_ahead}
        self._write("failed", request, reason)

    def cancelled(self, request: Request) -> None:
        """Write down that nobody waits for something sent."""
        self._write("cancelled", request, {})

    def taken(self, request: Request) -> None:
        """Write down that what was asked ahead was used."""
        self._write("taken", request, {})

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def _write(self, state: str, request: Request, payload: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = (now, state, request.key, request.purpose, request.model, request.endpoint, request.prompt_hash)
        with self._lock:
            self._database.write(
                "INSERT INTO exchanges (at, state, key, purpose, model, endpoint, prompt_hash, payload) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, to_text(payload)),
                is_durable=False,
            )


def read_recording(file: Path, *, with_failures: bool = True) -> Recording:
    """Return how the exchanges of a recorded run ended.

    Args:
        file: Its journal.
        with_failures: Whether what failed shall fail again, or be asked again.
    """
    return Recording(one for one in _recorded(file) if with_failures or one.failure is None)


def unanswered(file: Path) -> int:
    """Return how many requests have no end in the record: the run was killed while it waited for them."""
    waiting: Counter[str] = Counter()
    for state, key, _ in read_exchanges(file):
        if state == "sent":
            waiting[key] += 1
        elif state == "cancelled":
            waiting[key] -= 1
        elif state != "taken":
            del waiting[key]
    return sum(waiting.values())


def _recorded(file: Path) -> Iterator[Recorded]:
    """Yield how exchanges ended, in the order in which they were used; what was dropped is left out."""
    ahead: dict[str, list[Recorded]] = defaultdict(list)
    for state, key, data in read_exchanges(file):
        if state == "taken":
            yield from ahead.pop(key, [])[-1:]
        elif state in ("answered", "failed"):
            if state == "answered":
                ended = Recorded(key=key, body=data["body"])
            else:
                ended = Recorded(key=key, failure=(FailureKind(data["kind"]), data["reason"]))
            if data.get("is_ahead", False):
                ahead[key].append(ended)
            else:
                yield ended


def read_exchanges(file: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (state, key, payload) of every row, oldest first; none for a run without such a model."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        has_table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'exchanges'").fetchone()
        if has_table is None:
            return []
        rows = connection.execute("SELECT state, key, payload FROM exchanges ORDER BY seq")
        return [(state, key, json.loads(payload)) for state, key, payload in rows]
    finally:
        connection.close()
