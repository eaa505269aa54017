"""Room planner: the run journal: append-only SQLite, readable while the run goes on.

Records of steps are on the disk before the robot moves (`synchronous=FULL`); telemetry survives the death of
the process (`NORMAL`). The database itself refuses updates and deletions. What cannot be written ends the
run: an intent that is not on the disk is never carried out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from planner.executive import Event, RunEnded, RunResumed, StepEnded, StepStarted, Vetoed

from .database import Database
from .encoding import to_text

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload))
);
CREATE TRIGGER IF NOT EXISTS events_are_final BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE VIEW IF NOT EXISTS candidates AS
    SELECT e.seq, json_extract(e.payload, '$.number') AS step, json_extract(c.value, '$.call') AS call,
        json_extract(c.value, '$.say') AS say, json_extract(c.value, '$.can') AS can,
        json_extract(c.value, '$.combined') AS combined,
        json_extract(c.value, '$.call') = json_extract(e.payload, '$.decision.chosen.call') AS is_chosen
    FROM events e, json_each(e.payload, '$.decision.candidates') c WHERE e.kind = 'Decided';
CREATE VIEW IF NOT EXISTS steps AS
    SELECT seq, at, json_extract(payload, '$.number') AS step, json_extract(payload, '$.call') AS call,
        json_extract(payload, '$.outcome.status') AS status,
        json_extract(payload, '$.outcome.reason') AS reason,
        json_extract(payload, '$.effects_hold') AS effects_hold,
        json_extract(payload, '$.outcome.duration_s') AS duration_s,
        json_extract(payload, '$.outcome.evidence') AS evidence,
        json_extract(payload, '$.difference') AS difference
    FROM events WHERE kind = 'StepEnded';
CREATE VIEW IF NOT EXISTS model_calls AS
    SELECT seq, at, json_extract(payload, '$.purpose') AS purpose, json_extract(payload, '$.model') AS model,
        json_extract(payload, '$.prompt_hash') AS prompt_hash, json_extract(payload, '$.usage') AS usage,
        coalesce(json_extract(payload, '$.answer'),
            json_extract(payload, '$.kind') || ': ' || json_extract(payload, '$.reason')) AS answer
    FROM events WHERE kind IN ('ModelCalled', 'ModelFailed');
"""

_DURABLE = (StepStarted, StepEnded, Vetoed, RunResumed, RunEnded)


class Journal:
    """Listens to a run and writes every event down."""

    def __init__(self, file: Path) -> None:
        """Open or create the journal at `file`.

        Raises:
            JournalBroken: If it cannot be read and written.
        """
        self._database = Database(file, _SCHEMA)

    def __call__(self, event: Event) -> None:
        """Commit one event; it is written when this returns.

        Raises:
            JournalBroken: If it is not.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._database.write(
            "INSERT INTO events (at, kind, payload) VALUES (?, ?, ?)",
            (now, type(event).__name__, to_text(event)),
            is_durable=isinstance(event, _DURABLE),
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()
