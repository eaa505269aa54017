"""Room safety: read one rule file and check every word of it, with the line in every complaint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grounding import FormulaError, Variable, parse_variables
from grounding.formula_parser import Node, read_expression, variables_of

from .ltl import Rule
from .ltl.vocabulary import Misread, Vocabulary
from .rule_errors import RulebookError, complaint
from .rule_vocabulary import household, widened
from .rule_yaml import Document, Where, parse_yaml, read_text

__all__ = ["RuleFile", "RuleText", "RulebookError", "parse_rules", "read_rules", "rule_of"]

_M = TypeVar("_M", bound=BaseModel)
LONGEST = 20_000
"""Longest formula, [characters]."""


class RuleText(BaseModel):
    """One rule as it stands in a file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)
    text: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    severity: Literal["veto", "duty"]
    variables: str = Field(default="", alias="for")
    formula: str = Field(min_length=1, max_length=LONGEST)
    unless_asked: bool = False
    good: list[str] = []
    bad: list[str] = []


class _FileText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    vocabulary: dict[str, list[list[str]]] = {}
    actions: dict[str, list[list[str]]] = {}
    types: list[str] = []
    objects: dict[str, list[str]] = {}
    rules: list[RuleText] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """A rule file that was read and checked."""

    file: Path
    rules: tuple[Rule, ...]
    vocabulary: Vocabulary
    """The household's words and the file's own."""


def read_rules(file: Path) -> RuleFile:
    """Read and check the rules of a file.

    Raises:
        RulebookError: One sentence with file, line and the valid choices.
    """
    return parse_rules(read_text(file), file)


def parse_rules(text: str, file: Path) -> RuleFile:
    """Check the rules that a file's text holds.

    Raises:
        RulebookError: One sentence with file, line and the valid choices.
    """
    document = parse_yaml(text, file)
    read = validated(_FileText, document)
    vocabulary = _vocabulary(read, document)
    rules: dict[str, Rule] = {}
    for index, rule in enumerate(read.rules):
        if rule.name in rules:
            line, other = document.line(("rules", index)), rules[rule.name]
            raise complaint(file, line, f"there is a rule {rule.name!r} already, at {file}:{other.line}")
        rules[rule.name] = rule_of(rule, document, ("rules", index), vocabulary)
    return RuleFile(file=file, rules=tuple(rules.values()), vocabulary=vocabulary)


def rule_of(read: RuleText, document: Document, where: Where, vocabulary: Vocabulary) -> Rule:
    """Return a rule whose every word was checked.

    Raises:
        RulebookError: With the line of the word that does not fit.
    """
    _check_prints(read, document, where)
    part: Where = (*where, "for")
    try:
        variables = parse_variables(read.variables)
        vocabulary.check_variables(variables)
        part = (*where, "formula")
        node = read_expression(read.formula)
        vocabulary.check(node, {v.name: v for v in variables})
        variables, node = _hoisted(variables, node)
    except Misread as error:
        line = document.line_of_word(error.word, part)
        raise complaint(document.file, line, f"rule {read.name}: {error}") from error
    except (FormulaError, RecursionError) as error:
        raise complaint(document.file, document.line(part), f"rule {read.name}: {error}") from error
    return Rule(
        name=read.name,
        text=read.text,
        reason=read.reason,
        severity=read.severity,
        formula=node,
        source=" ".join(read.formula.split()),
        variables=variables,
        unless_asked=read.unless_asked,
        file=document.file.name,
        line=document.line(where),
        good=tuple(read.good),
        bad=tuple(read.bad),
    )


def _check_prints(read: RuleText, document: Document, where: Where) -> None:
    """Refuse text that could steer a terminal, or show itself otherwise than it is."""
    for key, value in read.model_dump(by_alias=True).items():
        words = "".join(value).split() if isinstance(value, list) else str(value).split()
        if not "".join(words).isprintable():
            line = document.line((*where, key))
            raise complaint(document.file, line, f"rule {read.name}: '{key}' holds what does not print")


def validated(model: type[_M], document: Document) -> _M:
    """Return the data of a file as a record.

    Raises:
        RulebookError: With the line of what does not fit.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        every = error.errors(include_url=False)
        first = next((e for e in every if e["type"] == "extra_forbidden"), every[0])  # a misspelt key
        where = first["loc"]
        name = ".".join(map(str, where)) or "the file"
        raise complaint(document.file, document.line(where), f"{name}: {first['msg']}") from error


def _vocabulary(read: _FileText, document: Document) -> Vocabulary:
    try:
        return widened(
            household(),
            predicates=_roles(read.vocabulary),
            actions=_roles(read.actions),
            types=read.types,
            objects=read.objects,
        )
    except Misread as error:
        line = next(
            (n for n, text in enumerate(document.text.splitlines(), start=1) if error.word in text), 1
        )
        raise complaint(document.file, line, str(error)) from error


def _roles(declared: Mapping[str, list[list[str]]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {name: tuple(tuple(kinds) for kinds in arguments) for name, arguments in declared.items()}


def _hoisted(variables: tuple[Variable, ...], node: Node) -> tuple[tuple[Variable, ...], Node]:
    """Return the rule with the variables that its formula begins with as its own, one instance a binding."""
    while isinstance(node, list) and node[0] == "forall":
        more = variables_of(node[1])
        if {v.name for v in more} & {v.name for v in variables}:
            break
        variables, node = (*variables, *more), node[2]
    return variables, node
