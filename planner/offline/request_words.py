"""Room planner: what may follow a verb: things, places, directions; and where a request begins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .clause_phrases import DURATIONS, ROOMS
from .cursor import Cursor
from .fixed_phrases import (
    DIRECTIONS,
    EXCEPTIONS,
    PREPOSITIONS,
    PUSHING,
    REASONS,
    RECIPIENTS,
    SAME_PREPOSITION,
)
from .meaning import Attachment, NounPhrase, PlacePhrase
from .noun_phrases import read_late_modifier, read_noun_phrase
from .place_phrases import read_place


@dataclass
class Arguments:
    """What was read after a verb."""

    things: list[tuple[NounPhrase, list[Attachment]]] = field(default_factory=list)
    places: list[PlacePhrase] = field(default_factory=list)
    loose: list[Attachment] = field(default_factory=list)
    """Attachments that came before any thing: `go [to the table]`, `put [in the fridge] the milk`."""
    has_recipient: bool = False
    direction: str = ""
    frame: str = ""
    """Frame that a particle chose: "put the apple [away]"."""


def verb_begins(cursor: Cursor) -> bool:
    """Return whether a verb comes next that is not better read as a noun ("water bottle", "drink")."""
    length = cursor.length("verb")
    if length == 0:
        return False
    noun, after = cursor.length("noun"), cursor.peek(length)
    if cursor.length("place") > length:
        return False
    if noun >= length and not (
        after in ("the", "a", "an", "it", "them", "me", "all", "my") or noun == length == 0
    ):
        return False
    word = cursor.peek()
    return not word.endswith("ed") or word in ("need", "feed")


def request_begins(cursor: Cursor) -> bool:
    """Return whether a request (with or without polite words) comes next."""
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at)
    while ahead.length("wrapper") > 0 and ahead.length("wrapper") >= ahead.length("verb"):
        ahead.take("wrapper")
        ahead.accept(",")
    return verb_begins(ahead)


def read_arguments(cursor: Cursor, *, verb: str, takes_places: bool) -> Arguments:
    """Read everything that belongs to the verb whose first word is `verb`."""
    found = Arguments()
    while not cursor.is_at_end:
        if not _read_argument(cursor, found, verb, takes_places):
            break
    return found


def _read_argument(cursor: Cursor, found: Arguments, verb: str, takes_places: bool) -> bool:
    nothing_yet = not found.things and not found.places
    if nothing_yet and not takes_places and not found.has_recipient and _read_recipient(cursor):
        found.has_recipient = True
        return True
    if _read_particle(cursor, found, verb):
        return True
    if takes_places and nothing_yet and cursor.accept(*ROOMS):
        return True
    if cursor.length("adjunct"):
        cursor.take("adjunct")
        return True
    if (
        _read_direction(cursor, found, verb)
        or _read_attachment(cursor, found)
        or _read_exception(cursor, found)
    ):
        return True
    if nothing_yet:
        return _read_item(cursor, found, takes_places)
    if found.things and (modified := read_late_modifier(cursor, found.things[-1][0])) is not None:
        found.things[-1] = (modified, found.things[-1][1])
        return True
    return _read_next_in_list(cursor, found, takes_places) or _skip_reason(cursor)


def _read_recipient(cursor: Cursor) -> bool:
    """Read "me", "the person", "my mom" before the thing that they are to get."""
    if cursor.accept(*RECIPIENTS):
        return True
    before = cursor.at
    place = read_place(cursor) if cursor.accept("my", "our", "the") else None
    if place is None or place.role != "person" or cursor.sees("on", "in", "from", "to"):
        cursor.at = before
        return False
    return True


def _read_item(cursor: Cursor, found: Arguments, takes_places: bool) -> bool:
    if takes_places or cursor.length("place") > cursor.length("noun"):
        place = read_place(cursor)
        if place is not None:
            cursor.accept("door", "doors", "drawer", "drawers", "surface", "clean", "area", "too")
            found.places.append(place)
            return True
    thing = read_noun_phrase(cursor)
    if thing is not None:
        found.things.append((thing, []))
        return True
    place = read_place(cursor) if not found.things else None
    if place is not None:
        found.places.append(place)
    return place is not None


def _read_next_in_list(cursor: Cursor, found: Arguments, takes_places: bool) -> bool:
    before = cursor.at
    if not cursor.accept(
        ", and",
        ", or",
        ",",
        "and then",
        "and also",
        "and",
        "or",
        "as well as",
        "plus",
        ", plus",
        ", as well as",
    ):
        return False
    cursor.accept("also", "finally", "one", "lastly") if cursor.peek(1) in ("a", "an", "the") else ""
    joined_by_or = "or" in cursor.text(before)
    if not verb_begins(cursor) and not cursor.length("wrapper") and not cursor.sees("it", "then", "them"):
        size = len(found.things)
        if _read_item(cursor, found, takes_places):
            if joined_by_or and len(found.things) == size + 1 and size:
                _unite_last_two(found)
            return True
    cursor.at = before
    return False


def _unite_last_two(found: Arguments) -> None:
    (first, where), (second, more) = found.things[-2:]
    united = first.__class__(
        words=f"{first.words} or {second.words}", kinds=first.kinds | second.kinds, at=first.at | second.at,
        prefer=first.prefer, count=first.count, quantity=first.quantity,
    )  # fmt: skip
    found.things[-2:] = [(united, [*where, *more])]


def _read_attachment(cursor: Cursor, found: Arguments) -> bool:
    before = cursor.at
    words = cursor.accept(*PREPOSITIONS)
    if not words:
        return False
    preposition = SAME_PREPOSITION.get(words, words)
    place = read_place(cursor)
    while place is not None and cursor.accept(
        "of the room", "of the kitchen", "door", "surface", "too", "either"
    ):
        pass
    thing = read_noun_phrase(cursor) if place is None else None
    if place is None and thing is None:
        cursor.at = before
        return False
    attachment = Attachment(preposition=preposition, place=place, thing=thing)
    (found.things[-1][1] if found.things else found.loose).append(attachment)
    return True


def _read_exception(cursor: Cursor, found: Arguments) -> bool:
    """Read "except the apple and the tea" after all the things and their places."""
    before = cursor.at
    cursor.accept(",")
    if not found.things or not cursor.accept(*EXCEPTIONS):
        cursor.at = before
        return False
    barred: frozenset[str] = frozenset()
    while (thing := read_noun_phrase(cursor)) is not None and not thing.pronoun:
        barred |= thing.kinds
        ahead = cursor.at
        if not cursor.accept("and", "or", ", and", ",") or verb_begins(cursor):
            cursor.at = ahead
            break
    if not barred:
        cursor.at = before
        return False
    found.things = [(replace(thing, kinds=thing.kinds - barred), where) for thing, where in found.things]
    return True


def _read_particle(cursor: Cursor, found: Arguments, verb: str) -> bool:
    particles = cursor.lexicon.split_verbs.get(verb, {})
    word = cursor.peek()
    if word == "out" and cursor.peek(1) == "of":
        return False
    if word in particles and not _place_follows(cursor):
        found.frame = particles[word]
        cursor.at += 1
        return True
    if (found.things or found.loose) and cursor.accept("over here", "right here", "here"):
        found.has_recipient = True
        return True
    if found.things and verb not in PUSHING and cursor.accept("over there", "there"):
        there = PlacePhrase(words="there", places=frozenset())
        found.things[-1][1].append(Attachment(preposition="in", place=there))
        return True
    if found.things and _ends_with_in(cursor):
        there = PlacePhrase(words="there", places=frozenset())
        found.things[-1][1].append(Attachment(preposition="in", place=there))
        return True
    if word in ("back", "up", "down", "over") and (found.things or found.places or found.has_recipient):
        if verb in PUSHING:
            return False
        cursor.at += 1
        return True
    return False


def _ends_with_in(cursor: Cursor) -> bool:
    """Read "in" or "inside" at the end of a clause: the place was named before."""
    before = cursor.at
    if cursor.accept("in there", "inside of it", "inside", "in") and (
        cursor.is_at_end or cursor.sees(",", "and", "then", "before")
    ):
        return True
    cursor.at = before
    return False


def _place_follows(cursor: Cursor) -> bool:
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at)
    if ahead.accept("back", "down", "away", "on", "off", "up", "out") and ahead.accept(
        "to", "on", "in", "into", "onto"
    ):
        return read_place(ahead) is not None or read_noun_phrase(ahead) is not None
    ahead.at = cursor.at
    return bool(ahead.accept("on", "off")) and (read_place(ahead) is not None)


def _read_direction(cursor: Cursor, found: Arguments, verb: str) -> bool:
    if verb not in (*PUSHING, "move", "shift"):
        return False
    for name, phrases in DIRECTIONS:
        before = cursor.at
        if cursor.accept(*phrases):
            if cursor.peek() in ("of", "counter", "drawer"):
                cursor.at = before
                return False
            found.direction = name
            cursor.accept("a bit", "a little", "slightly", "a little bit", "side", "on the table")
            return True
    return bool(cursor.accept("a bit", "a little", "slightly", "a little bit"))


def _skip_reason(cursor: Cursor) -> bool:
    """Skip "because ...", "since ...", "so that ...", "for the party": reasons up to the next request."""
    before = cursor.at
    if not cursor.accept(*REASONS):
        return False
    ahead = cursor.at + max(1, cursor.length("number"))
    if cursor.words[ahead : ahead + 1] and cursor.words[ahead] in DURATIONS:
        cursor.at = before  # "for five minutes" is no reason
        return False
    while (
        not cursor.is_at_end
        and not cursor.sees(",", ":", "then")
        and not (
            cursor.peek() == "and"
            and request_begins(Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1))
        )
    ):
        cursor.at += 1
    return True
