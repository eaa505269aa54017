"""Room safety: the supervisor that may only reduce: slow, hold, stop, veto.

`HouseholdSupervisor` is what runs; `BasicSupervisor` knows the contracts alone, to measure the rest against.

Never here: goals, the planner's prompts, anything that starts motion other than a stop.
"""

from robots import Violation

from .basic import BasicSupervisor, WordsOnly
from .household import HouseholdSupervisor
from .motion import StepOverrun
from .supervisor import InstructionGate, Supervisor
from .verdict import ALLOWED, Objection, Ruling, Verdict

__all__ = [
    "ALLOWED",
    "BasicSupervisor",
    "HouseholdSupervisor",
    "InstructionGate",
    "Objection",
    "Ruling",
    "StepOverrun",
    "Supervisor",
    "Verdict",
    "Violation",
    "WordsOnly",
]
