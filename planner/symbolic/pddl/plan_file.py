"""Room planner: read and write plan files: one `(action a b)` per line, as every planner prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from skills import SkillCall

from .errors import PddlError
from .expressions import read_text

_STEP = re.compile(r"(?:\d+(?:\.\d+)?\s*:?\s*)?\(\s*([^\s()]+)((?:\s+[^\s()]+)*)\s*\)(?:\s*\[[^\]]*\])?")


def read_plan(path: Path) -> tuple[SkillCall, ...]:
    """Read a plan: steps in parentheses, optional `0.00:` before and `[1.0]` after, `;` comments.

    Raises:
        PddlError: If the file cannot be read or a line is something else.
    """
    steps: list[SkillCall] = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        rest = line.split(";")[0].strip()
        while rest:
            match = _STEP.match(rest)
            if match is None:
                raise PddlError(path, number, f"expected a step like (pick apple_1), found {rest[:60]!r}")
            steps.append(SkillCall(match[1].lower(), tuple(match[2].lower().split())))
            rest = rest[match.end() :].strip()
    return tuple(steps)


def write_plan(steps: Sequence[SkillCall]) -> str:
    """Return the plan as text, one step per line."""
    return "".join(f"({' '.join((step.skill, *step.arguments))})\n" for step in steps)
