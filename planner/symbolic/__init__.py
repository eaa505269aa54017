"""Room planner: the symbolic core: search, verification, nearest repair, PDDL in and out. No model calls."""

from .results import Edit, EditKind, PlanResult, RepairResult, Verification

__all__ = ["Edit", "EditKind", "PlanResult", "RepairResult", "Verification"]
