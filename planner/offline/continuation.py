"""Room planner: read requests that leave the verb out: "... and an apple to the sink", "cans to the bin"."""

from __future__ import annotations

from dataclasses import replace

from .cursor import Cursor
from .fixed_phrases import JOINERS
from .frames import requests_from
from .meaning import NounPhrase, PlacePhrase, Request
from .place_phrases import read_place
from .request_words import Arguments, read_arguments

_MOVING = ("clear", "unload", "move", "put_away")
_SAME_AGAIN = ("bring", "trash", "hold", "find")
_LINKS = (
    "go",
    "goes",
    "should go",
    "belong",
    "belongs",
    "go back",
    "goes back",
    "can go",
    "are going",
    "must go",
    "shall go",
)


def continued(cursor: Cursor, last: Request) -> tuple[Request, ...]:
    """Return the requests that continue the last one; empty (and stay) when nothing of the kind follows."""
    start = cursor.at
    if last.frame in ("go", "visit") and (place := _next_place(cursor)) is not None:
        return (Request(frame=last.frame, words=cursor.text(start), places=(place,)),)
    arguments = _arguments(cursor)
    if last.frame in ("go", "visit") and arguments.loose and not arguments.things:
        return requests_from((last.frame,), arguments, cursor.text(start))
    has_destination = any(attached for _, attached in arguments.things)
    frame = ""
    if last.frame in _MOVING and has_destination:
        frame = "move"
    elif last.frame in _SAME_AGAIN and not has_destination:
        frame = last.frame
    if not frame or not arguments.things or arguments.loose:
        cursor.at = start
        return ()
    requests = requests_from((frame,), arguments, cursor.text(start))
    if last.frame == "clear":
        return requests
    at = _source(last)
    return (
        tuple(replace(r, objects=tuple(_from(o, at) for o in r.objects)) for r in requests)
        if at
        else requests
    )


def _next_place(cursor: Cursor) -> PlacePhrase | None:
    """Read "the table" after "go to the sink, then"; None (and stay) when more than a place follows."""
    start = cursor.at
    cursor.accept("at", "by", "to")
    place = read_place(cursor)
    if place is None or not (cursor.is_at_end or cursor.sees(*JOINERS) or cursor.length("adjunct")):
        cursor.at = start
        return None
    return place


def _arguments(cursor: Cursor) -> Arguments:
    """Read things with their places; "go" and "belongs" may stand between them."""
    found = read_arguments(cursor, verb="", takes_places=False)
    while found.things and cursor.accept(*_LINKS):
        more = read_arguments(cursor, verb="", takes_places=False)
        found.things[-1][1].extend(more.loose)
        if more.things and more.loose == []:
            break
        found.things += more.things
    return found


def within_heading(request: Request, heading: Request) -> Request:
    """Return a request of a list under a heading like "clear the table:" with its things looked for there."""
    at = _source(heading)
    is_list = request.frame in ("move", "trash", "bring", "put_away")
    if not at or not is_list:
        return request
    plural = (replace(o, count=1) if o.count == 0 else o for o in request.objects)
    if request.frame == "move":
        return replace(request, objects=tuple(_from(o, at) for o in plural))
    return replace(
        request, objects=tuple(_from(o, at) if o.quantity != "count" else o for o in request.objects)
    )


def _source(last: Request) -> frozenset[str]:
    """Return where the things of a list come from: what is cleared, or where all of the last ones were."""
    if last.frame == "clear":
        return frozenset().union(*(place.places for place in last.places))
    if last.objects and last.objects[0].at and last.objects[0].quantity == "all":
        return last.objects[0].at
    if last.frame in ("put_away", "unload") and last.objects:
        return last.objects[0].at
    return frozenset()


def _from(thing: NounPhrase, at: frozenset[str]) -> NounPhrase:
    if thing.at or thing.pronoun:
        return thing
    is_counted = thing.count > 1 or thing.words.startswith(("one ", "any ", "either ", "some "))
    if is_counted or thing.quantity in ("rest", "half"):
        return replace(thing, at=at)
    return replace(thing, at=at, quantity="all")
