"""Room planner: read what orders and conditions requests: before, after, if, otherwise, while."""

from __future__ import annotations

from dataclasses import replace

from .conditions import read_condition
from .cursor import Cursor
from .fixed_phrases import LATE_CONDITIONS, OTHERWISE
from .meaning import Condition, Request
from .reading import Reading, read_request
from .request_words import request_begins


def read_connective(cursor: Cursor, reading: Reading) -> bool:
    """Read one connective into `reading`; False (and stay) when none comes next."""
    start = cursor.at
    if reading.requests and cursor.accept(*LATE_CONDITIONS):
        _condition_last(cursor, reading)
        return True
    word = cursor.accept(
        "before you", "before", "after you", "once you", "after", "once", "otherwise", "else", "if not"
    )
    if word.startswith("before") and request_begins(cursor):
        if reading.requests:
            _read_swapped(cursor, reading, is_before=False)
        else:
            _read_swapped(cursor, reading, is_before=True)
        return True
    if word.startswith(("after", "once")) and request_begins(cursor):
        _read_swapped(cursor, reading, is_before=bool(reading.requests))
        return True
    if word in ("otherwise", "else", "if not") and reading.condition is not None:
        reading.condition = replace(reading.condition, is_negated=not reading.condition.is_negated)
        return True
    cursor.at = start
    if _skip_meanwhile(cursor):
        return True
    condition = read_condition(cursor)
    if condition is not None and reading.requests and not _has_clause_next(cursor):
        condition = _about(condition, reading.requests[-1])
        reading.requests[-1] = replace(reading.requests[-1], condition=condition)
        cursor.accept(",")
        if cursor.accept(*OTHERWISE):
            reading.condition = replace(condition, is_negated=not condition.is_negated)
        return True
    if condition is not None:
        reading.condition = condition
        return True
    cursor.at = start
    return False


def _has_clause_next(cursor: Cursor) -> bool:
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at)
    while ahead.accept("then", ","):
        pass
    return request_begins(ahead)


def _about(condition: Condition, request: Request) -> Condition:
    """Return "if it is on the table" with "it" replaced by what the request is about."""
    thing = condition.thing
    if thing is None or not thing.pronoun or not request.objects:
        return condition
    return replace(condition, thing=replace(request.objects[0], at=thing.at))


def _condition_last(cursor: Cursor, reading: Reading) -> None:
    """Read "bring me a coke [if there is one, otherwise a pepsi]"."""
    last = reading.requests[-1]
    condition = Condition(thing=last.objects[0]) if last.objects else None
    reading.requests[-1] = replace(last, condition=condition)
    cursor.accept(",")
    if condition is not None and cursor.accept(*OTHERWISE):
        reading.condition = replace(condition, is_negated=True)


def _skip_meanwhile(cursor: Cursor) -> bool:
    """Skip "while it warms up," and "until I am back": we do one thing after the other anyway."""
    start = cursor.at
    if not cursor.accept("while", "until", "as soon as", "whenever"):
        return False
    while not cursor.is_at_end and cursor.peek() != ",":
        if cursor.peek() in ("and", "then") and cursor.at > start + 2:
            return True
        cursor.at += 1
    return True


def _read_swapped(cursor: Cursor, reading: Reading, *, is_before: bool) -> None:
    """Read the clause of "before ..." or "after ..." and put it where it belongs in time."""
    while cursor.length("wrapper"):
        cursor.take("wrapper")
    if reading.requests and is_before:  # "do B after doing A": A goes first
        reading.swap_at = len(reading.requests) - 1
        read_request(cursor, reading)
        reading.swap_at = None
        return
    read_request(cursor, reading)
    if is_before:  # "before doing B, do A": what follows goes first
        reading.swap_at = len(reading.requests) - 1
