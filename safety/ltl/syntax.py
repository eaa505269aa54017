"""Room safety: rules as s-expressions: their words, and writing a rule out over the names of a scene.

    (always (imply (did open ?c) (eventually (not (open ?c)))))

State formulas are the project's (`and or not imply exists forall exactly =`), time is `always eventually next
weak-next until release weak-until`, and `(did SKILL ...)` holds in the state right after that action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grounding import Universe
from grounding.formula_parser import Node, variables_of

from .automaton import FALSE, TRUE, Automaton

DID = "did"
SIZES = {
    "not": 1,
    "imply": 2,
    "exists": 2,
    "forall": 2,
    "exactly": 3,
    "=": 2,
    "always": 1,
    "eventually": 1,
    "next": 1,
    "weak-next": 1,
    "until": 2,
    "release": 2,
    "weak-until": 2,
}
WORDS = ("and", "or", *SIZES)


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
        case "exactly":
            every_one = [{**binding, **more} for more in universe.bindings(variables_of(rest[1]))]
            return _exactly(int(str(rest[0])), rest[2], automaton, universe, every_one, positive=positive)
        case "=":
            left, right = (binding.get(str(term), str(term)) for term in rest)
            return TRUE if (left == right) == positive else FALSE
        case "next" | "weak-next":
            return automaton.next(part(0), is_weak=(head == "weak-next") == positive)
    if head in SIZES:
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


def _exactly(
    count: int,
    body: Node,
    automaton: Automaton,
    universe: Universe,
    bindings: Sequence[Mapping[str, str]],
    *,
    positive: bool,
) -> int:
    """Return "exactly so many", or its negation: name by name, whether it is one of them."""
    yes = [ground(body, automaton, universe, b, positive=True) for b in bindings]
    no = [ground(body, automaton, universe, b, positive=False) for b in bindings]
    reached = [TRUE if left == 0 else FALSE for left in range(count + 1)]
    if not positive:
        reached = [FALSE if left == 0 else TRUE for left in range(count + 1)]
    for is_one, is_none in zip(yes, no, strict=True):
        fewer = [FALSE if positive else TRUE, *reached[:-1]]
        reached = [
            _either(is_one, is_none, then, otherwise, automaton, positive=positive)
            for then, otherwise in zip(fewer, reached, strict=True)
        ]
    return reached[count]


def _either(
    is_one: int, is_none: int, then: int, otherwise: int, automaton: Automaton, *, positive: bool
) -> int:
    """Return `(is_one and then) or (is_none and otherwise)`, or its negation when both are negated."""
    join, apart = automaton.conjunction, automaton.disjunction
    if positive:
        return apart((join((is_one, then)), join((is_none, otherwise))))
    return join((apart((is_none, then)), apart((is_one, otherwise))))
