"""Room safety: rules as s-expressions: the words that there are, checked, and grounded over names.

    (always (imply (did open ?c) (eventually (not (open ?c)))))

State formulas are the project's (`and or not imply exists forall =`), time is `always eventually next
weak-next until release weak-until`, and `(did SKILL ...)` holds in the state right after that action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grounding import FormulaError, Universe, Variable
from grounding.check import nearest
from grounding.formula_parser import Node, variables_of

from .automaton import FALSE, TRUE, Automaton

DID = "did"
_SIZES = {
    "not": 1,
    "imply": 2,
    "exists": 2,
    "forall": 2,
    "=": 2,
    "always": 1,
    "eventually": 1,
    "next": 1,
    "weak-next": 1,
    "until": 2,
    "release": 2,
    "weak-until": 2,
}
WORDS = ("and", "or", *_SIZES)

Vocabulary = Mapping[str, Sequence[tuple[str, ...]]]
"""Predicate -> accepted types per argument."""


def check(node: Node, vocabulary: Vocabulary, types: set[str], bound: Mapping[str, Variable]) -> None:
    """Refuse a rule with a word, predicate, type or variable that does not exist.

    Args:
        node: The rule.
        vocabulary: Predicates with the types of their arguments.
        types: Every type that a variable may have.
        bound: Variables that are declared around it.

    Raises:
        FormulaError: One sentence with the nearest valid choices.
    """
    if isinstance(node, str) or not node or not isinstance(node[0], str):
        raise FormulaError(f"expected a formula in parentheses, found {node!r}")
    head, rest = node[0], node[1:]
    size = _SIZES.get(head)
    if size is not None and len(rest) != size:
        raise FormulaError(f"'{head}' takes {size} parts, found {len(rest)}")
    if head in ("exists", "forall"):
        declared = variables_of(rest[0])
        check_variables(declared, types)
        check(rest[1], vocabulary, types, {**bound, **{v.name: v for v in declared}})
    elif head == "=":
        for term in rest:
            _check_term(term, bound)
    elif size is not None or head in ("and", "or"):
        for part in rest:
            check(part, vocabulary, types, bound)
    else:
        _check_atom(head, rest, vocabulary, bound)


def check_variables(variables: Sequence[Variable], types: set[str]) -> None:
    """Refuse a variable of a type that does not exist.

    Raises:
        FormulaError: With the nearest types.
    """
    for variable in variables:
        for kind in variable.types:
            if kind not in types:
                raise FormulaError(f"there is no type '{kind}'; nearest: {', '.join(nearest(kind, types))}")


def ground(
    node: Node, automaton: Automaton, universe: Universe, binding: Mapping[str, str], *, positive: bool = True
) -> int:
    """Return a checked rule, or its negation, as a formula of the table, quantifiers written out.

    Args:
        node: The rule.
        automaton: Where formulas are kept.
        universe: Names that quantifiers range over.
        binding: Names of the free variables.
        positive: False for the negation.
    """
    assert not isinstance(node, str) and isinstance(node[0], str)
    head, rest = node[0], node[1:]

    def part(index: int, *, same: bool = True, more: Mapping[str, str] | None = None) -> int:
        sense = positive if same else not positive
        return ground(rest[index], automaton, universe, {**binding, **(more or {})}, positive=sense)

    every = automaton.conjunction if positive else automaton.disjunction
    some = automaton.disjunction if positive else automaton.conjunction
    match head:
        case "and" | "or":
            return (every if head == "and" else some)(part(i) for i in range(len(rest)))
        case "not":
            return part(0, same=False)
        case "imply":
            return some((part(0, same=False), part(1)))
        case "forall" | "exists":
            names = universe.bindings(variables_of(rest[0]))
            return (every if head == "forall" else some)(part(1, more=more) for more in names)
        case "=":
            left, right = (binding.get(str(term), str(term)) for term in rest)
            return TRUE if (left == right) == positive else FALSE
        case "next" | "weak-next":
            return automaton.next(part(0), is_weak=(head == "weak-next") == positive)
    if head in _SIZES:
        return _over_time(head, automaton, part, len(rest), positive=positive)
    fact = (head, *(binding.get(str(term), str(term)) for term in rest))
    return automaton.literal(fact, positive)


def _over_time(
    head: str, automaton: Automaton, part: Callable[[int], int], size: int, *, positive: bool
) -> int:
    parts = [part(i) for i in range(size)]
    if head == "weak-until":  # a W b = b R (a or b); its negation is (not b) U (not a and not b)
        left, right = parts
        joined = automaton.disjunction if positive else automaton.conjunction
        head, parts = "release", [right, joined((left, right))]
    if head in ("always", "release"):
        left = parts[0] if head == "release" else (FALSE if positive else TRUE)
        return automaton.release(left, parts[-1]) if positive else automaton.until(left, parts[-1])
    left = parts[0] if head == "until" else (TRUE if positive else FALSE)
    return automaton.until(left, parts[-1]) if positive else automaton.release(left, parts[-1])


def _check_atom(
    head: str, terms: Sequence[Node], vocabulary: Vocabulary, bound: Mapping[str, Variable]
) -> None:
    if head == DID:
        if not terms or not isinstance(terms[0], str) or terms[0].startswith("?"):
            raise FormulaError("'did' is written (did SKILL ?x ...)")
        terms = terms[1:]
    elif head not in vocabulary:
        choices = ", ".join(nearest(head, (*vocabulary, *WORDS, DID)))
        raise FormulaError(f"there is no predicate '{head}'; nearest: {choices}")
    elif len(terms) != len(vocabulary[head]):
        raise FormulaError(f"'{head}' takes {len(vocabulary[head])} arguments, found {len(terms)}")
    for term in terms:
        _check_term(term, bound)


def _check_term(term: Node, bound: Mapping[str, Variable]) -> None:
    if not isinstance(term, str):
        raise FormulaError("expected a name, found a formula")
    if term.startswith("?") and term not in bound:
        declared = ", ".join(sorted(bound)) or "none"
        raise FormulaError(f"the variable '{term}' is not declared; declared: {declared}")
