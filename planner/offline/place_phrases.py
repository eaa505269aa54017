"""Room planner: read places: "the far counter", "the table or the counter", "both drawers"."""

from __future__ import annotations

from .cursor import Cursor
from .fixed_phrases import ALL_PLACES, PLACE_DETERMINERS
from .meaning import PlacePhrase


def read_place(cursor: Cursor) -> PlacePhrase | None:
    """Read one place, or alternatives joined by "or"; None (and stay) if there is none."""
    start = cursor.at
    is_all = False
    while not cursor.length("place") and (word := cursor.accept(*PLACE_DETERMINERS)):
        is_all = is_all or word in ALL_PLACES
    found = cursor.take("place")
    if found is None:
        cursor.at = start
        return None
    places = found.places
    while cursor.peek() == "or":
        before = cursor.at
        cursor.at += 1
        more = read_place(cursor)
        if more is None:
            cursor.at = before
            break
        places |= more.places
    roles = {cursor.lexicon.roles.get(place, "") for place in places}
    return PlacePhrase(
        words=cursor.text(start),
        places=places,
        is_all=is_all or found.is_plural,
        role=roles.pop() if len(roles) == 1 else "",
    )
