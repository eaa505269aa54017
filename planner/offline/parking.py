"""Room planner: where to leave what the robot holds when a request needs its gripper for something else."""

from __future__ import annotations

from collections.abc import Sequence, Set

from grounding import And, Atom, Formula, Not, Or
from skills import SkillCall

from .sight import Sight
from .subgoals import disjunction


def parking_needed(steps: Sequence[SkillCall], wanted: Set[str], sight: Sight) -> Formula | None:
    """Return that what is held lies on a surface, if the plan gives or throws it away unasked; else None.

    Args:
        steps: A plan that only looks for the quickest way to free the gripper.
        wanted: Names that the requests are about.
        sight: The scene at the start.
    """
    held = sight.held
    if held is None or held in wanted:
        return None
    if not any(step.skill in ("hand_over", "put_in") and step.arguments[0] == held for step in steps):
        return None
    surfaces = [s for s in sight.fixtures_of("surface") if "stove" not in sight.fixture_kinds[s]]
    near = [s for s in surfaces if s in sight.here] or surfaces
    return disjunction([Atom("on", (held, s)) for s in near]) if near else None


def constants_of(formula: Formula) -> frozenset[str]:
    """Return the names that a formula without quantifiers is about."""
    match formula:
        case Atom(_, terms):
            return frozenset(terms)
        case Not(body):
            return constants_of(body)
        case And(parts) | Or(parts):
            return frozenset().union(*map(constants_of, parts))
    return frozenset()
