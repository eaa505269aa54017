"""Room planner: the run journal and the run folder."""

from .encoding import Json, to_json, to_text
from .exchanges import ExchangeLog, read_recording, unanswered
from .journal import Journal
from .run_folder import RunFolder, RunSummary, read_summaries

__all__ = [
    "ExchangeLog",
    "Journal",
    "Json",
    "RunFolder",
    "RunSummary",
    "read_recording",
    "read_summaries",
    "to_json",
    "to_text",
    "unanswered",
]
