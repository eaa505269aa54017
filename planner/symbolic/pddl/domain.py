"""Room planner: read a PDDL domain: types, constants, predicates and actions, as operators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grounding import FormulaError, Operator, Variable
from grounding.formula import TRUE
from grounding.formula_parser import Node, effects_of, formula_of, variables_of

from .checks import Vocabulary, check_effects, check_formula, check_types
from .errors import PddlError
from .expressions import Group, read_sections
from .typing import ROOT, all_types, read_typed_names

_IGNORED = (":requirements", ":functions", ":metric")
_UNSUPPORTED = {
    ":durative-action": "durative actions",
    ":derived": "derived predicates",
    ":constraints": "trajectory constraints",
    ":process": "processes",
    ":event": "events",
}
_COMPARISONS = ([">"], ["<"], [">="], ["<="])
_COST_WORDS = ("increase", "decrease", "assign", "scale-up", "scale-down")


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What can be done, in anybody's domain."""

    name: str
    parents: Mapping[str, tuple[str, ...]]
    """Type -> the types right above it."""
    constants: Mapping[str, frozenset[str]]
    """Name -> every type that it has."""
    predicates: Mapping[str, tuple[Variable, ...]]
    operators: tuple[Operator, ...]


def read_domain(path: Path) -> Domain:
    """Read a domain file.

    Supports types (also `either`), constants, equality, negative and disjunctive preconditions, quantifiers
    and conditional effects. Action costs are read and ignored.

    Raises:
        PddlError: If the file cannot be read, is malformed or needs what is not supported.
    """
    root, sections = read_sections(path, "domain")
    name = sections.pop("domain")[0]
    parents = _types(path, sections.pop(":types", []))
    constants: dict[str, frozenset[str]] = {}
    for group in sections.pop(":constants", []):
        for word, kinds in read_typed_names(path, group).items():
            constants[word] = all_types(path, group.line, kinds, parents)
    predicates = _predicates(path, sections.pop(":predicates", []))
    vocabulary = Vocabulary(predicates=predicates, types=frozenset(parents) | {ROOT}, names=constants)
    for predicate, parameters in predicates.items():
        _sentence(path, root.line, check_types(parameters, vocabulary), f"predicate {predicate}")
    operators = tuple(_action(path, group, vocabulary) for group in sections.pop(":action", []))
    names = [operator.name for operator in operators]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PddlError(path, root.line, f"action {twice} occurs twice")
    for keyword, groups in sections.items():
        if keyword not in _IGNORED:
            what = f"{_UNSUPPORTED.get(keyword, f'section {keyword!r}')}: not supported"
            raise PddlError(path, groups[0].line, what)
    return Domain(
        name=str(name.parts[1]) if len(name.parts) > 1 else "",
        parents=parents,
        constants=constants,
        predicates=predicates,
        operators=operators,
    )


def _types(path: Path, groups: list[Group]) -> dict[str, tuple[str, ...]]:
    declared: dict[str, tuple[str, ...]] = {}
    for group in groups:
        declared |= read_typed_names(path, group)
    for parents in list(declared.values()):
        for parent in parents:
            declared.setdefault(parent, (ROOT,))
    declared.pop(ROOT, None)
    return declared


def _predicates(path: Path, groups: list[Group]) -> dict[str, tuple[Variable, ...]]:
    found: dict[str, tuple[Variable, ...]] = {}
    for group in groups:
        for part in group.parts[1:]:
            if not isinstance(part, Group) or not part.head:
                raise PddlError(path, group.line, "a predicate is written (name ?x - type ...)")
            try:
                found[part.head] = variables_of(part.node()[1:])
            except FormulaError as error:
                raise PddlError(path, part.line, f"predicate {part.head}: {error}") from error
    return found


def _action(path: Path, group: Group, vocabulary: Vocabulary) -> Operator:
    if len(group.parts) < 2 or not isinstance(group.parts[1], str):
        raise PddlError(path, group.line, "an action is written (:action name :parameters ... :effect ...)")
    name = group.parts[1]
    fields: dict[str, Group] = {}
    rest = group.parts[2:]
    for keyword, value in zip(rest[::2], rest[1::2], strict=False):
        if not isinstance(keyword, str) or not isinstance(value, Group):
            raise PddlError(path, group.line, f"action {name}: expected :keyword (...) pairs")
        fields[keyword] = value
    unknown = sorted(set(fields) - {":parameters", ":precondition", ":effect"})
    if unknown or len(rest) % 2:
        what = unknown[0] if unknown else "a keyword without a value"
        raise PddlError(path, group.line, f"action {name}: {what} is not supported")
    return _operator(path, group.line, name, fields, vocabulary)


def _operator(
    path: Path, line: int, name: str, fields: Mapping[str, Group], vocabulary: Vocabulary
) -> Operator:
    where = f"action {name}"
    if _is_numeric([field.node() for field in fields.values()]):
        raise PddlError(path, line, f"{where}: numeric conditions are not supported")
    try:
        parameters = variables_of(fields[":parameters"].node()) if ":parameters" in fields else ()
        line = fields[":precondition"].line if ":precondition" in fields else line
        precondition = formula_of(fields[":precondition"].node()) if ":precondition" in fields else TRUE
        _sentence(path, line, check_types(parameters, vocabulary), where)
        _sentence(path, line, check_formula(precondition, parameters, vocabulary), where)
        line = fields[":effect"].line if ":effect" in fields else line
        node = fields[":effect"].node() if ":effect" in fields else []
        effects = effects_of(_without_costs(node))
        _sentence(path, line, check_effects(effects, parameters, vocabulary), where)
    except FormulaError as error:
        raise PddlError(path, line, f"{where}: {error}") from error
    return Operator(name, parameters, precondition, effects)


def _is_numeric(node: Node) -> bool:
    if isinstance(node, str):
        return False
    if node[:1] in _COMPARISONS or (node[:1] == ["="] and any(isinstance(part, list) for part in node)):
        return True
    return any(map(_is_numeric, node))


def _without_costs(node: Node) -> Node:
    if isinstance(node, str):
        return node
    if node and node[0] in _COST_WORDS:
        return []
    return [_without_costs(part) for part in node]


def _sentence(path: Path, line: int, problem: str | None, where: str) -> None:
    if problem is not None:
        raise PddlError(path, line, f"{where}: {problem}")
