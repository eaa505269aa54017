"""Room planner: the fault suite: break something; nothing unsafe may happen, every stop is explained."""

from .summary import RowSummary, summarise
from .trial import Row, Trial

__all__ = ["Row", "RowSummary", "Trial", "summarise"]
