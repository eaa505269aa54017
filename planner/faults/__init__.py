"""Room planner: the fault suite: break something, and see that nothing unsafe happens and every stop is explained."""

from .summary import RowSummary, summarise
from .trial import Row, Trial

__all__ = ["Row", "RowSummary", "Trial", "summarise"]
