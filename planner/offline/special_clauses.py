"""Room planner: read what is no plain request: "a coke, please", "do not ...", "use the sponge to ..."."""

from __future__ import annotations

from dataclasses import replace

from .clause_phrases import AFTER_WISH, AS_IT_IS, SPARING
from .conditions import read_kept_state, read_state
from .cursor import Cursor
from .fixed_phrases import JOINERS
from .frames import requests_from
from .meaning import Attachment, NotUnderstood, NounPhrase, PlacePhrase, Request
from .noun_phrases import read_noun_phrase
from .place_phrases import read_place
from .reading import Reading, append, read_request, rest_of_clause
from .request_words import read_arguments, request_begins


def read_tool(cursor: Cursor) -> bool:
    """Read "use the sponge to" before a verb; which tool serves is for the planner to say."""
    start = cursor.at
    if cursor.accept("use", "using", "with", "take"):
        cursor.accept("the", "a", "my", "that")
        if cursor.take("noun") and cursor.accept("to", "and", ",", "in order to"):
            verb = cursor.match("verb")
            if verb is not None and verb[1].frames[0] == "wipe":
                return True
    cursor.at = start
    return False


def read_prohibition(cursor: Cursor, reading: Reading) -> None:
    """Read "do not throw away the apple": what it names is left out of the other requests."""
    trial = Reading(context=reading.context)
    read_request(cursor, trial)
    context = reading.context
    barred = frozenset(kind for r in trial.requests for thing in r.objects for kind in thing.kinds)
    reading.context = replace(
        context,
        disliked=context.disliked | barred,
        forbidden=(*context.forbidden, *trial.requests),
        mentions=(*context.mentions, *(t for r in trial.requests for t in r.objects if not t.pronoun)),
    )


def read_sparing(cursor: Cursor, reading: Reading) -> bool:
    """Read "keep the coke", "do not touch the coke", "leave it alone": it stays as it is."""
    start = cursor.at
    things: list[NounPhrase] = []
    verb = cursor.accept(*SPARING)
    if verb:
        while (thing := read_noun_phrase(cursor)) is not None:
            things.append(_where_it_is(cursor, thing))
            if not cursor.accept(", and", "and", ", or", "or", "nor") or request_begins(cursor):
                break
    cursor.accept(*AS_IT_IS)
    if not things or not (cursor.is_at_end or cursor.sees(*JOINERS) or cursor.length("adjunct")):
        cursor.at = start
        return False
    request = Request(frame="touch", words=cursor.text(start), objects=tuple(things))
    context = reading.context
    named = tuple(t for t in things if not t.pronoun)
    if verb in ("leave", "keep") and any(t.at for t in things):  # it may not be there yet
        at = next(t.at for t in things if t.at)
        goal = Attachment(preposition="in", place=PlacePhrase(words="there", places=at))
        elsewhere = tuple(replace(t, at=frozenset()) for t in things)
        append(reading, (Request(frame="move", words=request.words, objects=elsewhere, destination=goal),))
    reading.context = replace(
        context, forbidden=(*context.forbidden, request), mentions=(*context.mentions, *named)
    )
    return True


def _where_it_is(cursor: Cursor, thing: NounPhrase) -> NounPhrase:
    before = cursor.at
    place = read_place(cursor) if cursor.accept("on", "in", "at") else None
    if place is None:
        cursor.at = before
        return thing
    return replace(thing, at=place.places)


def read_wish(cursor: Cursor, reading: Reading) -> bool:
    """Read "I want to [wake up]" after its first words: what would serve that is needed."""
    before = cursor.words[: cursor.at]
    sense = cursor.match("purpose")
    is_wish = "i" in before and "to" in before[before.index("i") :]
    if sense is None or not is_wish or before[-1] not in ("to", "and", "then", ","):
        return False
    start = cursor.at
    cursor.at += sense[0]
    thing = read_noun_phrase(cursor)
    if thing is not None and (thing.pronoun or thing.kinds & sense[1].kinds):
        wanted = replace(thing.narrowed(sense[1].kinds), prefer=(*thing.prefer, *sense[1].prefer))
        append(reading, (Request(frame="bring", words=cursor.text(start), objects=(wanted,)),))
        return True
    is_meal = sense[1].kinds <= cursor.lexicon.edible
    if is_meal and not cursor.sees(*AFTER_WISH) and (thing is not None or not cursor.is_at_end):
        cursor.at = start + sense[0]
        raise NotUnderstood(
            f"I know of nothing that is {rest_of_clause(cursor, cursor.at)!r} to {cursor.text(start)}"
        )
    while not cursor.is_at_end and not cursor.sees(",", "and", "so", "then"):
        cursor.at += 1
    needs = (*reading.context.needs, (sense[1].kinds, sense[1].prefer))
    reading.context = replace(reading.context, needs=needs)
    return True


def read_ensured_state(cursor: Cursor, reading: Reading) -> bool:
    """Read "make sure that the stove is off": it asks for the state."""
    start = cursor.at
    verbs = (
        "make sure that",
        "make sure",
        "ensure that",
        "ensure",
        "check that",
        "see to it that",
        "verify that",
    )
    condition = read_state(cursor) if cursor.accept(*verbs) else read_kept_state(cursor)
    frame = _STATE_FRAMES.get((condition.state, condition.is_negated), "") if condition is not None else ""
    if condition is None or not frame:
        cursor.at = start
        return False
    places = (condition.place,) if condition.place is not None else ()
    append(reading, (Request(frame=frame, words=cursor.text(start), places=places),))
    return True


_STATE_FRAMES = {
    ("open", False): "open",
    ("open", True): "close",
    ("closed", False): "close",
    ("closed", True): "open",
    ("on", False): "turn_on",
    ("on", True): "turn_off",
    ("off", False): "turn_off",
    ("off", True): "turn_on",
}
"""(state, whether it is negated) -> what brings it about."""


def read_bare_order(cursor: Cursor, reading: Reading) -> bool:
    """Read "a coke and an apple, please": things alone are an order."""
    start = cursor.at
    if cursor.sees("what", "whatever", "which", "where", "who", "how", "why", "when"):
        return False  # a question, no order
    arguments = read_arguments(cursor, verb="", takes_places=False)
    while cursor.length("adjunct") or cursor.length("wrapper"):
        cursor.take("adjunct") or cursor.take("wrapper")
    pronouns = any(thing.pronoun for thing, _ in arguments.things)
    if not arguments.things or pronouns or arguments.loose or not cursor.is_at_end:
        cursor.at = start
        return False
    append(reading, requests_from(("bring",), arguments, cursor.text(start)))
    return True
