"""Room safety: traces as text: anybody's actions and facts, one state a line.

    {"action": "open(fridge)", "facts": ["(open fridge)"], "unknown": [], "types": {"fridge": ["openable"]}}

Facts that a line does not list are false; `unknown` facts are neither. `action` led to the state; null or
absent when nobody says what did. Names are lower-cased.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grounding import Fact, Universe

from .ltl import State
from .ltl.syntax import DID
from .ltl.vocabulary import Vocabulary
from .rule_errors import TraceError
from .rule_vocabulary import implied_types

__all__ = ["Instant", "TraceError", "check_facts", "read_example", "read_fact", "read_trace", "universe_of",
           "unread_words"]  # fmt: skip

MOST_LINE = 65_536
"""Longest line, [bytes]."""
KEYS = ("action", "facts", "unknown", "types")


@dataclass(frozen=True, kw_only=True)
class Instant:
    """One line of a trace."""

    line: int
    state: State
    action: str = ""
    types: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_trace(file: Path) -> tuple[Instant, ...]:
    """Read JSON lines.

    Raises:
        TraceError: If a line cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TraceError(f"{file} cannot be read: {error}") from error
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(_instant(number, _strict_json(line)))
            except (ValueError, RecursionError) as error:
                raise TraceError(f"{file}:{number}: {' '.join(str(error).split())}") from error
    if not found:
        raise TraceError(f"{file}:1: there is no state in it")
    return tuple(found)


def read_example(lines: Sequence[str]) -> tuple[Instant, ...]:
    """Read a rule's example: `action | facts` for every state.

    Raises:
        TraceError: If a line cannot be read.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        action, _, facts = line.partition("|")
        rest = re.sub(r"\([^()]*\)", "", facts)
        if rest.strip():
            raise TraceError(f"{line!r}: expected facts like (open fridge), found {rest.strip()!r}")
        data = {"action": action.strip(), "facts": re.findall(r"\([^()]*\)", facts)}
        try:
            found.append(_instant(number, data))
        except ValueError as error:
            raise TraceError(f"{line!r}: {error}") from error
    return tuple(found)


def read_fact(text: str) -> Fact:
    """Read `(open fridge)`, `open fridge` or `open(fridge)`.

    Raises:
        ValueError: If it is none of them.
    """
    bare = r"[^\s(),]+"
    spelled = re.fullmatch(rf"\s*\(?\s*({bare}(?:\s+{bare})*)\s*\)?\s*", text)
    called = re.fullmatch(rf"\s*({bare})\s*\(\s*((?:{bare}\s*(?:,\s*{bare}\s*)*)?)\)\s*", text)
    if spelled and text.count("(") == text.count(")"):
        return tuple(spelled[1].lower().split())
    if called:
        return (called[1].lower(), *(name.strip().lower() for name in called[2].split(",") if name.strip()))
    raise ValueError(f"expected (open fridge), open fridge or open(fridge), found {text[:60]!r}")


def check_facts(trace: Iterable[Instant], vocabulary: Vocabulary, file: Path) -> None:
    """Refuse a trace that uses a predicate of the rules with another number of arguments.

    Raises:
        TraceError: With the line.
    """
    for instant in trace:
        for fact in sorted(instant.state.facts | instant.state.unknown):
            roles = vocabulary.predicates.get(fact[0])
            if roles is not None and len(roles) != len(fact) - 1:
                wrong = f"'{fact[0]}' takes {len(roles)} arguments, found ({' '.join(fact)})"
                raise TraceError(f"{file}:{instant.line}: {wrong}")


def unread_words(trace: Iterable[Instant], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the predicates and actions of a trace that no rule can speak of, in case they are misspelt."""
    found = set()
    for instant in trace:
        for fact in instant.state.facts | instant.state.unknown:
            if fact[0] == DID:
                roles = vocabulary.actions.get(fact[1]) if len(fact) > 1 else None
                if roles is None or len(roles) != len(fact) - 2:
                    found.add(f"{fact[1]}({', '.join(fact[2:])})" if len(fact) > 1 else DID)
            elif fact[0] not in vocabulary.predicates:
                found.add(fact[0])
    return tuple(sorted(found))


def universe_of(trace: Iterable[Instant], vocabulary: Vocabulary) -> Universe:
    """Return the names of a trace with their types.

    A name's types are those that the trace or the rule file declares; those of its category, for
    `<category>_<n>`; those of the furniture whose name it bears; and those that predicates and actions ask of
    it, where it has none that would do.
    """
    types: dict[str, frozenset[str]] = dict(vocabulary.objects)
    roles: list[tuple[str, tuple[str, ...]]] = []
    for instant in trace:
        for name, declared in instant.types.items():
            types[name] = types.get(name, frozenset()) | declared
        for fact in sorted(instant.state.facts | instant.state.unknown):
            roles += _roles(fact, vocabulary)
    for name in {*types, *(name for name, _ in roles)}:
        types[name] = types.get(name, frozenset()) | vocabulary.types_of_name(name)
    for name, accepted in roles:
        types[name] |= implied_types(accepted, types[name])
    named = {name for name, _ in roles} | {name for i in trace for name in i.types}
    return Universe({name: kinds for name, kinds in types.items() if name in named})


def _roles(fact: Fact, vocabulary: Vocabulary) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names in a fact, each with the types that its place in the fact accepts."""
    if fact[0] == DID:
        accepted, names = vocabulary.actions.get(fact[1], ()) if len(fact) > 1 else (), fact[2:]
    else:
        accepted, names = vocabulary.predicates.get(fact[0], ()), fact[1:]
    return [(name, accepted[i] if i < len(accepted) else ()) for i, name in enumerate(names)]


def _instant(line: int, data: Mapping[str, Any]) -> Instant:
    odd = sorted(set(data) - set(KEYS))
    if odd:
        raise ValueError(f"unknown key {odd[0]!r}; keys: {', '.join(KEYS)}")
    action = data.get("action")
    if action is not None and not isinstance(action, str):
        raise ValueError("'action' is a text like open(fridge), or null")
    facts = {read_fact(text) for text in _texts(data.get("facts", []), "facts")}
    if action and action.strip():
        facts.add((DID, *read_fact(action)))
    unknown = {read_fact(text) for text in _texts(data.get("unknown", []), "unknown")}
    both = sorted(facts & unknown)
    if both:
        raise ValueError(f"({' '.join(both[0])}) is both a fact and unknown")
    state = State(frozenset(facts), frozenset(unknown))
    return Instant(line=line, state=state, action=(action or "").strip(), types=_types(data.get("types", {})))


def _types(declared: object) -> dict[str, frozenset[str]]:
    if not isinstance(declared, dict):
        raise ValueError("'types' maps names to lists of types")
    texts = {str(name).lower(): _texts(kinds, "types") for name, kinds in declared.items()}
    return {name: frozenset(kind.lower() for kind in kinds) for name, kinds in texts.items()}


def _texts(texts: object, key: str) -> list[str]:
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        what = "types" if key == "types" else 'facts like "(open fridge)"'
        raise ValueError(f"'{key}' needs a list of {what}")
    return texts


def _strict_json(line: str) -> dict[str, Any]:
    if len(line.encode()) > MOST_LINE:
        raise ValueError(f"the line is longer than {MOST_LINE} bytes")
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
