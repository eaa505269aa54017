"""Room planner: PDDL's types: `a b - c`, `(either a b)`, and every type that a name has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import PddlError
from .expressions import Group

ROOT = "object"


def read_typed_names(path: Path, group: Group, start: int = 1) -> dict[str, tuple[str, ...]]:
    """Return name -> type names, from `a b - c d`; without a type, `object`.

    Raises:
        PddlError: If the list is malformed or names something twice with different types.
    """
    found: dict[str, tuple[str, ...]] = {}
    pending: list[str] = []
    parts = list(group.parts[start:])
    while parts:
        part = parts.pop(0)
        if isinstance(part, Group):
            raise PddlError(path, part.line, "expected a name, found parentheses")
        if part != "-":
            pending.append(part)
            continue
        if not parts:
            raise PddlError(path, group.line, "a type is missing after '-'")
        kind = parts.pop(0)
        types = (kind,) if isinstance(kind, str) else tuple(str(k) for k in kind.parts[1:])
        found |= {name: (*found.get(name, ()), *types) for name in pending}
        pending = []
    return {**{name: (ROOT,) for name in pending if name not in found}, **found}


def all_types(
    path: Path, line: int, kinds: Sequence[str], parents: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Return the types, their parents, their parents' parents, and so on.

    Raises:
        PddlError: If a type is not declared.
    """
    found: set[str] = set()
    queue = list(kinds)
    while queue:
        kind = queue.pop()
        if kind in found or kind == ROOT:
            continue
        if kind not in parents:
            valid = ", ".join(sorted(parents)) or ROOT
            raise PddlError(path, line, f"type '{kind}' is not declared; types: {valid}")
        found.add(kind)
        queue += parents[kind]
    return frozenset(found)
