"""Room planner: read where things start, and what is written on them, from the command line."""

from __future__ import annotations

from collections.abc import Sequence

from planner.request import BadRequest


def objects_from(put: Sequence[str]) -> dict[str, str]:
    """Return item -> place from words like `apple_1=table`.

    Raises:
        BadRequest: If a word is malformed, or an item is put twice.
    """
    return _pairs("--put", "ITEM=PLACE, for example apple_1=table", put)


def texts_from(label: Sequence[str]) -> dict[str, str]:
    """Return item -> words printed on it, from texts like `coke_can_1=Drink me`.

    Raises:
        BadRequest: If a text is malformed, or an item is labelled twice.
    """
    return _pairs("--label", "ITEM=WORDS, for example coke_can_1='Best before May'", label)


def _pairs(option: str, form: str, words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        item, equals, value = word.partition("=")
        if not (item and equals and value):
            raise BadRequest(f"{option} is {form}, not {word!r}")
        if item in found:
            raise BadRequest(f"{option} names {item} twice: {found[item]!r} and {value!r}")
        found[item] = value
    return found
