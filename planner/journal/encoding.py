"""Room planner: records as JSON: calls as `pick(apple_1)`, formulas as PDDL."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import numpy as np

from grounding import And, Atom, Equal, Exactly, Exists, ForAll, Imply, Not, Or, to_pddl
from planner.selection import Candidate
from skills import SkillCall

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

_FORMULAS = (Atom, Equal, Not, And, Or, Imply, Exists, ForAll, Exactly)


def to_json(value: object) -> Json:
    """Return `value` as plain JSON data.

    Raises:
        TypeError: If a part has no JSON form here.
    """
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Enum():
            return str(value.value)
        case np.generic():
            return to_json(value.item())
        case SkillCall() | Path():
            return str(value)
        case Candidate():
            return {**_fields(value), "combined": value.combined}
        case Mapping():
            return {str(key): to_json(part) for key, part in value.items()}
        case list() | tuple():
            return [to_json(part) for part in value]
    if isinstance(value, _FORMULAS):
        return to_pddl(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    raise TypeError(f"a {type(value).__name__} has no JSON form in the journal")


def to_text(value: object) -> str:
    """Return `value` as one line of JSON with sorted keys; half a surrogate pair stands as its escape."""
    text = json.dumps(to_json(value), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode()


def _fields(value: object) -> dict[str, Json]:
    assert is_dataclass(value)
    return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
