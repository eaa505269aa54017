"""Room planner: the run journal and the run folder."""

from .database import FILE
from .encoding import Json, to_json, to_text
from .exchanges import ExchangeLog, read_recording, unanswered
from .journal import Journal
from .past import JournalledRun, read_events, read_journal
from .run_folder import RunFolder, RunSummary, new_run_folder, read_summaries

__all__ = [
    "FILE",
    "ExchangeLog",
    "Journal",
    "JournalledRun",
    "Json",
    "RunFolder",
    "RunSummary",
    "new_run_folder",
    "read_events",
    "read_journal",
    "read_recording",
    "read_summaries",
    "to_json",
    "to_text",
    "unanswered",
]
