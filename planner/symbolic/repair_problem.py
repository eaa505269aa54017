"""Room planner: the search space of repair: a state and how much of the given plan is behind us.

Keeping the next given step costs nothing, deleting it costs one, inserting an action costs one.
"""

from __future__ import annotations

from collections.abc import Sequence

from grounding import Facts, Formula, Operator, Universe
from skills import SkillCall

from .conditions import bits
from .relaxation import Estimate
from .relevance import LiteralReader
from .search import Problem
from .task import GroundAction, Task
from .wrong import Wrong, wrong


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
        self.node = task.compile_goal(goal)
        known = [task.by_call.get(call) for call in given]
        self.problem = Problem(task, [self.node], given=[a for a in known if a is not None])
        by_index = self.problem.by_index
        self.given = tuple(by_index[a.index] if a is not None else None for a in known)
        """The given steps; None for one that can never be done."""
        self.target = self.problem.target(self.problem.parts[0])
        self.start = task.initial & self.problem.mask
        self._free = [
            self.problem.free_actions(a for a in self.given[position:] if a is not None)
            for position in range(len(self.given) + 1)
        ]
        reader = LiteralReader()
        actions = self.problem.actions
        self._needs = {a.index: _mask(reader.read(a.node)) for a in actions}
        self._asks = {a.index: _mask(*(reader.read(e.when_node) for e in a.conditional)) for a in actions}
        self._changes = {a.index: _changes(a) for a in actions}
        self._writes = {index: add | delete for index, (add, delete) in self._changes.items()}
        self._applicable: dict[int, list[GroundAction]] = {}
        self._writers: dict[int, list[GroundAction]] = {}
        for action in actions:
            for n in bits(self._writes[action.index]):
                self._writers.setdefault(n, []).append(action)

    def estimate(self, state: int, position: int) -> Estimate:
        """Return about how many insertions are missing, with what is left of the given plan for free."""
        return self.problem.estimate(state, self.target, self._free[position])

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
        return len(states) == len(self.given) - position + 1 and self.target.holds(states[-1])

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
        return self.target.holds(state)

    def commutes(self, one: GroundAction, other: GroundAction) -> bool:
        """Return whether the order of the two actions never matters."""
        reads = [self._needs[a.index] | self._asks[a.index] for a in (one, other)]
        writes = [self._writes[a.index] for a in (one, other)]
        return not (writes[0] & (reads[1] | writes[1]) or reads[0] & writes[1])

    def changes(self, action: GroundAction) -> tuple[int, int]:
        """Return the facts that the action may add, and those that it may delete."""
        return self._changes[action.index]

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
            return wrong(self.target.conditions, states[-1])
        stuck = self.given[end]
        return _HOPELESS if stuck is None else wrong([stuck.precondition], states[-1])


_HOPELESS = Wrong(1)
"""Nothing writes fact 0."""


def _mask(*literals: frozenset[int]) -> int:
    return sum(1 << n for n in {abs(literal) for group in literals for literal in group})


def _changes(action: GroundAction) -> tuple[int, int]:
    add, delete = action.add, action.delete
    for effect in action.conditional:
        add, delete = add | effect.add, delete | effect.delete
    return add, delete
