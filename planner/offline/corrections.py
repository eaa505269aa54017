"""Room planner: read a change of mind: "a coke, no wait, a pepsi", "make it two", "never mind"."""

from __future__ import annotations

from dataclasses import replace

from .clause_phrases import TAKING_BACK, TAKING_BACK_ALL
from .cursor import Cursor
from .fixed_phrases import JOINERS, PREPOSITIONS
from .meaning import Attachment, NotUnderstood, NounPhrase, PlacePhrase, Request
from .noun_phrases import read_noun_phrase
from .place_phrases import read_place
from .reading import Reading, read_request
from .request_words import request_begins

_WEAK = frozenset({"wait", "oh wait", "sorry", "hold on", "oh sorry"})


def read_correction(cursor: Cursor, reading: Reading) -> bool:
    """Read one change of mind into `reading`; False (and stay) when none comes next."""
    start = cursor.at
    if cursor.accept(*TAKING_BACK_ALL):
        reading.requests.clear()
        return True
    marker = _read_markers(cursor)
    if not marker:
        return False
    if not reading.requests:
        if marker in ("no", "wait") or cursor.is_at_end:
            cursor.at = start
            return False
        return True
    last = reading.requests[-1]
    if request_begins(cursor):
        _read_instead(cursor, reading, last, is_weak=marker in _WEAK)
        return True
    corrected = _with_place(cursor, last) or _with_thing(cursor, last)
    if corrected is None:
        raise NotUnderstood(f"I do not understand {cursor.text(start, len(cursor.words))!r}")
    reading.requests[-1] = corrected
    return True


def _read_markers(cursor: Cursor) -> str:
    """Read "no, wait, I mean"; bare "no" and "wait" need a comma or another marker after them."""
    found = ""
    while True:
        before = cursor.at
        marker = cursor.accept(*TAKING_BACK)
        alone = marker in ("no", "wait", "hold on") and not cursor.sees(",", *TAKING_BACK)
        if not marker or (alone and not found):
            cursor.at = before
            return found
        found = marker if not found or found in _WEAK else found
        cursor.accept(",")


def _read_instead(cursor: Cursor, reading: Reading, last: Request, *, is_weak: bool) -> None:
    """Read a whole request that takes the place of the last one."""
    while cursor.length("wrapper"):
        cursor.take("wrapper")
        cursor.accept(",")
    trial = Reading(context=reading.context, condition=reading.condition)
    named = tuple(thing for thing in last.objects if not thing.pronoun)
    read_request(cursor, trial)
    if is_weak and trial.requests[0].frame != last.frame:
        raise NotUnderstood(f"I do not know whether I should still {last.words!r}")
    reading.requests[-1:] = trial.requests
    context = reading.context
    reading.context = replace(context, mentions=(*context.mentions, *named))


def _with_place(cursor: Cursor, last: Request) -> Request | None:
    start = cursor.at
    preposition = cursor.accept(*PREPOSITIONS)
    place = read_place(cursor)
    if place is not None and _ends(cursor):
        if last.places:
            return replace(last, places=(*last.places[:-1], place))
        if last.destination is not None:
            return replace(last, destination=replace(last.destination, place=place, thing=None))
        if preposition == "from" and last.objects:
            moved = tuple(replace(thing, at=place.places) for thing in last.objects)
            return replace(last, objects=moved)
        if last.frame == "bring" and preposition:
            return _put_instead(last, place)
    cursor.at = start
    return None


def _put_instead(last: Request, place: PlacePhrase) -> Request | None:
    if place.role == "person":
        return last
    return replace(last, frame="move", destination=Attachment(preposition="in", place=place))


def _with_thing(cursor: Cursor, last: Request) -> Request | None:
    start = cursor.at
    number = cursor.take("number") if cursor.length("number") == len(cursor.words) - cursor.at else None
    if number is not None and last.objects:
        counted = replace(last.objects[-1], count=number.number, quantity="count", is_definite=False)
        return replace(last, objects=(*last.objects[:-1], counted))
    thing = read_noun_phrase(cursor)
    if thing is None or thing.pronoun or not last.objects or not _ends(cursor):
        cursor.at = start
        return None
    return replace(last, objects=(*last.objects[:-1], _where_the_last_was(thing, last.objects[-1])))


def _where_the_last_was(thing: NounPhrase, before: NounPhrase) -> NounPhrase:
    return replace(thing, at=thing.at or before.at)


def _ends(cursor: Cursor) -> bool:
    return cursor.is_at_end or cursor.sees(*JOINERS) or bool(cursor.length("adjunct"))
