"""The textbook semantics of linear temporal logic over finite traces, word for word and slow.

`holds` and `fails` differ only where facts are unknown: of such a fact neither it nor its negation holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from grounding.formula_parser import Node
from safety.ltl import State

Trace = Sequence[State]
Names = Mapping[str, Sequence[str]]
"""Type -> names."""
Bound = Mapping[str, str]
At = Callable[[int, int], bool]
"""Whether an operand, by its number, holds or fails at a position."""
_TIMES = ("next", "weak-next", "always", "eventually", "until", "release", "weak-until")


def holds(trace: Trace, node: Node, i: int = 0, names: Names | None = None, b: Bound | None = None) -> bool:
    """Return whether the trace satisfies the formula at position i (De Giacomo and Vardi 2013, section 2)."""
    assert isinstance(node, list)
    head, rest, n, bound = node[0], node[1:], names or {}, b or {}

    def yes(part: int, j: int) -> bool:
        return holds(trace, rest[part], j, n, bound)

    match head:
        case "not":
            return fails(trace, rest[0], i, n, bound)
        case "and":
            return all(yes(p, i) for p in range(len(rest)))
        case "or":
            return any(yes(p, i) for p in range(len(rest)))
        case "imply":
            return fails(trace, rest[0], i, n, bound) or yes(1, i)
        case "forall" | "exists":
            every = [holds(trace, rest[1], i, n, more) for more in _bindings(rest[0], n, bound)]
            return all(every) if head == "forall" else any(every)
        case "exactly":
            each = _bindings(rest[1], n, bound)
            sure = sum(holds(trace, rest[2], i, n, more) for more in each)
            out = sum(fails(trace, rest[2], i, n, more) for more in each)
            return sure == int(str(rest[0])) and sure + out == len(each)
        case "=":
            return _fact(rest, bound)[0] == _fact(rest, bound)[1]
    if head in _TIMES:
        return _in_time(str(head), yes, i, len(trace) - 1)
    fact = _fact(node, bound)
    return fact in trace[i].facts and fact not in trace[i].unknown


def fails(trace: Trace, node: Node, i: int = 0, names: Names | None = None, b: Bound | None = None) -> bool:
    """Return whether the trace satisfies the formula's negation at position i."""
    assert isinstance(node, list)
    head, rest, n, bound = node[0], node[1:], names or {}, b or {}

    def no(part: int, j: int) -> bool:
        return fails(trace, rest[part], j, n, bound)

    match head:
        case "not":
            return holds(trace, rest[0], i, n, bound)
        case "and":
            return any(no(p, i) for p in range(len(rest)))
        case "or":
            return all(no(p, i) for p in range(len(rest)))
        case "imply":
            return holds(trace, rest[0], i, n, bound) and no(1, i)
        case "forall" | "exists":
            every = [fails(trace, rest[1], i, n, more) for more in _bindings(rest[0], n, bound)]
            return any(every) if head == "forall" else all(every)
        case "exactly":
            each = _bindings(rest[1], n, bound)
            sure = sum(holds(trace, rest[2], i, n, more) for more in each)
            out = sum(fails(trace, rest[2], i, n, more) for more in each)
            return sure > int(str(rest[0])) or len(each) - out < int(str(rest[0]))
        case "=":
            return _fact(rest, bound)[0] != _fact(rest, bound)[1]
    if head in _TIMES:
        return _never_in_time(str(head), no, i, len(trace) - 1)
    fact = _fact(node, bound)
    return fact not in trace[i].facts and fact not in trace[i].unknown


def _in_time(head: str, yes: At, i: int, last: int) -> bool:
    following = range(i, last + 1)
    match head:
        case "next":
            return i < last and yes(0, i + 1)
        case "weak-next":
            return i == last or yes(0, i + 1)
        case "always":
            return all(yes(0, j) for j in following)
        case "eventually":
            return any(yes(0, j) for j in following)
        case "release":
            return all(yes(1, j) or any(yes(0, k) for k in range(i, j)) for j in following)
    until = any(yes(1, j) and all(yes(0, k) for k in range(i, j)) for j in following)
    return until or (head == "weak-until" and all(yes(0, j) for j in following))


def _never_in_time(head: str, no: At, i: int, last: int) -> bool:
    following = range(i, last + 1)
    match head:
        case "next":
            return i == last or no(0, i + 1)
        case "weak-next":
            return i < last and no(0, i + 1)
        case "always":
            return any(no(0, j) for j in following)
        case "eventually":
            return all(no(0, j) for j in following)
        case "release":
            return any(no(1, j) and all(no(0, k) for k in range(i, j)) for j in following)
    until = all(no(1, j) or any(no(0, k) for k in range(i, j)) for j in following)
    return until and (head == "until" or any(no(0, j) for j in following))


def _fact(node: Sequence[Node], bound: Bound) -> tuple[str, ...]:
    return tuple(bound.get(str(word), str(word)) for word in node)


def _bindings(declared: Node, names: Names, bound: Bound) -> list[dict[str, str]]:
    """Return every binding of `?x - type ?y - type`."""
    words = [str(word) for word in declared]
    variables, types = words[0::3], words[2::3]
    chosen = product(*(names[kind] for kind in types))
    return [{**bound, **dict(zip(variables, each, strict=True))} for each in chosen]
