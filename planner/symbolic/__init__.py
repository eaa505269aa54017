"""Room planner: the symbolic core: search, verification, nearest repair, PDDL in and out. No model calls."""

from .explain import explain_unmet
from .find import find_plan, find_plan_for_sequence
from .repair import intended_goal, repair_plan
from .results import Edit, EditKind, PlanResult, RepairResult, Verification
from .verify import verify_plan

__all__ = [
    "Edit",
    "EditKind",
    "PlanResult",
    "RepairResult",
    "Verification",
    "explain_unmet",
    "find_plan",
    "find_plan_for_sequence",
    "intended_goal",
    "repair_plan",
    "verify_plan",
]
