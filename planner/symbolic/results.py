"""Room planner: what search, verification and repair answer: a plan, or the exact reason why not.

A step of a plan is a `SkillCall`, whether the operators are the household's contracts or the actions of
anybody's PDDL domain. The public functions of `planner.symbolic`:

    find_plan(goal, facts, universe, operators, *, time_limit_s=2.0) -> PlanResult
    find_plan_for_sequence(goals, facts, universe, operators, *, time_limit_s=5.0) -> PlanResult
    verify_plan(steps, goal, facts, universe, operators) -> Verification
    repair_plan(steps, goal, facts, universe, operators, *, time_limit_s=0.8) -> RepairResult
    explain_unmet(formula, facts, universe, binding=None) -> tuple[str, ...]
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grounding import Fact
from skills import SkillCall


@dataclass(frozen=True, kw_only=True)
class PlanResult:
    """A plan that reaches the goal, or why none was found."""

    steps: tuple[SkillCall, ...] | None
    """None when no plan was found; empty when the goal already holds."""
    reason: str = ""
    """One sentence when `steps` is None: unsolvable, which part of the goal, or out of time."""
    is_unsolvable: bool = False
    """True when it is certain that no plan exists; False when time ran out."""
    expanded: int = 0
    """States that the search expanded."""
    duration_s: float = 0.0

    @property
    def is_success(self) -> bool:
        """Return whether there is a plan."""
        return self.steps is not None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a plan would do: the states it passes through, and where and why it fails."""

    states: tuple[frozenset[Fact], ...]
    """Facts at the start and after every step that could be simulated: `len(states) - 1` good steps."""
    failing_step: int | None = None
    """Index of the first step whose precondition is unmet or that is not a valid call; None if none."""
    unmet: tuple[str, ...] = ()
    """What is missing, in words: of the failing step's precondition, or else of the goal."""
    reason: str = ""
    """One sentence: `step 2, pick(apple_1): the gripper must be empty, but it holds coke_can_1`."""

    @property
    def is_success(self) -> bool:
        """Return whether every step can be done and the goal holds at the end."""
        return not self.reason

    @property
    def final_facts(self) -> frozenset[Fact]:
        """Return the facts after the last step that could be simulated."""
        return self.states[-1]


class EditKind(StrEnum):
    """How a repaired plan differs from the given one."""

    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"
    MOVE = "move"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change to a plan, and why it was needed."""

    kind: EditKind
    call: SkillCall
    """The call inserted, deleted or moved; for a replacement the new one."""
    given_index: int | None
    """Index in the given plan of the step deleted, replaced or moved; None for an insertion."""
    new_index: int | None
    """Index in the repaired plan; None for a deletion."""
    replaced: SkillCall | None = None
    """The old call of a replacement."""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RepairResult:
    """The nearest plan that reaches the goal, or why there is none."""

    steps: tuple[SkillCall, ...] | None
    edits: tuple[Edit, ...] = ()
    distance: int = 0
    """Steps inserted plus steps deleted; a replacement or a move counts two."""
    is_nearest: bool = False
    """True when it is proved that no plan is nearer; False when time ran out while looking for one."""
    reason: str = ""
    """One sentence when `steps` is None."""
    duration_s: float = 0.0

    @property
    def is_success(self) -> bool:
        """Return whether there is a repaired plan."""
        return self.steps is not None
