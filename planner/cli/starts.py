"""Room planner: read where things start from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from planner.request import BadRequest


def objects_from(put: Sequence[str]) -> dict[str, str]:
    """Return item -> place from words like `apple_1=table`.

    Raises:
        BadRequest: If a word is malformed, or an item is put twice.
    """
    objects: dict[str, str] = {}
    for word in put:
        item, equals, place = word.partition("=")
        if not (item and equals and place):
            raise BadRequest(f"--put is ITEM=PLACE, for example apple_1=table, not {word!r}")
        if item in objects:
            raise BadRequest(f"--put places {item} twice: at {objects[item]} and at {place}")
        objects[item] = place
    return objects
