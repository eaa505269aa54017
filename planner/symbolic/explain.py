"""Room planner: why a formula is not true, in words: the smallest unmet parts, of its nearest alternative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grounding import (
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    Facts,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Universe,
    Variable,
    holds,
    to_pddl,
)
from grounding.formula import Binding

from .wording import say_unwanted, say_wanted

_NO_ALTERNATIVE = 1000
"""Cost of an unmet part that no action can change, so that any other alternative is nearer."""


@dataclass(frozen=True, slots=True)
class _Unmet:
    cost: int
    """Unmet atoms, each counted once more for every term that is not a matter of choice."""
    parts: tuple[str, ...] = ()


_MET = _Unmet(0)


def explain_unmet(
    formula: Formula, facts: Facts, universe: Universe, binding: Binding | None = None
) -> tuple[str, ...]:
    """Return what is missing for the formula to hold, in words; empty when it holds."""
    return _Explainer(facts, universe).explain(formula, dict(binding or {}), frozenset(), True).parts


class _Explainer:
    def __init__(self, facts: Facts, universe: Universe) -> None:
        self._facts = facts
        self._universe = universe

    def explain(self, formula: Formula, binding: Binding, chosen: frozenset[str], wanted: bool) -> _Unmet:
        """Return what keeps `formula` from being `wanted`; `chosen` are variables that we may choose."""
        match formula:
            case Not(body):
                return self.explain(body, binding, chosen, not wanted)
            case Imply(condition, body):
                return self.explain(Or((Not(condition), body)), binding, chosen, wanted)
            case And(parts) | Or(parts):
                each = [self.explain(p, binding, chosen, wanted) for p in parts]
                return _all(each) if isinstance(formula, And) is wanted else _nearest(each)
            case Exists(variables, body) | ForAll(variables, body):
                return self._quantified(formula, variables, body, binding, chosen, wanted)
        if holds(formula, self._facts, self._universe, binding) is wanted:
            return _MET
        return self._leaf(formula, binding, chosen, wanted)

    def _quantified(
        self,
        formula: Formula,
        variables: tuple[Variable, ...],
        body: Formula,
        binding: Binding,
        chosen: frozenset[str],
        wanted: bool,
    ) -> _Unmet:
        is_all = isinstance(formula, ForAll) is wanted
        inner = chosen if is_all else chosen | {v.name for v in variables}
        each = (
            self.explain(body, {**binding, **more}, inner, wanted)
            for more in self._universe.bindings(variables)
        )
        if is_all:
            return _all(each)
        found = _nearest(each)
        if found.cost < _NO_ALTERNATIVE:
            return found
        kinds = ", ".join("|".join(v.types) for v in variables)
        return _Unmet(_NO_ALTERNATIVE, (f"there must be some {kinds} with {_bound(body, binding)}",))

    def _leaf(self, formula: Formula, binding: Binding, chosen: frozenset[str], wanted: bool) -> _Unmet:
        match formula:
            case Atom():
                fact = formula.ground(binding)
                said = say_wanted(fact, self._facts) if wanted else say_unwanted(fact)
                return _Unmet(1 + sum(t not in chosen for t in formula.terms), (said,))
            case Equal(left, right):
                one, two = binding.get(left, left), binding.get(right, right)
                relation = "the same as" if wanted else "another thing than"
                return _Unmet(_NO_ALTERNATIVE, (f"{one} must be {relation} {two}",))
            case Exactly(count, variable, body):
                found = [
                    more[variable.name]
                    for more in self._universe.bindings((variable,))
                    if holds(body, self._facts, self._universe, {**binding, **more})
                ]
                names = f" ({', '.join(found)})" if found else ""
                word = "exactly" if wanted else "not exactly"
                said = f"{word} {count} {'|'.join(variable.types)} must have {_bound(body, binding)}"
                return _Unmet(1 + abs(count - len(found)), (f"{said}, but {len(found)} do{names}",))
        return _Unmet(1, (to_pddl(formula),))


def _bound(formula: Formula, binding: Binding) -> str:
    text = to_pddl(formula)
    for name in sorted(binding, key=len, reverse=True):
        text = text.replace(name + " ", binding[name] + " ").replace(name + ")", binding[name] + ")")
    return text


def _all(each: Iterable[_Unmet]) -> _Unmet:
    unmet = [u for u in each if u.cost]
    parts = dict.fromkeys(part for u in unmet for part in u.parts)
    return _Unmet(sum(u.cost for u in unmet), tuple(parts))


def _nearest(each: Iterable[_Unmet]) -> _Unmet:
    best = min(each, key=lambda u: u.cost, default=None)
    return best or _Unmet(_NO_ALTERNATIVE, ("nothing makes this true",))
