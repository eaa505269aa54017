"""Room safety: the supervisor that may only reduce: slow, hold, stop, veto.

The rules arrive with their own issue; until then the driver's limits and the planner's verification hold.

Never here: goals, the planner's prompts, anything that starts motion other than a stop.
"""

from robots import Violation

__all__ = ["Violation"]
