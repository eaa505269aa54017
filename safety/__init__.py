"""Room safety: the supervisor that may only reduce: slow, hold, stop, veto.

`BasicSupervisor` denies what is unknown, stale or not applicable; richer rules implement the same protocol.

Never here: goals, the planner's prompts, anything that starts motion other than a stop.
"""

from robots import Violation

from .basic import BasicSupervisor
from .supervisor import Supervisor

__all__ = ["BasicSupervisor", "Supervisor", "Violation"]
