"""Room safety: the supervisor that may only reduce: slow, hold, stop, veto.

`BasicSupervisor` denies what is unknown, stale or not applicable; richer rules implement the same protocol.

Never here: goals, the planner's prompts, anything that starts motion other than a stop.
"""

from robots import Violation

from .basic import BasicSupervisor, WordsOnly
from .supervisor import InstructionGate, Supervisor
from .verdict import ALLOWED, Objection, Ruling, Verdict

__all__ = [
    "ALLOWED",
    "BasicSupervisor",
    "InstructionGate",
    "Objection",
    "Ruling",
    "Supervisor",
    "Verdict",
    "Violation",
    "WordsOnly",
]
