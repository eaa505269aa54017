"""Room grounding: check a formula against the vocabulary before anything moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .formula import (
    And,
    Atom,
    Equal,
    Exactly,
    Exists,
    ForAll,
    Formula,
    Imply,
    Not,
    Or,
    Universe,
    Variable,
)
from .formula_parser import FormulaError
from .predicates import PREDICATE_BY_NAME

if TYPE_CHECKING:
    from robots.catalogue import Catalogue

_SHOWN = 5


def check_formula(formula: Formula, universe: Universe, catalogue: Catalogue) -> None:
    """Check every predicate, type and name of a formula.

    Args:
        formula: A goal, precondition or rule over household predicates.
        universe: The objects, fixtures and directions of the scene with their types.
        catalogue: The categories that exist; a type of it may be used although no such object is there.

    Raises:
        FormulaError: If something is unknown or does not fit; one sentence with the nearest valid choices.
    """
    _Checker(universe, catalogue).check(formula, {})


def nearest(wanted: str, choices: Iterable[str], *, limit: int = _SHOWN) -> tuple[str, ...]:
    """Return the choices most alike in spelling, best first."""
    from rapidfuzz import fuzz

    return tuple(sorted(choices, key=lambda c: (-fuzz.WRatio(wanted, c), c))[:limit])


class _Checker:
    def __init__(self, universe: Universe, catalogue: Catalogue) -> None:
        self._names = universe.types
        self._kinds: dict[str, set[str]] = {"object": {"object"}}
        owners = [catalogue.types_of(category) for category in catalogue.categories]
        for types in (*owners, *universe.types.values()):
            for kind in types:
                self._kinds.setdefault(kind, set()).update(types)

    def check(self, formula: Formula, bound: Mapping[str, Variable]) -> None:
        match formula:
            case Atom():
                self._atom(formula, bound)
            case Equal(left, right):
                self._types(left, bound)
                self._types(right, bound)
            case And(parts) | Or(parts):
                for part in parts:
                    self.check(part, bound)
            case Not(body):
                self.check(body, bound)
            case Imply(condition, body):
                self.check(condition, bound)
                self.check(body, bound)
            case Exists(variables, body) | ForAll(variables, body):
                self.check(body, self._bind(bound, variables))
            case Exactly(_, variable, body):
                self.check(body, self._bind(bound, (variable,)))

    def _bind(self, bound: Mapping[str, Variable], variables: tuple[Variable, ...]) -> dict[str, Variable]:
        for variable in variables:
            for kind in variable.types:
                if kind not in self._kinds:
                    raise FormulaError(
                        f"there is no category or attribute '{kind}'; nearest: {_listed(kind, self._kinds)}"
                    )
        return {**bound, **{v.name: v for v in variables}}

    def _atom(self, atom: Atom, bound: Mapping[str, Variable]) -> None:
        predicate = PREDICATE_BY_NAME.get(atom.predicate)
        if predicate is None:
            choices = _listed(atom.predicate, PREDICATE_BY_NAME)
            raise FormulaError(f"there is no predicate '{atom.predicate}'; nearest: {choices}")
        if len(atom.terms) != len(predicate.arguments):
            wanted = " ".join("|".join(types) for types in predicate.arguments)
            raise FormulaError(
                f"'{atom.predicate}' takes {len(predicate.arguments)} arguments, found {len(atom.terms)}; "
                f"it is written ({' '.join((atom.predicate, wanted)).strip()})"
            )
        for term, accepted in zip(atom.terms, predicate.arguments, strict=True):
            have = self._types(term, bound)
            if "object" not in have and have.isdisjoint(accepted):
                valid = [n for n, types in self._names.items() if not types.isdisjoint(accepted)]
                raise FormulaError(
                    f"'{term}' in '{atom.predicate}' must be {' or '.join(accepted)}; "
                    f"valid choices: {_listed(term, valid)}"
                )

    def _types(self, term: str, bound: Mapping[str, Variable]) -> set[str]:
        """Return every type that the term may have."""
        if term.startswith("?"):
            if term not in bound:
                declared = ", ".join(sorted(bound)) or "none"
                raise FormulaError(f"the variable '{term}' is not declared; declared: {declared}")
            return set().union(*(self._kinds[kind] for kind in bound[term].types))
        if term not in self._names:
            raise FormulaError(f"there is no '{term}' in this scene; nearest: {_listed(term, self._names)}")
        return set(self._names[term])


def _listed(wanted: str, choices: Iterable[str]) -> str:
    return ", ".join(nearest(wanted, choices)) or "none"
