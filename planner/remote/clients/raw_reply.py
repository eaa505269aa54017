"""Room planner: the JSON of a reply as it came, before an SDK fills in what is missing."""

from __future__ import annotations

import json
import math
from typing import Any

from planner.remote.gateway import Body, BrokenReply


def json_of(raw: Any, *required: str) -> Body:
    """Return the body of an SDK's raw response.

    Args:
        raw: Raw response of the OpenAI or the Anthropic SDK.
        required: Fields without which it is not the interface's reply.

    Raises:
        BrokenReply: If it is not JSON, not an object, or lacks a field.
    """
    response = raw.http_response
    kind = response.headers.get("content-type", "").split(";")[0]
    try:
        body = json.loads(response.content)
        json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair can be written nowhere
    except (ValueError, RecursionError) as error:
        what = f"is {kind}" if kind != "application/json" else "was cut off or is not JSON"
        raise BrokenReply(f"the reply {what}, not the interface's JSON") from error
    if not isinstance(body, dict):
        raise BrokenReply(f"the reply is a JSON {type(body).__name__}, not an object")
    missing = [name for name in required if body.get(name) is None]
    if missing:
        raise BrokenReply(f"the reply lacks {', '.join(missing)}")
    return body


def count(record: Any, *path: str) -> int:
    """Return the number at `path` in a usage record, 0 when it is missing or no number."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    is_number = isinstance(record, int | float) and not isinstance(record, bool) and 0 <= record < 1e12
    return int(record) if is_number else 0


def number(value: Any) -> float | None:
    """Return a finite number as float, None for anything else: a truth value, NaN, too many digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, or nothing when it is no list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
