"""Room safety: traces as text: anybody's actions and facts, one state a line, watched by the rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grounding import PREDICATE_BY_NAME, Fact, Universe
from robots.catalogue import Catalogue, load_catalogue

from .ltl import Break, Monitor, Rule, State

MOST_LINE = 65_536
"""Longest line, [characters]."""
FIXTURES = {
    "fridge": ("place", "container", "openable", "fridge", "appliance"),
    "microwave": ("place", "container", "openable", "switchable", "microwave", "appliance"),
    "stove": ("place", "surface", "switchable", "stove", "appliance"),
    "sink": ("place", "container", "switchable", "sink"),
    "trash_can": ("place", "container", "bin"),
    "operator": ("place", "person"),
    "table": ("place", "surface"),
    "counter": ("place", "surface"),
    "drawer": ("place", "container", "openable", "drawer"),
}
"""What furniture is whose name ends like this, as in `robots.pybullet`."""
_ROLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "open": (("openable",),),
    "close": (("openable",),),
    "turn_on": (("switchable",),),
    "turn_off": (("switchable",),),
    "wipe": (("surface",),),
    "place": (("item",), ("surface",)),
    "put_in": (("item",), ("container",)),
    "pick": (("item",),),
    "hand_over": (("item",),),
    "go_to": (("place",),),
}
"""What an action's name says of its arguments."""


class TraceError(ValueError):
    """A trace that cannot be read; one sentence with file and line."""


@dataclass(frozen=True, kw_only=True)
class Instant:
    """One line of a trace."""

    line: int
    state: State
    action: str = ""
    types: dict[str, frozenset[str]] = field(default_factory=dict)


def read_trace(file: Path) -> tuple[Instant, ...]:
    """Read JSON lines: `{"action": ..., "facts": ["(open fridge)", ...], "unknown": [...], "types": {...}}`.

    Raises:
        TraceError: If a line cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TraceError(f"{file} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(_instant(number, _strict_json(line)))
            except (ValueError, RecursionError) as error:
                raise TraceError(f"{file}:{number}: {error}") from error
    if not found:
        raise TraceError(f"{file}: there is no state in it")
    return tuple(found)


def read_example(lines: Sequence[str]) -> tuple[Instant, ...]:
    """Read a rule's example: `action | facts` for every state.

    Raises:
        TraceError: If a line cannot be read.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        action, _, facts = line.partition("|")
        data = {"action": action.strip(), "facts": re.findall(r"\([^()]*\)", facts)}
        try:
            found.append(_instant(number, data))
        except ValueError as error:
            raise TraceError(f"{line!r}: {error}") from error
    return tuple(found)


def universe_of(trace: Iterable[Instant], catalogue: Catalogue | None = None) -> Universe:
    """Return the names of a trace with their types.

    A name's types are those that are declared; those of its category, for `<category>_<n>`; those of the
    furniture whose name it bears; and those that a predicate or an action asks of its arguments.
    """
    known = load_catalogue() if catalogue is None else catalogue
    types: dict[str, set[str]] = {}
    for instant in trace:
        for name, declared in instant.types.items():
            types.setdefault(name, set()).update(declared)
        for fact in (*instant.state.facts, *instant.state.unknown):
            for name, implied in _arguments(fact):
                types.setdefault(name, set()).update(implied)
    for name, found in types.items():
        category = name.rstrip("0123456789").rstrip("_")
        if category in known.categories:
            found |= known.types_of(category)
        for ending, kinds in FIXTURES.items():
            if category == ending or category.endswith(f"_{ending}"):
                found |= set(kinds)
    return Universe({name: frozenset(found) for name, found in types.items()})


def watch(
    rules: Sequence[Rule], trace: Sequence[Instant], universe: Universe
) -> tuple[tuple[Instant, Break], ...]:
    """Return every rule that the trace breaks with the state that did; duties left over count at the last."""
    monitor = Monitor(rules, universe)
    found = [(instant, broken) for instant in trace for broken in monitor.step(instant.state)]
    return (*found, *((trace[-1], owed) for owed in monitor.owed()))


def read_fact(text: str) -> Fact:
    """Read `(open fridge)`, `open fridge` or `open(fridge)`.

    Raises:
        ValueError: If it is none of them.
    """
    words = tuple(re.findall(r"[^\s(),]+", text.lower()))
    if not words or text.count("(") > 1 or text.count("(") != text.count(")"):
        raise ValueError(f"expected a fact like (open fridge), found {text[:60]!r}")
    return words


def _instant(line: int, data: dict[str, Any]) -> Instant:
    unknown_keys = set(data) - {"action", "facts", "unknown", "types"}
    if unknown_keys:
        raise ValueError(f"unknown key {sorted(unknown_keys)[0]!r}; keys: action, facts, unknown, types")
    action = data.get("action") or ""
    if not isinstance(action, str):
        raise ValueError("'action' is a text like open(fridge)")
    facts = {read_fact(text) for text in _texts(data, "facts")}
    if action:
        facts.add(("did", *read_fact(action)))
    unknown = {read_fact(text) for text in _texts(data, "unknown")}
    declared = data.get("types", {})
    if not isinstance(declared, dict):
        raise ValueError("'types' maps names to lists of types")
    types = {str(n).lower(): frozenset(map(str, kinds)) for n, kinds in declared.items()}
    return Instant(line=line, state=State(frozenset(facts), frozenset(unknown)), action=action, types=types)


def _texts(data: dict[str, Any], key: str) -> list[str]:
    texts = data.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"'{key}' is a list of facts like \"(open fridge)\"")
    return texts


def _arguments(fact: Fact) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield the names in a fact with the type that is asked of each, when only one is."""
    roles: tuple[tuple[str, ...], ...] = ()
    if fact[0] == "did":
        roles, fact = _ROLES.get(fact[1], ()) if len(fact) > 1 else (), fact[1:]
    elif fact[0] in PREDICATE_BY_NAME:
        roles = PREDICATE_BY_NAME[fact[0]].arguments
    for index, name in enumerate(fact[1:]):
        accepted = roles[index] if index < len(roles) else ()
        yield name, accepted if len(accepted) == 1 else ()


def _strict_json(line: str) -> dict[str, Any]:
    if len(line) > MOST_LINE:
        raise ValueError(f"the line is longer than {MOST_LINE} characters")
    data = json.loads(line, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    if not isinstance(data, dict):
        raise ValueError("a state is a JSON object")
    return data


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not allowed")
