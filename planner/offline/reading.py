"""Room planner: what was read of an instruction so far, and how one request is added to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .clause_phrases import TAKING_BACK
from .continuation import within_heading
from .cursor import Cursor
from .fixed_phrases import JOINERS, PUSHING, SPLIT_ENDINGS
from .frames import requests_from
from .meaning import Condition, Context, NotUnderstood, Request
from .request_words import read_arguments, request_begins

_PLACE_FRAMES = {"go", "visit", "open", "close", "turn_on", "turn_off", "wipe", "clear", "unload"}


@dataclass
class Reading:
    """What was read so far."""

    requests: list[Request] = field(default_factory=list)
    context: Context = field(default_factory=Context)
    condition: Condition | None = None
    """Holds for the requests that follow in this sentence."""
    heading: Request | None = None
    """"Clear the table:" before a list that says how."""
    swap_at: int | None = None
    """Index of a request before which the following ones are to be done."""


def read_request(cursor: Cursor, reading: Reading) -> None:
    """Read a verb with what belongs to it.

    Raises:
        NotUnderstood: If it, or what follows it, cannot be read.
    """
    start = cursor.at
    verb = cursor.peek()
    sense = cursor.take("verb")
    assert sense is not None
    stem = _stem_of(verb, cursor)
    takes_places = sense.frames[0] in _PLACE_FRAMES
    arguments = read_arguments(cursor, verb=stem, takes_places=takes_places)
    words = cursor.text(start)
    _require_clause_end(cursor, words)
    append(reading, requests_from(sense.frames, arguments, words))


def append(reading: Reading, requests: tuple[Request, ...]) -> None:
    """Add requests where they belong in time, under the condition and heading in force."""
    heading = reading.heading
    if heading is not None:
        reading.requests = [r for r in reading.requests if r is not heading]
        requests = tuple(within_heading(request, heading) for request in requests)
    for request in requests:
        placed = replace(request, condition=reading.condition)
        if reading.swap_at is not None:
            reading.requests.insert(reading.swap_at, placed)
            reading.swap_at += 1
        else:
            reading.requests.append(placed)


def _stem_of(verb: str, cursor: Cursor) -> str:
    """Return the dictionary form of a verb that takes a particle ("throwing" -> "throw")."""
    for stem in cursor.lexicon.split_verbs:
        if verb == stem or (
            verb.startswith(stem.rstrip("e")) and verb[len(stem.rstrip("e")) :] in SPLIT_ENDINGS
        ):
            return stem
    for stem in (*PUSHING, "move", "shift"):
        if verb.startswith(stem.rstrip("e")):
            return stem
    return verb


def _require_clause_end(cursor: Cursor, words: str) -> None:
    if cursor.is_at_end or cursor.length("adjunct") or request_begins(cursor):
        return
    if cursor.sees(
        *JOINERS,
        "before",
        "after",
        "once",
        "if",
        "otherwise",
        "else",
        "or",
        "when",
        "unless",
        "since",
        "because",
        *TAKING_BACK,
    ):
        return
    start = cursor.at
    raise NotUnderstood(f"I do not understand {rest_of_clause(cursor, start)!r} after {words!r}")


def rest_of_clause(cursor: Cursor, start: int) -> str:
    """Return the words from `start` to the next comma, at most twelve, to be quoted."""
    end = start + 1
    while end < min(len(cursor.words), start + 12) and cursor.words[end] not in (",", ":", "then"):
        end += 1
    return cursor.text(start, end)
