"""Room skills: the atoms of a formula with the variables that are bound where each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grounding.formula import And, Atom, Equal, Exactly, Exists, ForAll, Formula, Imply, Not, Or, Variable

Types = Mapping[str, tuple[str, ...]]
"""Variable name -> its types."""


def atoms_of(formula: Formula, bound: Types) -> Iterator[tuple[Atom, Types]]:
    """Yield every atom (`=` as an atom of that name) with the variables in scope."""
    match formula:
        case Atom():
            yield formula, bound
        case Equal(left, right):
            yield Atom("=", (left, right)), bound
        case Not(body):
            yield from atoms_of(body, bound)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms_of(part, bound)
        case Imply(condition, body):
            yield from atoms_of(condition, bound)
            yield from atoms_of(body, bound)
        case Exists(variables, body) | ForAll(variables, body):
            yield from atoms_of(body, {**bound, **types_of(variables)})
        case Exactly(_, variable, body):
            yield from atoms_of(body, {**bound, **types_of((variable,))})


def types_of(variables: tuple[Variable, ...]) -> Types:
    """Return variable name -> types."""
    return {variable.name: variable.types for variable in variables}
