"""The textbook semantics of linear temporal logic over finite traces, word for word and slow."""

from __future__ import annotations

from collections.abc import Sequence

from grounding import Fact
from grounding.formula_parser import Node

Trace = Sequence[frozenset[Fact]]


def satisfies(trace: Trace, node: Node, i: int = 0) -> bool:
    """Return whether the trace satisfies the formula at position i (De Giacomo and Vardi 2013)."""
    assert isinstance(node, list)
    head, rest = node[0], node[1:]
    last = len(trace) - 1
    match head:
        case "not":
            return not satisfies(trace, rest[0], i)
        case "and":
            return all(satisfies(trace, part, i) for part in rest)
        case "or":
            return any(satisfies(trace, part, i) for part in rest)
        case "imply":
            return not satisfies(trace, rest[0], i) or satisfies(trace, rest[1], i)
        case "next":
            return i < last and satisfies(trace, rest[0], i + 1)
        case "weak-next":
            return i == last or satisfies(trace, rest[0], i + 1)
        case "always":
            return all(satisfies(trace, rest[0], j) for j in range(i, last + 1))
        case "eventually":
            return any(satisfies(trace, rest[0], j) for j in range(i, last + 1))
        case "until":
            return any(
                satisfies(trace, rest[1], j) and all(satisfies(trace, rest[0], k) for k in range(i, j))
                for j in range(i, last + 1)
            )
        case "release":
            return all(
                satisfies(trace, rest[1], j) or any(satisfies(trace, rest[0], k) for k in range(i, j))
                for j in range(i, last + 1)
            )
        case "weak-until":
            return satisfies(trace, ["until", *rest], i) or satisfies(trace, ["always", rest[0]], i)
    return tuple(str(word) for word in node) in trace[i]
