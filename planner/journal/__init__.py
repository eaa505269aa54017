"""Room planner: the run journal and the run folder."""

from .encoding import Json, to_json, to_text
from .journal import Journal
from .run_folder import RunFolder, RunSummary, read_summaries

__all__ = ["Journal", "Json", "RunFolder", "RunSummary", "read_summaries", "to_json", "to_text"]
