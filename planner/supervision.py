"""Room planner: which supervisor and which gate a session gets, by the word for how much is supervised."""

from __future__ import annotations

from planner.executive import Library
from planner.request import SUPERVISIONS, check_choice
from safety import BasicSupervisor, HouseholdSupervisor, InstructionGate, Supervisor, WordsOnly
from safety.instruction import HazardGate


def supervisor_for(supervision: str, library: Library) -> Supervisor:
    """Return layers 2 to 5.

    Raises:
        BadRequest: If the word is unknown.
        RulebookError: If the safety rules are not what was reviewed.
    """
    check_choice("supervision", supervision, SUPERVISIONS)
    if supervision == "full":
        return HouseholdSupervisor(library.contracts)
    return BasicSupervisor(library.contracts)


def gate_for(supervision: str) -> InstructionGate:
    """Return layer 1.

    Raises:
        BadRequest: If the word is unknown.
    """
    check_choice("supervision", supervision, SUPERVISIONS)
    return HazardGate() if supervision == "full" else WordsOnly()
