"""Room planner: read a PDDL problem: objects, the facts at the start, the goal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grounding import Fact, Formula, FormulaError, Universe
from grounding.formula_parser import formula_of

from .checks import Vocabulary, check_formula
from .domain import Domain
from .errors import PddlError
from .expressions import Group, read_sections
from .typing import ROOT, all_types, read_typed_names

_IGNORED = ("problem", ":domain", ":requirements", ":metric", ":length")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What there is, what holds, what shall hold."""

    name: str
    universe: Universe
    """Constants of the domain included."""
    facts: frozenset[Fact]
    goal: Formula


def read_problem(path: Path, domain: Domain) -> Problem:
    """Read a problem file of this domain.

    Raises:
        PddlError: If the file cannot be read, is malformed, or does not fit the domain.
    """
    root, found = read_sections(path, "problem")
    sections = {keyword: groups[0] for keyword, groups in found.items()}
    repeated = next((groups[1] for groups in found.values() if len(groups) > 1), None)
    if repeated is not None:
        raise PddlError(path, repeated.line, f"section '{repeated.head}' occurs twice")
    for keyword, group in sections.items():
        if keyword not in (*_IGNORED, ":objects", ":init", ":goal"):
            raise PddlError(path, group.line, f"section '{keyword}' is not supported")
    for needed in (":init", ":goal"):
        if needed not in sections:
            raise PddlError(path, root.line, f"section {needed} is missing")
    vocabulary = Vocabulary(
        predicates=domain.predicates,
        types=frozenset(domain.parents) | {ROOT},
        names=_names(path, sections.get(":objects"), domain),
    )
    title = sections["problem"].parts
    return Problem(
        name=str(title[1]) if len(title) > 1 else "",
        universe=Universe(vocabulary.names),
        facts=_facts(path, sections[":init"], vocabulary),
        goal=_goal(path, sections[":goal"], vocabulary),
    )


def _names(path: Path, group: Group | None, domain: Domain) -> dict[str, frozenset[str]]:
    names = dict(domain.constants)
    if group is not None:
        for name, kinds in read_typed_names(path, group).items():
            found = all_types(path, group.line, kinds, domain.parents)
            names[name] = names.get(name, frozenset()) | found
    return names


def _facts(path: Path, group: Group, vocabulary: Vocabulary) -> frozenset[Fact]:
    found: set[Fact] = set()
    for part in group.parts[1:]:
        if not isinstance(part, Group) or not part.head:
            raise PddlError(path, group.line, "facts are written (predicate name ...)")
        if part.head in ("=", "not"):
            continue  # values of functions; closed world
        if not all(isinstance(word, str) for word in part.parts):
            raise PddlError(path, part.line, f"({part.head} ...) is not a fact")
        fact = tuple(str(word) for word in part.parts)
        _check(path, part, formula_of(list(fact)), vocabulary, "init")
        found.add(fact)
    return frozenset(found)


def _goal(path: Path, group: Group, vocabulary: Vocabulary) -> Formula:
    if len(group.parts) != 2 or not isinstance(group.parts[1], Group):
        raise PddlError(path, group.line, "the goal is written (:goal (...))")
    try:
        goal = formula_of(group.parts[1].node())
    except FormulaError as error:
        raise PddlError(path, group.line, f"goal: {error}") from error
    _check(path, group, goal, vocabulary, "goal")
    return goal


def _check(path: Path, group: Group, formula: Formula, vocabulary: Vocabulary, where: str) -> None:
    wrong = check_formula(formula, (), vocabulary)
    if wrong is not None:
        raise PddlError(path, group.line, f"{where}: {wrong}")
