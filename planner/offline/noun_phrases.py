"""Room planner: read noun phrases: "two different sodas", "something salty that is not chips"."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .cursor import Cursor
from .lexicon import Kinds
from .meaning import NotUnderstood, NounPhrase, PlacePhrase, Quantity

_CONTAINERS = {"can", "bottle", "bag", "box", "bar", "carton", "cup", "glass", "packet", "pack", "piece"}
_MEASURES = (
    "packet",
    "pack",
    "piece",
    "slice",
    "container",
    "unit",
    "kind",
    "type",
    "sort",
    "loaf",
    "jar",
    "tub",
)
_NEW = ("one", "another", "replacement", "substitute")
_VAGUE = ("something", "anything", "whatever", "everything")


@dataclass
class _Draft:
    """What was gathered of a phrase so far."""

    start: int
    sets: list[tuple[str, Kinds]] = field(default_factory=list)
    barred: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    prefer: list[Kinds] = field(default_factory=list)
    quantity: Quantity = "count"
    count: int = 0
    is_definite: bool = False
    is_distinct: bool = False
    is_plural: bool = False
    is_new: bool = False
    has_head: bool = False
    at: frozenset[str] = frozenset()


def read_noun_phrase(cursor: Cursor) -> NounPhrase | None:
    """Read one noun phrase, or return None and stay where we were.

    Raises:
        NotUnderstood: If its words contradict each other ("a blue apple").
    """
    start = cursor.at
    pronoun = _read_pronoun(cursor)
    if pronoun is not None:
        return pronoun
    draft = _Draft(start)
    _read_determiners(cursor, draft)
    _read_words(cursor, draft)
    if not draft.has_head and draft.sets and _ends_like_a_phrase(cursor):
        draft.has_head = True  # an adjective used as a noun: "the salty one", "something salty"
    if not draft.has_head and (draft.quantity == "all" or draft.is_distinct) and cursor.sees("of the"):
        draft.has_head = True
    if not draft.has_head:
        cursor.at = start
        return None
    _read_modifiers(cursor, draft)
    return _finish(cursor, draft)


def read_place(cursor: Cursor) -> PlacePhrase | None:
    """Read a place such as "the far counter" or "the table or the counter"; None if there is none."""
    start = cursor.at
    is_all = False
    while word := cursor.accept(
        "all of",
        "all",
        "both",
        "each",
        "every",
        "the",
        "a",
        "an",
        "my",
        "any",
        "that",
        "this",
        "your",
        "one of",
        "some",
        "these",
        "two",
        "three",
        "of",
        "its",
        "inside",
        "our",
        "either",
        "front of",
        "empty",
        "nearby",
        "open",
        "closed",
    ):
        is_all = is_all or word in ("all of", "all", "both", "each", "every", "two", "three")
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
    return PlacePhrase(words=cursor.text(start), places=places, is_all=is_all or found.is_plural)


def _read_pronoun(cursor: Cursor) -> NounPhrase | None:
    start = cursor.at
    word = cursor.accept(
        "both of them",
        "all of them",
        "each of them",
        "every one of them",
        "them all",
        "them both",
        "all of it",
        "all of these",
        "all of those",
        "them",
        "it",
        "they",
        "the same thing",
        "itself",
        "a replacement",
        "replacement",
        "a new one",
        "another one",
        "a fresh one",
        "one more",
        "a different one",
        "a second one",
        "the other one",
        "a substitute",
        "each",
        "all",
    )
    if word in ("each", "all", "one more") and not (
        cursor.is_at_end or cursor.sees(",", "and", "to", "in", "on", "into")
    ):
        cursor.at = start
        word = ""
    if not word and cursor.peek() in ("that", "this", "those", "these", "one", "another"):
        ends = cursor.at + 1 >= len(cursor.words)
        after = cursor.peek(1)
        follows = after in (
            ",",
            ":",
            "to",
            "on",
            "in",
            "into",
            "onto",
            "away",
            "back",
            "from",
            "and",
            "then",
            "over",
            "for",
            "out",
            "down",
            "up",
            "off",
            "at",
            "next",
            "there",
            "please",
            "inside",
            "with",
        )
        if ends or follows and not (cursor.peek() in ("one", "another") and after in ("of", "with", "for")):
            word = cursor.peek()
            cursor.at += 1
    if not word:
        return None
    many = word in ("they", "those", "these", "each", "all") or "them" in word or word.startswith("all of th")
    return NounPhrase(
        words=cursor.text(start),
        pronoun="many" if many else "one",
        is_definite=True,
        is_new=any(w in word for w in _NEW),
        quantity="all" if many else "count",
    )


def _read_determiners(cursor: Cursor, draft: _Draft) -> None:
    while True:
        if cursor.peek() == "one" and cursor.peek(1) != "of" and cursor.length("noun") > 1:
            return
        if cursor.length("noun") > max(1, cursor.length("number")):
            return
        word = cursor.accept("the rest of the", "the rest of", "the remaining", "the other", "other", "all of the",
                             "all the", "all of", "all", "every single", "every", "each", "both of the", "both",
                             "any of the", "some of the", "any", "some", "the", "an", "a", "this", "that", "these",
                             "those", "my", "your", "our", "another", "a different", "different", "more", "an other",
                             "the two", "kind of", "kinds of", "lots of", "his", "her", "their", "one more",
                             "a replacement", "a new", "two different", "one of the", "one of these", "either")  # fmt: skip
        if not word:
            number = _read_number(cursor)
            if not number:
                return
            draft.count = number
            continue
        _apply_determiner(word, draft)


def _read_number(cursor: Cursor) -> int:
    if cursor.peek().isdigit() and len(cursor.peek()) <= 2:
        cursor.at += 1
        cursor.accept("of the", "of")
        return int(cursor.peek(-1) if cursor.peek(-1).isdigit() else cursor.words[cursor.at - 2]) or 1
    if cursor.peek() == "one" and cursor.peek(1) in ("", ",", "that", "which", "from", "with", "on", "in"):
        return 0
    sense = cursor.take("number")
    if sense is not None:
        cursor.accept("of the", "of my", "of")
        return sense.number
    return 0


def _apply_determiner(word: str, draft: _Draft) -> None:
    first = word.split()[0]
    if "rest" in word or word in ("the remaining", "the other", "other"):
        draft.quantity, draft.is_new = "rest", True
    elif first in ("all", "every", "each", "both"):
        draft.quantity = "all"
        draft.count = 2 if first == "both" else draft.count
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


def _read_words(cursor: Cursor, draft: _Draft) -> None:
    """Read adjectives, colours and nouns up to the end of the noun."""
    while not cursor.is_at_end:
        if cursor.peek() in _VAGUE and not draft.has_head:
            draft.quantity = "all" if cursor.peek() == "everything" else draft.quantity
            draft.sets.append(("*", cursor.lexicon.every_kind))
            draft.has_head = True
            cursor.at += 1
            cursor.accept("else")
            continue
        if _read_negated_adjective(cursor, draft) or _read_measure(cursor, draft):
            continue
        if not _read_one_word(cursor, draft):
            return


def _read_one_word(cursor: Cursor, draft: _Draft) -> bool:
    if cursor.sees("one", "ones") and draft.sets or cursor.sees("ones"):
        draft.is_plural = cursor.peek() == "ones"
        draft.has_head = True
        cursor.at += 1
        return True
    lengths = {part: cursor.length(part) for part in ("noun", "adjective", "colour", "plain")}
    part = max(lengths, key=lambda p: (lengths[p], p == "noun"))
    if lengths[part] == 0:
        return _skip_unknown_adjective(cursor, draft)
    if draft.has_head and (
        cursor.length("verb") >= lengths[part] or cursor.peek() in ("light", "clean", "one")
    ):
        return False
    words = cursor.text(cursor.at, cursor.at + lengths[part])
    sense = cursor.take(part)
    assert sense is not None
    if part != "plain":
        draft.sets.append((words, sense.kinds))
        draft.is_plural = draft.is_plural or sense.is_plural
    draft.has_head = draft.has_head or part == "noun"
    if part == "noun" and cursor.peek() == "of" and cursor.peek(1) not in ("my", "your", "mine"):
        cursor.at += 1
        cursor.accept("the", "a", "some")
    return True


def _skip_unknown_adjective(cursor: Cursor, draft: _Draft) -> bool:
    """Skip a word that looks like an adjective and stands before a known noun; it restricts nothing we know."""
    word = cursor.peek()
    known = word in cursor.lexicon.words
    ending = word.endswith(("y", "ed", "ful", "ous", "ish", "able", "less", "est", "ive", "al", "looking"))
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1)
    if known or not ending or draft.has_head or not ahead.length("noun"):
        return False
    cursor.at += 1
    return True


def _read_measure(cursor: Cursor, draft: _Draft) -> bool:
    for measure in _MEASURES:
        for form in (measure, measure + "s"):
            if cursor.accept(f"{form} of"):
                draft.is_plural = draft.is_plural or form.endswith("s")
                cursor.accept("the", "a", "some")
                return True
    return False


def _read_negated_adjective(cursor: Cursor, draft: _Draft) -> bool:
    before = cursor.at
    if cursor.accept("non", "not"):
        cursor.accept("too", "very", "so")
        sense = cursor.take("adjective")
        if sense is not None:
            draft.barred |= sense.kinds
            draft.sets.append(("*", cursor.lexicon.every_kind))
            return True
    elif (found := cursor.match("adjective")) and cursor.peek(found[0]) == "free":
        cursor.at += found[0] + 1
        draft.barred |= found[1].kinds
        draft.sets.append(("*", cursor.lexicon.every_kind))
        return True
    cursor.at = before
    return False


def _ends_like_a_phrase(cursor: Cursor) -> bool:
    return cursor.is_at_end or cursor.peek() in (
        ",",
        ":",
        "and",
        "or",
        "to",
        "on",
        "in",
        "from",
        "for",
        "that",
        "then",
        "with",
        "at",
        "please",
        "into",
        "which",
        "away",
        "but",
        "out",
        "was",
    )


def _read_modifiers(cursor: Cursor, draft: _Draft) -> None:
    from .noun_modifiers import read_modifier

    while read_modifier(cursor, draft):
        pass


def _finish(cursor: Cursor, draft: _Draft) -> NounPhrase:
    words = cursor.text(draft.start)
    kinds = _common_kinds(draft, words, cursor.lexicon.every_kind) - draft.barred
    if not kinds and not draft.names:
        raise NotUnderstood(f"I know of nothing that is {words!r}")
    quantity = draft.quantity
    if quantity == "count" and draft.count == 0 and draft.is_plural and draft.is_definite:
        quantity = "all"
    count = draft.count or (2 if draft.is_distinct and draft.is_plural else 1)
    phrase = NounPhrase(
        words=words, kinds=kinds, names=frozenset(draft.names), quantity=quantity, count=count,
        is_definite=draft.is_definite, is_distinct=draft.is_distinct, at=draft.at,
        prefer=tuple(draft.prefer), is_new=draft.is_new,
    )  # fmt: skip
    if draft.is_plural and not draft.is_definite and draft.count == 0 and quantity == "count":
        return replace(phrase, count=2 if draft.is_distinct else 0)
    return phrase


def _common_kinds(draft: _Draft, words: str, every: Kinds) -> Kinds:
    """Intersect the words' kinds; a container word ("coke bottle") gives way to the thing itself."""
    common = every
    for _, kinds in draft.sets:
        common &= kinds
    if common or not draft.sets:
        return common
    solid = [kinds for word, kinds in draft.sets if not set(word.split()) & _CONTAINERS] or [every]
    common = solid[0]
    for kinds in solid[1:]:
        common &= kinds
    if not common or len(solid) == len(draft.sets):
        raise NotUnderstood(f"I know of nothing that is {words!r}")
    return common
