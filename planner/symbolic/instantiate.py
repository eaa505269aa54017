"""Room planner: find every grounded action that could ever apply, joining preconditions with reachable facts.

The join ignores deletions, negative and disjunctive preconditions (they are kept in the grounded action), so
nothing possible is lost. It visits a fact once: an action is found when the last fact it needs arrives.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from grounding import And, Atom, Effect, Fact, Formula, Operator, Universe, Variable

from .nodes import FactTable, FormulaCompiler, Instantiate, Literal, Node, Terms


@dataclass(frozen=True, slots=True)
class RawAction:
    """A grounded action before facts that never change are simplified away."""

    operator: Operator
    arguments: tuple[str, ...]
    precondition: Node
    effects: tuple[tuple[Node, int], ...]
    """(condition, literal): the fact's number to add, negative to delete."""


class _Schema:
    """An operator, compiled."""

    def __init__(self, operator: Operator, compiler: FormulaCompiler) -> None:
        self.operator = operator
        terms = Terms(operator.parameters)
        self.domains = compiler.domains(operator.parameters)
        self.allowed = [frozenset(names) for names in self.domains]
        self.atoms = [(a.predicate, tuple(terms.slot(t) for t in a.terms)) for a in _atoms(operator)]
        self.precondition = compiler.compile(operator.precondition, terms)
        self.effects = _compile_effects(operator, terms, compiler)
        self.template = terms.template
        self.arity = len(operator.parameters)

    def ground(self, values: list[str]) -> RawAction | None:
        precondition = self.precondition(values)
        if precondition is False:
            return None
        found: list[tuple[Node, int]] = []
        for condition, literals, slots, domains in self.effects:
            for names in product(*domains):
                for slot, name in zip(slots, names, strict=True):
                    values[slot] = name
                when = condition(values)
                if when is not False:
                    found += [(when, literal(values)) for literal in literals]
        return RawAction(self.operator, tuple(values[: self.arity]), precondition, tuple(found))


_CompiledEffect = tuple[Instantiate, list[Literal], tuple[int, ...], list[tuple[str, ...]]]


def _compile_effects(operator: Operator, terms: Terms, compiler: FormulaCompiler) -> list[_CompiledEffect]:
    grouped: dict[tuple[tuple[Variable, ...], Formula], list[Effect]] = {}
    for effect in operator.effects:
        grouped.setdefault((effect.variables, effect.condition), []).append(effect)
    found: list[_CompiledEffect] = []
    for (variables, condition), effects in grouped.items():
        inner, slots = terms.scoped(variables)
        literals = [compiler.literal(e.atom, inner, negated=not e.is_add) for e in effects]
        found.append((compiler.compile(condition, inner), literals, slots, compiler.domains(variables)))
    return found


def _atoms(operator: Operator) -> list[Atom]:
    def walk(formula: Formula) -> Iterator[Atom]:
        if isinstance(formula, Atom):
            yield formula
        elif isinstance(formula, And):
            for part in formula.parts:
                yield from walk(part)

    return list(dict.fromkeys(walk(operator.precondition)))


class Instantiator:
    """Grounds operators against what is reachable from the initial facts."""

    def __init__(self, table: FactTable, universe: Universe, operators: Sequence[Operator]) -> None:
        """Compile the operators."""
        self._table = table
        compiler = FormulaCompiler(table, universe)
        self._schemas = [_Schema(operator, compiler) for operator in operators]
        self._index: dict[tuple[str, int, str], list[Fact]] = {}
        self._by_predicate: dict[str, list[Fact]] = {}
        self._seen: set[tuple[str, tuple[str, ...]]] = set()
        self._queue: deque[Fact] = deque()
        self._queued: set[Fact] = set()
        self.actions: list[RawAction] = []

    def run(self) -> list[RawAction]:
        """Return every action that is applicable in some relaxed-reachable state."""
        fluent = self._table.fluent_predicates
        for fact in sorted(self._table.initial):
            if fact[0] in fluent:
                self._push(fact)
            else:
                self._learn(fact)
        triggers: dict[str, list[tuple[_Schema, int]]] = {}
        for schema in self._schemas:
            changing = [i for i, atom in enumerate(schema.atoms) if atom[0] in fluent]
            for i in changing:
                triggers.setdefault(schema.atoms[i][0], []).append((schema, i))
            if not changing:
                self._extend(schema, list(schema.template), set(), list(range(len(schema.atoms))))
        while self._queue:
            fact = self._queue.popleft()
            self._learn(fact)
            for schema, i in triggers.get(fact[0], ()):
                self._start(schema, i, fact)
        return self.actions

    def _push(self, fact: Fact) -> None:
        if fact not in self._queued:
            self._queued.add(fact)
            self._queue.append(fact)

    def _learn(self, fact: Fact) -> None:
        self._by_predicate.setdefault(fact[0], []).append(fact)
        for position, name in enumerate(fact[1:]):
            self._index.setdefault((fact[0], position, name), []).append(fact)

    def _start(self, schema: _Schema, atom: int, fact: Fact) -> None:
        values, bound = list(schema.template), set[int]()
        if self._unify(schema, schema.atoms[atom][1], fact, values, bound) is not None:
            self._extend(schema, values, bound, [i for i in range(len(schema.atoms)) if i != atom])

    def _unify(
        self, schema: _Schema, slots: tuple[int, ...], fact: Fact, values: list[str], bound: set[int]
    ) -> list[int] | None:
        fresh: list[int] = []
        for slot, name in zip(slots, fact[1:], strict=True):
            if slot >= schema.arity or slot in bound:
                if values[slot] == name:
                    continue
            elif name in schema.allowed[slot]:
                values[slot] = name
                bound.add(slot)
                fresh.append(slot)
                continue
            bound.difference_update(fresh)
            return None
        return fresh

    def _extend(self, schema: _Schema, values: list[str], bound: set[int], rest: list[int]) -> None:
        if not rest:
            self._complete(schema, values, bound)
            return
        candidates, chosen = min(
            ((self._candidates(schema, schema.atoms[i], values, bound), i) for i in rest),
            key=lambda pair: len(pair[0]),
        )
        remaining = [i for i in rest if i != chosen]
        for fact in candidates:
            fresh = self._unify(schema, schema.atoms[chosen][1], fact, values, bound)
            if fresh is not None:
                self._extend(schema, values, bound, remaining)
                bound.difference_update(fresh)

    def _candidates(
        self, schema: _Schema, atom: tuple[str, tuple[int, ...]], values: list[str], bound: set[int]
    ) -> Sequence[Fact]:
        predicate, slots = atom
        best: Sequence[Fact] = self._by_predicate.get(predicate, ())
        for position, slot in enumerate(slots):
            if slot >= schema.arity or slot in bound:
                found = self._index.get((predicate, position, values[slot]), ())
                if len(found) < len(best):
                    best = found
        return best

    def _complete(self, schema: _Schema, values: list[str], bound: set[int]) -> None:
        free = [slot for slot in range(schema.arity) if slot not in bound]
        for names in product(*(schema.domains[slot] for slot in free)):
            for slot, name in zip(free, names, strict=True):
                values[slot] = name
            key = (schema.operator.name, tuple(values[: schema.arity]))
            if key not in self._seen:
                self._seen.add(key)
                self._add(schema.ground(list(values)))

    def _add(self, action: RawAction | None) -> None:
        if action is None:
            return
        self.actions.append(action)
        for _, literal in action.effects:
            if literal > 0:
                self._push(self._table.facts[literal])
