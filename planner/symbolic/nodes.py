"""Room planner: formulas compiled once per operator, instantiated fast into normal form over numbered facts.

A node is True, False, a literal (a fact's number, negative when negated) or a `Branch`. Negations are pushed
to the literals; facts of predicates that no action changes are evaluated away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

from grounding import (
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    Fact,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Universe,
    Variable,
)

from .formula_shape import free_variables, has_quantifier


class Branch(NamedTuple):
    """An inner node."""

    kind: str
    """"and", "or", "exactly" or "not_exactly"."""
    wanted: int
    """For "exactly" and "not_exactly"."""
    parts: tuple[Node, ...]


Node: TypeAlias = "bool | int | Branch"
Instantiate: TypeAlias = Callable[[list[str]], Node]
"""From the values of all terms (see `Terms`) to a node."""
Literal: TypeAlias = Callable[[list[str]], int]


class FactTable:
    """Numbers the facts that can change, from 2 (as nodes, 0 and 1 would equal False and True)."""

    def __init__(self, initial: AbstractSet[Fact], fluent_predicates: AbstractSet[str]) -> None:
        """Store the facts at the start and the predicates that some effect mentions."""
        self.initial = initial
        self.fluent_predicates = fluent_predicates
        self.numbers: dict[Fact, int] = {}
        self.facts: list[Fact] = [(), ()]
        for fact in sorted(initial):
            if fact[0] in fluent_predicates:
                self.number(fact)

    def number(self, fact: Fact) -> int:
        """Return the fact's number, giving it one if it is new."""
        found = self.numbers.get(fact)
        if found is None:
            found = self.numbers[fact] = len(self.facts)
            self.facts.append(fact)
        return found


class Terms:
    """Slots for a formula's variables and constants; a binding is a list with one name per slot."""

    def __init__(self, parameters: Sequence[Variable]) -> None:
        """Give the parameters the first slots."""
        self.template: list[str] = ["" for _ in parameters]
        self._slots = {p.name: i for i, p in enumerate(parameters)}

    def slot(self, term: str) -> int:
        """Return the slot of a bound variable or of a constant."""
        found = self._slots.get(term)
        if found is None:
            found = self._slots[term] = len(self.template)
            self.template.append(term)
        return found

    def scoped(self, variables: Sequence[Variable]) -> tuple[Terms, tuple[int, ...]]:
        """Return the terms inside a quantifier, and the slots of its variables."""
        inner = Terms(())
        inner.template = self.template  # shared: every slot of the operator lives in one list
        inner._slots = dict(self._slots)
        slots = []
        for variable in variables:
            slots.append(len(inner.template))
            inner._slots[variable.name] = len(inner.template)
            inner.template.append("")
        return inner, tuple(slots)


def conjoin(parts: Sequence[Node]) -> Node:
    """Return the conjunction, simplified."""
    kept: list[Node] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, Branch) and part.kind == "and":
            kept += part.parts
        elif part is not True:
            kept.append(part)
    if len(kept) < 2:
        return kept[0] if kept else True
    return Branch("and", 0, tuple(kept))


def disjoin(parts: Sequence[Node]) -> Node:
    """Return the disjunction, simplified."""
    kept: list[Node] = []
    for part in parts:
        if part is True:
            return True
        if isinstance(part, Branch) and part.kind == "or":
            kept += part.parts
        elif part is not False:
            kept.append(part)
    if len(kept) < 2:
        return kept[0] if kept else False
    return Branch("or", 0, tuple(kept))


class FormulaCompiler:
    """Compiles formulas into functions from a binding to a node."""

    def __init__(self, table: FactTable, universe: Universe) -> None:
        """Compile over these facts and names."""
        self._table = table
        self._universe = universe

    def compile(self, formula: Formula, terms: Terms, *, negated: bool = False) -> Instantiate:
        """Return the function that instantiates `formula`, or its negation."""
        compiled = self._compile(formula, terms, negated)
        if not isinstance(formula, Exists | ForAll | Exactly | And | Or) or not has_quantifier(formula):
            return compiled
        return _remember(compiled, tuple(terms.slot(v) for v in sorted(free_variables(formula))))

    def _compile(self, formula: Formula, terms: Terms, negated: bool) -> Instantiate:
        match formula:
            case Atom(predicate, names):
                return self._atom(predicate, tuple(terms.slot(n) for n in names), negated)
            case Equal(left, right):
                one, two = terms.slot(left), terms.slot(right)
                return lambda values: (values[one] == values[two]) is not negated
            case Not(body):
                return self.compile(body, terms, negated=not negated)
            case And(parts) | Or(parts):
                cheapest_first = sorted(parts, key=self._effort)
                compiled = [self.compile(p, terms, negated=negated) for p in cheapest_first]
                return _all_of(compiled) if isinstance(formula, And) is not negated else _any_of(compiled)
            case Imply(condition, body):
                return self.compile(Or((Not(condition), body)), terms, negated=negated)
            case Exists(variables, body) | ForAll(variables, body):
                return self._quantified(variables, body, isinstance(formula, ForAll), terms, negated)
            case Exactly(count, variable, body):
                return self._counted(count, variable, body, terms, negated)

    def _effort(self, formula: Formula) -> int:
        match formula:
            case Equal():
                return 0
            case Atom(predicate):
                return 1 if predicate not in self._table.fluent_predicates else 2
            case Not(body):
                return self._effort(body)
            case And(parts) | Or(parts):
                return max(map(self._effort, parts), default=0)
            case Imply(condition, body):
                return max(self._effort(condition), self._effort(body))
        return 3

    def domains(self, variables: Sequence[Variable]) -> list[tuple[str, ...]]:
        """Return the names that each variable may stand for."""
        return [self._universe.names(v) for v in variables]

    def _atom(self, predicate: str, slots: tuple[int, ...], negated: bool) -> Instantiate:
        table = self._table
        if predicate not in table.fluent_predicates:
            initial = table.initial
            return lambda values: ((predicate, *[values[s] for s in slots]) in initial) is not negated
        return self._literal(predicate, slots, negated)

    def literal(self, atom: Atom, terms: Terms, *, negated: bool) -> Literal:
        """Return the function that numbers an effect's fact, negative when deleted."""
        return self._literal(atom.predicate, tuple(terms.slot(t) for t in atom.terms), negated)

    def _literal(self, predicate: str, slots: tuple[int, ...], negated: bool) -> Literal:
        number, sign = self._table.number, -1 if negated else 1
        return lambda values: sign * number((predicate, *[values[s] for s in slots]))

    def _quantified(
        self, variables: tuple[Variable, ...], body: Formula, is_forall: bool, terms: Terms, negated: bool
    ) -> Instantiate:
        if not variables:
            return self.compile(body, terms, negated=negated)
        inner, (slot,) = terms.scoped(variables[:1])
        rest = self._quantified(variables[1:], body, is_forall, inner, negated)
        (names,) = self.domains(variables[:1])
        is_all = is_forall is not negated

        def instantiate(values: list[str]) -> Node:
            parts: list[Node] = []
            for name in names:
                values[slot] = name
                node = rest(values)
                if node is not is_all and isinstance(node, bool):
                    return node
                if node is not is_all:
                    parts.append(node)
            return conjoin(parts) if is_all else disjoin(parts)

        return instantiate

    def _counted(
        self, count: int, variable: Variable, body: Formula, terms: Terms, negated: bool
    ) -> Instantiate:
        inner, (slot,) = terms.scoped((variable,))
        compiled = self.compile(body, inner)
        (names,) = self.domains((variable,))

        def instantiate(values: list[str]) -> Node:
            parts: list[Node] = []
            for name in names:
                values[slot] = name
                parts.append(compiled(values))
            return count_node(count, parts, negated)

        return instantiate


def count_node(count: int, parts: Sequence[Node], negated: bool) -> Node:
    """Return "exactly `count` of the parts", or its negation, simplified."""
    open_parts = tuple(p for p in parts if not isinstance(p, bool))
    wanted = count - sum(p is True for p in parts)
    if not 0 <= wanted <= len(open_parts):
        return negated
    if not open_parts:
        return not negated
    return Branch("not_exactly" if negated else "exactly", wanted, open_parts)


def _remember(compiled: Instantiate, slots: tuple[int, ...]) -> Instantiate:
    """Return the same function with a memory: the node depends only on the free variables."""
    memory: dict[tuple[str, ...], Node] = {}

    def instantiate(values: list[str]) -> Node:
        key = tuple([values[s] for s in slots])
        found = memory.get(key)
        if found is None:
            found = memory[key] = compiled(values)
        return found

    return instantiate


def _all_of(compiled: list[Instantiate]) -> Instantiate:
    def instantiate(values: list[str]) -> Node:
        parts: list[Node] = []
        for part in compiled:
            node = part(values)
            if node is False:
                return False
            if node is not True:
                parts.append(node)
        return conjoin(parts)

    return instantiate


def _any_of(compiled: list[Instantiate]) -> Instantiate:
    def instantiate(values: list[str]) -> Node:
        parts: list[Node] = []
        for part in compiled:
            node = part(values)
            if node is True:
                return True
            if node is not False:
                parts.append(node)
        return disjoin(parts)

    return instantiate
