"""Room planner: a grounded planning task: actions over bit-set states, only what can matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from grounding import Fact, Facts, Formula, Operator, Universe
from skills import SkillCall

from .conditions import Condition, Simplifier, bits, condition
from .instantiate import Instantiator, RawAction
from .nodes import FactTable, FormulaCompiler, Node, Terms


@dataclass(frozen=True, slots=True)
class GroundEffect:
    """What changes where the condition holds, as bit masks."""

    when: Condition
    when_node: Node
    add: int
    delete: int


@dataclass(frozen=True, slots=True)
class GroundAction:
    """An operator with its arguments."""

    index: int
    call: SkillCall
    precondition: Condition
    node: Node
    """The precondition as a node, for the relaxation."""
    add: int
    delete: int
    conditional: tuple[GroundEffect, ...]

    def apply(self, state: int) -> int:
        """Return the state after the action; adding wins over deleting."""
        add, delete = self.add, self.delete
        for effect in self.conditional:
            if effect.when.holds(state):
                add |= effect.add
                delete |= effect.delete
        return state & ~delete | add


class Task:
    """Grounded operators, from some initial facts. Goals are added by `compile_goal`."""

    def __init__(self, facts: Facts, universe: Universe, operators: Sequence[Operator]) -> None:
        """Ground everything reachable."""
        self.universe = universe
        fluent = frozenset(effect.atom.predicate for op in operators for effect in op.effects)
        self.table = FactTable(frozenset(facts), fluent)
        raw = Instantiator(self.table, universe, operators).run()
        self._settle(raw)
        self.initial = self.state_of(facts)

    def _settle(self, raw: list[RawAction]) -> None:
        numbers, initial = self.table.numbers, self.table.initial
        true_at_start = {numbers[f] for f in initial if f in numbers}
        added = {n for a in raw for _, n in a.effects if n > 0}
        deleted = {-n for a in raw for _, n in a.effects if n < 0}
        self.always = frozenset(true_at_start - deleted)
        self._reachable = true_at_start | added
        self.never = frozenset(set(range(2, len(self.table.facts))) - self._reachable)
        self._simplifier = Simplifier(self.always, self.never)
        self.actions: list[GroundAction] = []
        for action in raw:
            node = self._simplifier.simplify(action.precondition)
            if node is not False:
                self.actions.append(self._ground(len(self.actions), action, node))

    def _ground(self, index: int, action: RawAction, node: Node) -> GroundAction:
        masks: dict[Node, list[int]] = {}
        for when, literal in action.effects:
            if abs(literal) in self.never or (literal > 0 and literal in self.always):
                continue
            when = self._simplifier.simplify(when)
            if when is not False:
                mask = masks.setdefault(when, [0, 0])
                mask[literal < 0] |= 1 << abs(literal)
        add, delete = masks.pop(True, [0, 0])
        return GroundAction(
            index,
            SkillCall(action.operator.name, action.arguments),
            condition(node),
            node,
            add,
            delete & ~add,
            tuple(GroundEffect(condition(n), n, *mask) for n, mask in masks.items()),
        )

    def state_of(self, facts: Facts) -> int:
        """Return the facts as a bit set."""
        numbers = self.table.numbers
        return sum(1 << numbers[f] for f in facts if f in numbers)

    def facts_of(self, state: int) -> frozenset[Fact]:
        """Return every fact that is true in the state, those that never change included."""
        unchanging = self.table.initial - self.table.numbers.keys()
        return frozenset(unchanging | {self.table.facts[n] for n in bits(state)})

    def compile_goal(self, goal: Formula) -> Node:
        """Return the goal as a node; False when it needs a fact that nothing can make true."""
        terms = Terms(())
        compiled = FormulaCompiler(self.table, self.universe).compile(goal, terms)
        node = compiled(list(terms.template))
        unreachable = set(range(2, len(self.table.facts))) - self._reachable
        return Simplifier(self.always, unreachable).simplify(node)

    @cached_property
    def by_call(self) -> dict[SkillCall, GroundAction]:
        """Return the actions by call."""
        return {action.call: action for action in self.actions}


class SuccessorIndex:
    """Finds the applicable actions of a state without looking at all of them."""

    def __init__(self, actions: Sequence[GroundAction]) -> None:
        """File every action under its rarest positive precondition."""
        uses: dict[int, int] = {}
        for action in actions:
            for n in bits(action.precondition.positive):
                uses[n] = uses.get(n, 0) + 1
        self._free: list[GroundAction] = []
        self._filed: dict[int, list[GroundAction]] = {}
        self._triggers = 0
        for action in actions:
            needs = list(bits(action.precondition.positive))
            if needs:
                rarest = min(needs, key=lambda n: (uses[n], n))
                self._filed.setdefault(1 << rarest, []).append(action)
                self._triggers |= 1 << rarest
            else:
                self._free.append(action)

    def applicable(self, state: int) -> list[GroundAction]:
        """Return the applicable actions in a fixed order."""
        found = [a for a in self._free if a.precondition.holds(state)]
        mask = state & self._triggers
        while mask:
            low = mask & -mask
            mask ^= low
            found += [a for a in self._filed[low] if a.precondition.holds(state)]
        return found
