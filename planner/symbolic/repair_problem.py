"""Room planner: the search space of repair: a state and how much of the given plan is behind us.

Keeping the next given step costs nothing, deleting it costs one, inserting an action costs one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from grounding import Facts, Formula, Operator, Universe
from skills import SkillCall

from .conditions import bits, condition, mentioned
from .edits import difference, pair_edits
from .nodes import Node
from .relaxation import Estimate, FreeActions
from .search import Problem, Target
from .task import GroundAction, Task
from .wrong import Wrong, wrong


class _Footprint(NamedTuple):
    """Which facts an action may read, add and delete."""

    reads: int
    add: int
    delete: int


class RepairProblem:
    """A task, a goal and a given plan."""

    def __init__(
        self,
        given: Sequence[SkillCall],
        goal: Formula,
        facts: Facts,
        universe: Universe,
        operators: Sequence[Operator],
    ) -> None:
        """Ground what matters for the goal and for keeping the given steps."""
        task = Task(facts, universe, operators)
        self.node: Node = task.compile_goal(goal)
        known = [task.by_call.get(call) for call in given]
        possible = [a for a in known if a is not None]
        self.problem = Problem(task, [self.node, *(a.node for a in possible)], given=possible)
        by_index = self.problem.by_index
        self._calls = [call if a is not None else _NOTHING for call, a in zip(given, known, strict=True)]
        self.given = tuple(by_index[a.index] if a is not None else None for a in known)
        """The given steps; None for one that can never be done."""
        self.start = task.initial & self.problem.mask
        self._goal = condition(self.node)
        self._free: dict[int, FreeActions] = {}
        self._applicable: dict[int, list[GroundAction]] = {}
        self._footprints: dict[int, _Footprint] = {}

    @cached_property
    def target(self) -> Target:
        """Return the goal as a target for estimates."""
        return self.problem.target(self.problem.parts[0])

    def need(self, position: int) -> Target | None:
        """Return what the given step at `position` needs, after the last one the goal; None if hopeless."""
        if position == len(self.given):
            return self.target
        if self.given[position] is None:
            return None
        before = sum(a is not None for a in self.given[:position])
        return self.problem.target(self.problem.parts[1 + before])

    def estimate(self, state: int, position: int) -> Estimate:
        """Return about how many insertions are missing, with what is left of the given plan for free."""
        free = self._free.get(position)
        if free is None:
            left = [a for a in self.given[position:] if a is not None]
            free = self._free[position] = self.problem.free_actions(left)
        return self.problem.estimate(state, self.target, free)

    def follow(self, state: int, position: int) -> list[int]:
        """Return the states from here on while the given steps can be kept; the first is `state`."""
        states = [state]
        for action in self.given[position:]:
            if action is None or not action.precondition.holds(states[-1]):
                break
            states.append(action.apply(states[-1]))
        return states

    def is_complete(self, states: Sequence[int], position: int) -> bool:
        """Return whether following from `position` gave `states`, to the end and to the goal."""
        return len(states) == len(self.given) - position + 1 and self._goal.holds(states[-1])

    def applicable(self, state: int) -> Sequence[GroundAction]:
        """Return the actions that change the state and can be done in it."""
        found = self._applicable.get(state)
        if found is None:
            possible = self.problem.successors.applicable(state)
            found = self._applicable[state] = [a for a in possible if a.apply(state) != state]
        return found

    def works(self, plan: Sequence[GroundAction]) -> bool:
        """Return whether the plan can be done and reaches the goal."""
        state = self.start
        for action in plan:
            if not action.precondition.holds(state):
                return False
            state = action.apply(state)
        return self._goal.holds(state)

    def distance(self, plan: Sequence[GroundAction]) -> int:
        """Return the number of insertions and deletions that lead from the given plan to this one."""
        return sum(map(len, self.difference(plan)))

    def difference(self, plan: Sequence[GroundAction]) -> tuple[list[int], list[int]]:
        """Return the indices of the given steps deleted and of the plan's steps inserted."""
        return difference(self._calls, [a.call for a in plan])

    def count_edits(self, plan: Sequence[GroundAction]) -> int:
        """Return the number of edits when replacements and moves count once."""
        return len(pair_edits(self._calls, [a.call for a in plan]))

    def commutes(self, one: GroundAction, other: GroundAction) -> bool:
        """Return whether the order of the two actions never matters."""
        a, b = self._footprint(one), self._footprint(other)
        writes_a, writes_b = a.add | a.delete, b.add | b.delete
        return not (writes_a & (b.reads | writes_b) or a.reads & writes_b)

    def changes(self, action: GroundAction) -> tuple[int, int]:
        """Return the facts that the action may add, and those that it may delete."""
        footprint = self._footprint(action)
        return footprint.add, footprint.delete

    def writers(self, missing: Wrong) -> Sequence[GroundAction] | None:
        """Return the actions that may change what is wrong; None when too many may."""
        first = next(bits(missing.missing | missing.present), None)
        if first is None:
            return None
        return [a for a in self._writers.get(first, ()) if missing.is_righted_by(*self.changes(a))]

    def missing(self, states: Sequence[int], position: int) -> Wrong | None:
        """Return what any single edit that helps must change; None when that cannot be told.

        `states` come from `follow`: keeping the given steps got stuck, at a step or at the goal. When no kept
        step has conditional effects, one edit before that can only help by changing what is wrong there.
        """
        end = position + len(states) - 1
        if any(a is not None and a.conditional for a in self.given[position:end]):
            return None
        if end == len(self.given):
            return wrong([self._goal], states[-1])
        stuck = self.given[end]
        return _HOPELESS if stuck is None else wrong([stuck.precondition], states[-1])

    @cached_property
    def _writers(self) -> dict[int, list[GroundAction]]:
        found: dict[int, list[GroundAction]] = {}
        for action in self.problem.actions:
            footprint = self._footprint(action)
            for n in bits(footprint.add | footprint.delete):
                found.setdefault(n, []).append(action)
        return found

    def _footprint(self, action: GroundAction) -> _Footprint:
        found = self._footprints.get(action.index)
        if found is None:
            reads, add, delete = mentioned(action.precondition), action.add, action.delete
            for effect in action.conditional:
                reads |= mentioned(effect.when)
                add, delete = add | effect.add, delete | effect.delete
            found = self._footprints[action.index] = _Footprint(reads, add, delete)
        return found


_NOTHING = SkillCall("")
"""Stands for a given step that can never be done."""

_HOPELESS = Wrong(1)
"""Nothing writes fact 0."""
