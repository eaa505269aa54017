"""Room planner: read conditions: "if there is a coke on the table", "if the fridge is open"."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from .cursor import Cursor
from .fixed_phrases import THERE_IS, THERE_IS_NOT
from .meaning import Condition, NounPhrase
from .noun_phrases import read_noun_phrase
from .place_phrases import read_place

_STATES: tuple[tuple[str, Literal["open", "closed", "on", "off", "empty"]], ...] = (
    ("open", "open"),
    ("opened", "open"),
    ("closed", "closed"),
    ("shut", "closed"),
    ("on", "on"),
    ("off", "off"),
    ("running", "on"),
    ("empty", "empty"),
)


def read_condition(cursor: Cursor) -> Condition | None:
    """Read a condition up to its comma, or return None and stay where we were."""
    start = cursor.at
    word = cursor.accept("if", "in case", "when", "unless", "only if", "provided")
    if not word:
        return None
    condition = _read_existence(cursor) or read_state(cursor)
    if condition is None:
        cursor.at = start
        return None
    cursor.accept(", then", ",", "then")
    return replace(condition, is_negated=not condition.is_negated) if word == "unless" else condition


def _read_existence(cursor: Cursor) -> Condition | None:
    before = cursor.at
    negated = False
    if cursor.accept(*THERE_IS_NOT):
        negated = True
    elif not cursor.accept(*THERE_IS):
        return None
    thing = read_noun_phrase(cursor)
    if thing is None:
        cursor.at = before
        return None
    return Condition(thing=_located(cursor, thing), is_negated=negated)


def _located(cursor: Cursor, thing: NounPhrase) -> NounPhrase:
    before = cursor.at
    if cursor.accept("left on", "left in", "on", "in", "at", "inside", "inside of", "on top of"):
        place = read_place(cursor)
        if place is not None:
            return replace(thing, at=place.places)
    cursor.at = before
    cursor.accept("left", "around", "available", "somewhere", "here")
    return thing


def read_kept_state(cursor: Cursor) -> Condition | None:
    """Read "leave the fridge open" and "keep it closed"; None (and stay) when that does not follow."""
    before = cursor.at
    if cursor.accept("leave", "keep"):
        place = None if cursor.accept("it", "them") else read_place(cursor)
        if place is not None or cursor.at == before + 2:
            for word, state in _STATES:
                if state != "empty" and cursor.accept(word):
                    return Condition(place=place, state=state)
    cursor.at = before
    return None


def read_state(cursor: Cursor) -> Condition | None:
    """Read "the fridge is (not) open" and "the coke is (not) on the table"."""
    before = cursor.at
    place = read_place(cursor)
    thing = read_noun_phrase(cursor) if place is None else None
    negated = bool(cursor.accept("is not", "are not"))
    if (place is None and thing is None) or not (
        negated or cursor.accept("is", "are", "is still", "is already")
    ):
        cursor.at = before
        return None
    if thing is not None:
        located = _located(cursor, thing)
        return Condition(thing=located, is_negated=negated) if located.at else None
    cursor.accept("turned", "switched", "still", "left", "really", "all")
    for word, state in _STATES:
        if cursor.accept(word):
            return Condition(place=place, state=state, is_negated=negated)
    cursor.at = before
    return None
