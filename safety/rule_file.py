"""Room safety: read one rule file and check every word of it, with the line in every complaint."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grounding import PREDICATES, FormulaError, Variable, parse_variables
from grounding.formula_parser import read_expression
from robots.catalogue import load_catalogue

from .ltl import Rule
from .ltl.syntax import check, check_variables

MOST_BYTES = 1_000_000


class RulebookError(ValueError):
    """Rules that cannot be trusted or read; one sentence with file and line."""


class _RuleText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    severity: Literal["veto", "duty"]
    variables: str = Field(default="", alias="for")
    formula: str
    unless_asked: bool = False
    good: list[str] = []
    bad: list[str] = []


class _FileText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    vocabulary: dict[str, list[list[str]]] = {}
    types: list[str] = []
    rules: list[_RuleText] = Field(min_length=1)


FIXTURE_TYPES = frozenset(
    ("place", "surface", "container", "openable", "switchable", "appliance", "person")
    + ("stove", "sink", "bin", "drawer", "fridge", "microwave")
)
"""What furniture is, in `robots.pybullet`."""


@cache
def known_types() -> frozenset[str]:
    """Return every type of an item or of furniture."""
    catalogue = load_catalogue()
    items = (catalogue.types_of(category) for category in catalogue.categories)
    return frozenset({"object", "item", "direction"}).union(FIXTURE_TYPES, *items)


def read_rules(file: Path) -> tuple[Rule, ...]:
    """Read and check the rules of a file.

    Raises:
        RulebookError: One sentence with file, line and the valid choices.
    """
    text = _text(file)
    lines, data = _parse(text, file)
    try:
        read = _FileText.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = first["loc"]
        raise _complaint(file, _line(lines, where), f"{'.'.join(map(str, where))}: {first['msg']}") from error
    types = set(known_types()) | set(read.types)
    household = {p.name: list(p.arguments) for p in PREDICATES}
    own = {name: [tuple(kinds) for kinds in arguments] for name, arguments in read.vocabulary.items()}
    return tuple(
        _rule(rule, file, lines[("rules", index)], {**household, **own}, types)
        for index, rule in enumerate(read.rules)
    )


def _rule(
    read: _RuleText, file: Path, line: int, vocabulary: Mapping[str, list[tuple[str, ...]]], types: set[str]
) -> Rule:
    try:
        variables = parse_variables(read.variables)
        check_variables(variables, types)
        node = read_expression(read.formula)
        bound: dict[str, Variable] = {v.name: v for v in variables}
        check(node, vocabulary, types, bound)
    except FormulaError as error:
        raise _complaint(file, line, f"rule {read.name}: {error}") from error
    return Rule(
        name=read.name,
        text=read.text,
        reason=read.reason,
        severity=read.severity,
        formula=node,
        source=" ".join(read.formula.split()),
        variables=variables,
        unless_asked=read.unless_asked,
        file=file.name,
        line=line,
        good=tuple(read.good),
        bad=tuple(read.bad),
    )


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
        if len(data) > MOST_BYTES:
            raise RulebookError(f"{file} is larger than {MOST_BYTES} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise RulebookError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RulebookError(f"{file} is not UTF-8 text: {error.reason}") from error


def _parse(text: str, file: Path) -> tuple[dict[tuple[str | int, ...], int], Any]:
    """Return the line of every node by its path, and the data; a key that stands twice is refused."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[tuple[str | int, ...], int] = {}
        _walk(node, (), lines, file)
        return lines, yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _complaint(file, line, error.problem or "not YAML") from error
    except yaml.YAMLError as error:
        raise _complaint(file, 1, str(error)) from error


def _walk(
    node: yaml.Node | None, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], file: Path
) -> None:
    if node is None:
        raise _complaint(file, 1, "the file is empty")
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in lines:
                raise _complaint(file, key.start_mark.line + 1, f"{key.value!r} stands here twice")
            _walk(value, inner, lines, file)
            lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), lines, file)


def _line(lines: Mapping[tuple[str | int, ...], int], where: tuple[str | int, ...]) -> int:
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def _complaint(file: Path, line: int, problem: str) -> RulebookError:
    return RulebookError(f"{file}:{line}: {problem}")
