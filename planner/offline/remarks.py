"""Room planner: read what a person tells about themselves and the home: likes, needs, what was left.

Remarks are read leniently: words that mean nothing to us are skipped, for nothing is done because of them
alone. They say what "it" is, and which of several fitting things to prefer.
"""

from __future__ import annotations

from dataclasses import replace

from .cursor import Cursor
from .fixed_phrases import ASKS, PREDICATES, QUESTIONS, SUBJECTS
from .lexicon import Kinds
from .meaning import Context, NotUnderstood, NounPhrase
from .noun_phrases import read_noun_phrase
from .place_phrases import read_place
from .request_words import request_begins


def read_remark(cursor: Cursor, context: Context) -> Context | None:
    """Read one remark into a new context; None (and stay) when no remark comes next."""
    is_question = cursor.sees(*QUESTIONS)
    if cursor.peek() not in SUBJECTS and not is_question and not _states_something(cursor):
        return None
    start, end = cursor.at, _end_of_remark(cursor)
    words = cursor.words[start:end]
    if not is_question and not any(w in PREDICATES for w in words):
        return None
    remark = Cursor(words=words, lexicon=cursor.lexicon)
    cursor.at = end
    return _absorb(remark, context)


def _states_something(cursor: Cursor) -> bool:
    """Return whether a predicate follows within a few words: "dinner is over"."""
    words = cursor.words[cursor.at + 1 : cursor.at + 5]
    index = next((i for i, w in enumerate(words) if w in ("is", "was", "are", "were", "has", "have")), None)
    return index is not None and not {"that", "which", ","} & set(words[:index])


def _end_of_remark(cursor: Cursor) -> int:
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1)
    while not ahead.is_at_end:
        if ahead.peek() in (",", ":", "and", "so", "but", "then"):
            after = Cursor(words=ahead.words, lexicon=ahead.lexicon, at=ahead.at + 1)
            while after.accept("and", "so", "then", "but", "also", "now", "could", "i"):
                if request_begins(after):
                    break
            if request_begins(after):
                return ahead.at
            if ahead.peek() in (",", ":") and after.sees(*_CLAUSES):
                return ahead.at
        elif ahead.sees(*ASKS) and request_begins(ahead):
            return ahead.at
        ahead.at += 1
    return ahead.at


_CLAUSES = ("if", "before", "after")


def _absorb(remark: Cursor, context: Context) -> Context:
    liked = _says(remark, "liked") and not _says(remark, "disliked")
    disliked, opened = _says(remark, "disliked"), _says(remark, "opened")
    things, pronoun_kinds = _things_of(remark)
    kinds: Kinds = frozenset()
    for thing in things:
        kinds = kinds | thing.kinds if disliked or not liked else thing.kinds
    found = context
    if liked and things:
        is_comparison = bool({"than", "over"} & set(remark.words))
        favoured = things[0] if is_comparison else min(things, key=lambda t: len(t.kinds))
        found = replace(found, liked=found.liked | favoured.kinds)
    elif disliked and things:
        found = replace(found, disliked=found.disliked | kinds)
    elif things or pronoun_kinds:
        mentions = (*found.mentions, *things)
        if pronoun_kinds and not things:
            mentions = (*mentions, NounPhrase(words="it", kinds=pronoun_kinds, is_definite=True))
        found = replace(found, mentions=mentions, last_mentions=tuple(things))
    found = replace(found, places=found.places | _places_of(remark))
    if opened and things:
        found = replace(found, opened=found.opened | kinds)
    return replace(found, needs=(*found.needs, *_needs_of(remark)))


def _says(remark: Cursor, part: str) -> bool:
    return any(remark.lexicon.match(part, remark.words, i) for i in range(len(remark.words)))


def _places_of(remark: Cursor) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for index in range(len(remark.words)):
        match = remark.lexicon.match("place", remark.words, index)
        if match is not None and len(match[1].places) == 1:
            found |= {p for p in match[1].places if remark.lexicon.roles.get(p) != "person"}
    return found


def _needs_of(remark: Cursor) -> list[tuple[Kinds, tuple[Kinds, ...]]]:
    found: list[tuple[Kinds, tuple[Kinds, ...]]] = []
    for index in range(len(remark.words)):
        match = remark.lexicon.match("need", remark.words, index)
        if match is not None and remark.peek(index - 1 - remark.at) != "not":
            found.append((match[1].kinds, match[1].prefer))
    return found


def _things_of(remark: Cursor) -> tuple[list[NounPhrase], Kinds]:
    """Return the things that a remark names, and the kinds that its adjectives say of a pronoun."""
    things: list[NounPhrase] = []
    said_of_pronoun: Kinds = frozenset()
    has_pronoun = remark.peek() in ("it", "this", "that", "they", "these", "those")
    while not remark.is_at_end:
        start = remark.at
        thing = _thing_at(remark)
        if thing is None:
            remark.at = start
            sense = remark.take("adjective") if has_pronoun else None
            if sense is not None:
                said_of_pronoun = sense.kinds
            else:
                remark.at = start + 1
        else:
            things = [*(t if t.at else replace(t, at=thing.at) for t in things), thing]
    if has_pronoun and not things and not said_of_pronoun:
        said_of_pronoun = remark.lexicon.every_kind
    return things, said_of_pronoun


def _thing_at(remark: Cursor) -> NounPhrase | None:
    try:
        thing = read_noun_phrase(remark)
    except NotUnderstood:
        return None
    if thing is None or thing.pronoun or not (thing.kinds or thing.names):
        return None
    before = remark.at
    remark.accept(
        "is",
        "are",
        "lying",
        "left",
        "standing",
        "sitting",
        "that is",
        "right",
        "over",
        "were",
        "was",
        "all over",
    )
    if remark.accept("on", "in", "at", "inside", "on top of", "from", "of"):
        place = read_place(remark)
        if place is not None:
            return replace(thing, at=place.places)
    remark.at = before
    return thing
