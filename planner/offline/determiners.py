"""Room planner: read how a noun phrase begins: pronouns, articles, numbers, "all of the", "two different"."""

from __future__ import annotations

from dataclasses import dataclass, field

from grounding.references import Superlative

from .cursor import Cursor
from .fixed_phrases import AFTER_PRONOUN, DETERMINERS, ENDING_PRONOUNS, NEW_ONES, ORDINALS, PRONOUNS
from .lexicon import Kinds
from .meaning import NounPhrase, Quantity


@dataclass
class Draft:
    """What was gathered of a noun phrase so far."""

    start: int
    sets: list[tuple[str, Kinds]] = field(default_factory=list)
    """Words, and the kinds that they fit."""
    barred: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    prefer: list[Kinds] = field(default_factory=list)
    quantity: Quantity = "count"
    count: int = 0
    is_definite: bool = False
    is_distinct: bool = False
    is_plural: bool = False
    is_new: bool = False
    is_part: bool = False
    """Whether it says how many of a known set: "one of the two apples"."""
    is_liked: bool = False
    is_edible: bool = False
    """Whether a quality was said of it that only food and drinks have or lack."""
    is_ranked: bool = False
    rank: int = 1
    near: Kinds | None = None
    """Kinds that fit most of the words, for want of what fits all."""
    has_head: bool = False
    """Whether a noun, or a word used as one, was read."""
    at: frozenset[str] = frozenset()
    superlative: Superlative | None = None


def read_pronoun(cursor: Cursor) -> NounPhrase | None:
    """Read "it", "them all", "another one", or return None and stay where we were."""
    start = cursor.at
    word = cursor.accept(*PRONOUNS)
    ends = cursor.is_at_end or cursor.peek() in AFTER_PRONOUN
    if word.startswith("the ") and word.split()[1] in (*ORDINALS, "last", "other") and cursor.sees("from"):
        ends = False
    if word in ENDING_PRONOUNS and not ends:
        word = ""
    if not word:
        cursor.at = start
        after = cursor.peek(1)
        alone = cursor.at + 1 >= len(cursor.words) or after in AFTER_PRONOUN
        counted = cursor.peek() in ("one", "another") and after in ("of", "with", "for")
        if (
            cursor.peek() in ("that", "this", "those", "these", "one", "another", "some")
            and alone
            and not counted
        ):
            word = cursor.peek()
            cursor.at += 1
    if not word:
        return None
    many = word in ("they", "those", "these", "each", "all", "the ones") or "them" in word or "of th" in word
    return NounPhrase(
        words=cursor.text(start),
        pronoun="many" if many else "one",
        is_definite=True,
        is_new=any(new in word for new in NEW_ONES)
        or word in ("some", "the third", "the fourth", "the other"),
        quantity="all" if many else "count",
    )


def read_determiners(cursor: Cursor, draft: Draft) -> None:
    """Read articles, numbers and the like up to the first adjective or noun."""
    while True:
        if cursor.peek() == "one" and cursor.peek(1) != "of" and cursor.length("noun") > 1:
            return
        if cursor.length("noun") > max(1, cursor.length("number")):
            return
        if cursor.accept("the rest", "the others", "the remainder", "the remaining ones", "the other ones"):
            draft.quantity, draft.is_new, draft.has_head = "rest", True, True
            draft.sets.append(("rest", cursor.lexicon.every_kind))
            cursor.accept("of the", "of")
            continue
        word = cursor.accept(*DETERMINERS)
        if word:
            _apply(word, draft)
            continue
        if draft.is_definite and cursor.peek() in ORDINALS and not cursor.length("place"):
            draft.rank, draft.is_ranked = ORDINALS[cursor.peek()], True
            cursor.at += 1
            continue
        before = cursor.at
        cursor.accept("exactly", "at least", "only", "about", "around", "up to", "just", "at most")
        number = _read_number(cursor)
        if not number:
            cursor.at = before
            return
        draft.count = draft.count if draft.is_part else number  # "one of the two"
        draft.is_part = draft.is_part or "of" in cursor.words[before : cursor.at]


def _read_number(cursor: Cursor) -> int:
    word = cursor.peek()
    if word.isdigit() and len(word) <= 2:
        cursor.at += 1
        cursor.accept("of the", "of my", "of")
        return int(word)
    if word == "one" and cursor.peek(1) in ("", ",", "that", "which", "from", "with", "on", "in"):
        return 0
    sense = cursor.take("number")
    if sense is None:
        return 0
    cursor.accept("of the", "of my", "of")
    return sense.number


def _apply(word: str, draft: Draft) -> None:
    first = word.split()[0]
    if "rest" in word or word in ("the remaining", "the other", "other"):
        draft.quantity, draft.is_new = "rest", True
    elif first in ("all", "every", "each", "both"):
        draft.quantity = "all"
        draft.count = 2 if first == "both" else draft.count
    elif first == "half":
        draft.quantity = "half"
    elif first in ("one", "any", "either", "some") and " of " in word:
        draft.is_part, draft.count = True, 2 if first == "some" else 1
    elif word in ("another", "an other", "one more", "a replacement", "a new", "more"):
        draft.is_new = True
    elif "different" in word:
        draft.is_distinct = True
        draft.count = 2 if word.startswith("two") else draft.count
        draft.is_new = word == "a different"
    elif word == "the two":
        draft.count, draft.is_definite = 2, True
    elif first in ("the", "this", "that", "these", "those", "my", "your", "our", "his", "her", "their"):
        draft.is_definite = True
        draft.is_plural = draft.is_plural or word in ("these", "those")
