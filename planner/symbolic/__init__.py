"""Room planner: the symbolic core: search, verification, nearest repair, PDDL in and out. No model calls."""

from .find import find_plan
from .results import Edit, EditKind, PlanResult, RepairResult, Verification

__all__ = ["Edit", "EditKind", "PlanResult", "RepairResult", "Verification", "find_plan"]
