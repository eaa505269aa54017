"""Room planner: what occurs in a formula, without evaluating it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grounding import And, Atom, Equal, Exactly, Exists, ForAll, Formula, Imply, Not, Operator, Or


def has_quantifier(formula: Formula) -> bool:
    """Return whether a quantifier occurs anywhere in the formula."""
    match formula:
        case Exists() | ForAll() | Exactly():
            return True
        case Not(body):
            return has_quantifier(body)
        case And(parts) | Or(parts):
            return any(map(has_quantifier, parts))
        case Imply(condition, body):
            return has_quantifier(condition) or has_quantifier(body)
    return False


def quantifier_depth(formula: Formula) -> int:
    """Return how many variables are bound at the deepest place: evaluating takes time exponential in it."""
    match formula:
        case And(parts) | Or(parts):
            return max(map(quantifier_depth, parts), default=0)
        case Not(body):
            return quantifier_depth(body)
        case Imply(condition, body):
            return max(quantifier_depth(condition), quantifier_depth(body))
        case Exists(variables, body) | ForAll(variables, body):
            return len(variables) + quantifier_depth(body)
        case Exactly(_, _, body):
            return 1 + quantifier_depth(body)
    return 0


def free_variables(formula: Formula) -> frozenset[str]:
    """Return the variables that no quantifier in the formula binds."""
    match formula:
        case Atom(_, terms):
            return frozenset(t for t in terms if t.startswith("?"))
        case Equal(left, right):
            return frozenset(t for t in (left, right) if t.startswith("?"))
        case Not(body):
            return free_variables(body)
        case And(parts) | Or(parts):
            return frozenset[str]().union(*map(free_variables, parts))
        case Imply(condition, body):
            return free_variables(condition) | free_variables(body)
        case Exists(variables, body) | ForAll(variables, body):
            return free_variables(body) - {v.name for v in variables}
        case Exactly(_, variable, body):
            return free_variables(body) - {variable.name}


def atoms_in(formula: Formula) -> Iterator[Atom]:
    """Yield every atom of the formula; `=` as an atom of that name."""
    match formula:
        case Atom():
            yield formula
        case Equal(left, right):
            yield Atom("=", (left, right))
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms_in(part)
        case Imply(condition, body):
            yield from atoms_in(condition)
            yield from atoms_in(body)
        case Not(body) | Exists(_, body) | ForAll(_, body) | Exactly(_, _, body):
            yield from atoms_in(body)


def predicates_in(formula: Formula) -> dict[str, int]:
    """Return the predicates of the formula with their number of arguments."""
    return {atom.predicate: len(atom.terms) for atom in atoms_in(formula) if atom.predicate != "="}


def constants_in(operators: Iterable[Operator]) -> frozenset[str]:
    """Return the names that the operators mention."""
    found: set[str] = set()
    for operator in operators:
        formulas = [operator.precondition, *(e.condition for e in operator.effects)]
        formulas += [e.atom for e in operator.effects]
        for formula in formulas:
            found |= {t for atom in atoms_in(formula) for t in atom.terms if not t.startswith("?")}
    return frozenset(found)


def types_in(formula: Formula) -> frozenset[str]:
    """Return the types of every variable that the formula's quantifiers bind."""
    match formula:
        case Not(body):
            return types_in(body)
        case And(parts) | Or(parts):
            return frozenset[str]().union(*map(types_in, parts))
        case Imply(condition, body):
            return types_in(condition) | types_in(body)
        case Exists(variables, body) | ForAll(variables, body):
            return types_in(body).union(*(v.types for v in variables))
        case Exactly(_, variable, body):
            return types_in(body).union(variable.types)
    return frozenset()


def operator_types(operator: Operator) -> frozenset[str]:
    """Return the types of every variable of the operator."""
    found = types_in(operator.precondition).union(*(p.types for p in operator.parameters))
    for effect in operator.effects:
        found |= types_in(effect.condition).union(*(v.types for v in effect.variables))
    return found
