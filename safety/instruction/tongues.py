"""Room safety: harm asked for in other languages than English: a gloss of what matters, without grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from .event import Event, Part
from .grammar import load_grammar
from .lexicon import Lexicon, read_data
from .words import plain

SHORT = 3
"""Stems of at most this many letters must be the whole word."""
ROBOTS = re.compile("机器人|機器人|ロボット|로봇|робот")
CLAUSE_END = "[.,;:!?。、，；！？]"
BLANKLESS = frozenset({"zh", "ja"})


class _Tongue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    marks: tuple[str, ...]
    joins: tuple[str, ...]
    verbs: Mapping[str, tuple[str, ...]]
    nouns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Found:
    senses: tuple[str, ...]
    nouns: tuple[str, ...]


@lru_cache(maxsize=1)
def load_tongues() -> Mapping[str, _Tongue]:
    """Read `tongues.yaml` once."""
    return TypeAdapter(dict[str, _Tongue]).validate_python(read_data("tongues.yaml"))


def foreign_events(text: str, lexicon: Lexicon) -> Iterator[Event]:
    """Yield what a text in another language may ask for: every verb with every ordered pair of its things."""
    lowered = ROBOTS.sub(" ", plain(text).lower().replace("’", "'"))
    tokens = re.findall(r"[^\W\d_]+(?:[-'][^\W\d_]+)*", lowered)
    for code, tongue in load_tongues().items():
        if not _is_spoken(code, tongue, lowered, tokens):
            continue
        for clause in re.split("|".join((CLAUSE_END, *(rf"\b{word}\b" for word in tongue.joins))), lowered):
            found = _gloss(code, tongue, clause)
            yield from _events(found, lexicon)


def _is_spoken(code: str, tongue: _Tongue, text: str, tokens: Sequence[str]) -> bool:
    if not tongue.marks:
        return _SCRIPTS[code].search(text) is not None
    marks = sum(token in tongue.marks for token in tokens)
    english = sum(token in load_grammar().everyday and token not in tongue.marks for token in tokens)
    return marks > english or (not english and not text.isascii())


_SCRIPTS = {
    "ru": re.compile("[а-яё]{3}"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
}


def _gloss(code: str, tongue: _Tongue, clause: str) -> _Found:
    words = re.findall(r"[^\W\d_][\w\-']*", clause)
    return _Found(
        tuple(
            sense
            for sense, stems in tongue.verbs.items()
            if any(_is_in(s, clause, words, code) for s in stems)
        ),
        tuple(
            noun for noun, stems in tongue.nouns.items() if any(_is_in(s, clause, words, code) for s in stems)
        ),
    )


def _is_in(stem: str, clause: str, words: Sequence[str], code: str) -> bool:
    if code in BLANKLESS or " " in stem or code == "hi":
        return stem in clause
    if "+" in stem:
        return all(part in words for part in stem.split("+"))
    if code == "ko":
        return any(word.startswith(stem) for word in words)
    if len(stem) <= SHORT:
        return stem in words
    return any(word.startswith(stem) or word.endswith(stem) for word in words)


def _events(found: _Found, lexicon: Lexicon) -> Iterator[Event]:
    # a thing of which nothing is known stays unknown: only known harm counts here
    parts = [Part(name=noun, properties=lexicon.properties(noun)) for noun in found.nouns]
    for sense in found.senses:
        for one in parts:
            yield Event(kind=sense, parts={"object": one}, verb=sense)
            for other in parts:
                if other is one:
                    continue
                if sense in {"pour"}:
                    if "liquid" in one.properties:
                        yield Event(kind=sense, parts={"liquid": one, "target": other}, verb=sense)
                else:
                    yield Event(kind=sense, parts={"object": one, "target": other}, verb=sense)
