"""Room planner: the search space of repair: a state and how much of the given plan is behind us.

Keeping the next given step costs nothing, deleting it costs one, inserting an action costs one.
"""

from __future__ import annotations

from collections.abc import Sequence

from grounding import Facts, Formula, Operator, Universe
from skills import SkillCall

from .relaxation import Estimate
from .relevance import LiteralReader
from .search import Problem
from .task import GroundAction, Task


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
        self._writes = {a.index: _written(a) for a in actions}
        self._goal_reads = _mask(reader.read(self.node))

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

    def writes(self, action: GroundAction) -> int:
        """Return the facts that the action may change."""
        return self._writes[action.index]

    def decisive(self, position: int, length: int) -> list[int]:
        """Return, for each of `length` kept steps and then where following ends, the facts that decide that.

        Changing none of these facts before that step leaves the step after the kept ones as impossible (or
        the goal as unmet) as it is.
        """
        end = position + length
        stuck = self.given[end] if end < len(self.given) else None
        mask = self._goal_reads if end == len(self.given) else self._needs[stuck.index] if stuck else 0
        masks = [mask]
        for action in reversed(self.given[position:end]):
            mask |= self._asks[action.index] if action is not None else 0
            masks.append(mask)
        return masks[::-1]


def _mask(*literals: frozenset[int]) -> int:
    return sum(1 << n for n in {abs(literal) for group in literals for literal in group})


def _written(action: GroundAction) -> int:
    mask = action.add | action.delete
    for effect in action.conditional:
        mask |= effect.add | effect.delete
    return mask
