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


def texts_from(label: Sequence[str]) -> dict[str, str]:
    """Return item -> words from texts like `coke_can_1=Drink me`.

    Raises:
        BadRequest: If a text is malformed, or an item is labelled twice.
    """
    texts: dict[str, str] = {}
    for word in label:
        item, equals, words = word.partition("=")
        if not (item and equals and words):
            raise BadRequest(f"--label is ITEM=WORDS, for example coke_can_1='Best before May', not {word!r}")
        if item in texts:
            raise BadRequest(f"--label is given twice for {item}; write all its words at once")
        texts[item] = words
    return texts
