"""Room safety: YAML with the line of every value; a key that stands twice is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from .rule_errors import RulebookError, complaint

MOST_BYTES = 1_000_000
DEEPEST = 40
"""Deeper nesting, [levels], is no rule file."""

Where: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A YAML file as it was read, once."""

    file: Path
    text: str
    data: Any
    lines: Mapping[Where, int]
    """Line of every key and list entry by its path, from 1."""

    def line(self, where: Where) -> int:
        """Return the line of a path, or of the nearest thing around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def line_of_word(self, word: str, where: Where) -> int:
        """Return the line on which a word stands in the value at a path, else the value's."""
        first = self.line(where)
        following = [line for line in self.lines.values() if line > first]
        last = min(following, default=len(self.text.splitlines()) + 1)
        for number, line in enumerate(self.text.splitlines()[first - 1 : max(last - 1, first)], start=first):
            words = line.lower().replace("(", " ").replace(")", " ").replace('"', " ").split()
            if word in words:
                return number
        return first


def read_text(file: Path) -> str:
    """Return the text of a file.

    Raises:
        RulebookError: If it cannot be read, is too large, or is not UTF-8.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RulebookError(f"{file} cannot be read: {error.strerror}") from error
    return decoded(data, file)


def decoded(data: bytes, file: Path) -> str:
    """Return the text that a file's bytes are.

    Raises:
        RulebookError: If it is too large, or is not UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise RulebookError(f"{file} is larger than {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RulebookError(f"{file} is not UTF-8 text: {error.reason}") from error


def parse_yaml(text: str, file: Path) -> Document:
    """Read a YAML text.

    Raises:
        RulebookError: With the line.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines: dict[Where, int] = {}
        _walk(node, (), lines, file)
        return Document(file=file, text=text, data=yaml.safe_load(text), lines=lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise complaint(file, line, error.problem or "not YAML") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise complaint(file, 1, str(error)) from error


def _walk(node: yaml.Node | None, path: Where, lines: dict[Where, int], file: Path) -> None:
    if node is None:
        raise complaint(file, 1, "the file is empty")
    lines[path] = line = node.start_mark.line + 1
    if len(path) > DEEPEST:
        raise complaint(file, line, f"nested more than {DEEPEST} levels deep")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise complaint(
                    file, key.start_mark.line + 1, f"quote the key {key.value!r}: it is no word in YAML"
                )
            inner = (*path, str(key.value))
            if inner in lines:
                raise complaint(file, key.start_mark.line + 1, f"{key.value!r} stands here twice")
            _walk(value, inner, lines, file)
            lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), lines, file)
