"""Room planner: read a file of nested parentheses, knowing on which line each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from grounding.formula_parser import Node

from .errors import PddlError

_TOKEN = re.compile(r";[^\n]*|(?P<token>[()]|[^\s();]+)|\n")
_LARGEST_FILE = 20_000_000


@dataclass(slots=True)
class Group:
    """What stands between two parentheses."""

    line: int
    parts: list[str | Group] = field(default_factory=list)

    @property
    def head(self) -> str:
        """Return its first word, or an empty string."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    def node(self) -> list[Node]:
        """Return it as plain words and lists."""
        return [part if isinstance(part, str) else part.node() for part in self.parts]


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        PddlError: If it cannot be read.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise PddlError(path, None, f"the file is larger than {_LARGEST_FILE // 1_000_000} MB")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PddlError(path, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PddlError(path, None, "is not a text file in UTF-8") from error


def read_group(path: Path) -> Group:
    """Read a file that holds one expression in parentheses; all words become lower case.

    Raises:
        PddlError: If the parentheses do not match, or there is something outside them.
    """
    line, stack, done = 1, list[Group](), list[Group]()
    for match in _TOKEN.finditer(read_text(path)):
        token = match["token"]
        if match[0] == "\n":
            line += 1
        elif token == "(":
            stack.append(Group(line))
        elif token == ")":
            if not stack:
                raise PddlError(path, line, "this ')' closes nothing")
            group = stack.pop()
            (stack[-1].parts if stack else done).append(group)
        elif token:
            if not stack:
                raise PddlError(path, line, f"{token!r} stands outside of all parentheses")
            stack[-1].parts.append(token.lower())
    if stack:
        raise PddlError(path, stack[-1].line, "the '(' of this line is never closed")
    if len(done) != 1 or done[0].head != "define":
        raise PddlError(path, done[0].line if done else None, "expected one (define ...)")
    return done[0]


def read_sections(path: Path, kind: str) -> tuple[Group, dict[str, list[Group]]]:
    """Read `(define (kind NAME) (:section ...) ...)`; return it, and its sections by their first word.

    Raises:
        PddlError: If the file is something else.
    """
    root = read_group(path)
    found: dict[str, list[Group]] = {}
    for part in root.parts[1:]:
        if not isinstance(part, Group) or not part.head:
            line = part.line if isinstance(part, Group) else root.line
            raise PddlError(path, line, "expected (:section ...)")
        found.setdefault(part.head, []).append(part)
    if kind not in found:
        raise PddlError(path, root.line, f"expected (define ({kind} NAME) ...); is it the {kind} file?")
    return root, found
