"""Room planner: read what follows a noun: "without caffeine", "that is not a fruit", "to clean with"."""

from __future__ import annotations

from .clause_phrases import LIKINGS
from .cursor import Cursor
from .determiners import Draft
from .fixed_phrases import AFTER_ADJECTIVE, COUNTED_FROM, EXCEPTIONS, HAS_NOT, SIDES, WITH_WORDS
from .meaning import NounPhrase
from .place_phrases import read_place


def read_modifier(cursor: Cursor, draft: Draft) -> bool:
    """Read one modifier into the draft; False when none follows."""
    readers = (
        _read_side,
        _read_liking,
        _read_preference,
        _read_exclusion,
        _read_contents,
        _read_relative,
        _read_purpose,
        _read_location,
    )
    start = cursor.at
    for reader in readers:
        if reader(cursor, draft):
            return True
        cursor.at = start
    return False


def _inner(cursor: Cursor) -> NounPhrase | None:
    from .noun_phrases import read_noun_phrase

    return read_noun_phrase(cursor)


def _read_side(cursor: Cursor, draft: Draft) -> bool:
    """Read "the can [on the left]"."""
    if read_place(Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1)) is not None:
        return False  # "in the middle drawer"
    for superlative, phrases in SIDES.items():
        if cursor.accept(*phrases):
            draft.superlative = superlative
            return not cursor.sees("of")
    if draft.rank > 1 or draft.is_ranked:
        for superlative, phrases in COUNTED_FROM.items():
            if cursor.accept(*phrases):
                draft.superlative = superlative
                return True
    return False


def _read_preference(cursor: Cursor, draft: Draft) -> bool:
    """Read "preferably something salty": it chooses among what fits."""
    cursor.accept(",")
    if not cursor.accept("preferably", "ideally", "if possible"):
        return False
    inner = _inner(cursor)
    if inner is None or inner.pronoun:
        return False
    draft.prefer.append(inner.kinds)
    return True


def _read_liking(cursor: Cursor, draft: Draft) -> bool:
    """Read "something [I would like]": what the person said they like decides."""
    cursor.accept("that", "which")
    if not cursor.accept(*LIKINGS):
        return False
    cursor.accept("best", "most", "the most", "a lot", "now", "too")
    if not (cursor.is_at_end or cursor.peek() in AFTER_ADJECTIVE):
        return False
    draft.is_liked = True
    return True


def _read_exclusion(cursor: Cursor, draft: Draft) -> bool:
    cursor.accept(",")
    if cursor.accept("but nothing", "and nothing", "but no", "nothing"):
        cursor.accept("with", "that is", "that has", "too", "containing")
        return _read_qualities(cursor, draft, is_barred=True)
    if not cursor.accept(*EXCEPTIONS):
        return False
    return _exclude_list(cursor, draft)


def _exclude_list(cursor: Cursor, draft: Draft) -> bool:
    found = False
    while inner := _inner(cursor):
        if inner.pronoun:
            return False
        draft.barred |= inner.kinds
        draft.at = draft.at | inner.at
        found = True
        before = cursor.at
        if not cursor.accept("or", "nor", ", or", ", nor"):
            break
        cursor.accept("a", "an", "the")
        if not (cursor.length("noun") or cursor.length("adjective")):
            cursor.at = before
            break
    return found


def _read_contents(cursor: Cursor, draft: Draft) -> bool:
    """Read "with caffeine", "without sugar", "with a citrus flavor"."""
    word = cursor.accept(*WITH_WORDS)
    if word in ("with", "with a", "with some"):
        cursor.accept("the", "my", "an", "a")
        if not cursor.length("quality") and cursor.length("noun"):
            return False
    barred = ("without any", "without", "with no", "with less", "low in", "free of")
    return bool(word) and _read_qualities(cursor, draft, word in barred)


def _read_qualities(cursor: Cursor, draft: Draft, is_barred: bool) -> bool:
    found = False
    while True:
        cursor.accept("a", "an", "any", "the", "some", "more", "no")
        sense = cursor.take("quality") or cursor.take("adjective") or cursor.take("noun")
        if sense is None:
            return found
        found = True
        cursor.accept("flavor", "flavour", "taste", "kick", "inside", "in it", "content")
        if is_barred:
            draft.barred |= sense.kinds
            draft.is_edible = draft.is_edible or sense.kinds <= cursor.lexicon.edible
        else:
            draft.sets.append(("with", sense.kinds))
        before = cursor.at
        if not cursor.accept("and", "or", ", and", ","):
            return found
        if not (cursor.length("quality") or cursor.length("adjective")) or cursor.length("verb"):
            cursor.at = before
            return found


def _read_relative(cursor: Cursor, draft: Draft) -> bool:
    if not cursor.accept("that", "which", "who", "as long as it", "but it", "so long as it"):
        return False
    if cursor.accept("is not", "are not", "is neither", "is anything but", "was not", "does not have to be"):
        cursor.accept("too", "very", "so", "either")
        if cursor.take("plain") is not None:
            return True
        adjective = cursor.length("adjective")
        if adjective and adjective >= cursor.length("noun"):
            sense = cursor.take("adjective")
            draft.barred |= sense.kinds if sense else frozenset()
            return True
        return _exclude_list(cursor, draft)
    if cursor.accept(*HAS_NOT):
        return _read_qualities(cursor, draft, is_barred=True)
    if cursor.accept("has", "have", "contains", "contain", "tastes like", "tastes"):
        return _read_qualities(cursor, draft, is_barred=False)
    if cursor.accept(
        "is", "are", "was", "were", "looks", "tastes", "i left", "i put", "lies", "sits", "stands"
    ):
        return _read_predicate(cursor, draft)
    cursor.accept("i can", "i could", "you can", "we can", "can", "could", "will", "would", "might", "may",
                  "helps", "i may")  # fmt: skip
    return _purpose(cursor, draft)


def _read_predicate(cursor: Cursor, draft: Draft) -> bool:
    cursor.accept(
        "located",
        "placed",
        "lying",
        "sitting",
        "standing",
        "kept",
        "stored",
        "found",
        "very",
        "so",
        "both",
        "good for my health and",
        "good for",
        "still",
        "currently",
        "left",
    )
    if _location(cursor, draft):
        return True
    found = False
    while (sense := cursor.take("adjective") or cursor.take("colour")) or cursor.length("plain"):
        if sense is None:
            cursor.take("plain")
        else:
            draft.sets.append(("is", sense.kinds))
        found = True
        before = cursor.at
        if cursor.accept("and", ", and", ",") and not cursor.length("adjective"):
            cursor.at = before
            return True
    if found:
        return True
    inner = _inner(cursor)
    if inner is None or inner.pronoun:
        return False
    draft.sets.append(("is", inner.kinds))
    draft.at = draft.at | inner.at
    return True


def _read_purpose(cursor: Cursor, draft: Draft) -> bool:
    """Read "to drink", "for cleaning", "I can eat", "to clean the kitchen with"."""
    if not cursor.accept("to", "for", "i can", "i could", "we can", "good to", "good for", "you can use to",
                         "i could use to", "i can use to", "i can use for"):  # fmt: skip
        return False
    cursor.accept("use for", "use to")
    return _purpose(cursor, draft)


def _purpose(cursor: Cursor, draft: Draft) -> bool:
    while cursor.accept(
        "help me",
        "help us",
        "help you",
        "help to",
        "help",
        "use to",
        "be used to",
        "be used for",
        "me",
        "let me",
        "make me",
        "quickly",
        "easily",
        "really",
        "just",
        "to",
        "used to",
    ):
        pass
    sense = cursor.take("purpose")
    if sense is None:
        return False
    draft.sets.append(("for", sense.kinds))
    draft.prefer += sense.prefer
    _skip_purpose_object(cursor)
    return True


def _skip_purpose_object(cursor: Cursor) -> None:
    """Skip what the purpose is done to ("clean [the kitchen with]"), up to a comma or a new request."""
    while not cursor.is_at_end and not cursor.sees(",", ":", "then", "from", "but", "that"):
        if cursor.peek() == "and":
            ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1)
            if ahead.sees("a", "an", "the", "some", "then") or ahead.length("verb") or ahead.length("noun"):
                return
            if ahead.length("wrapper"):
                return
        cursor.at += 1


def _read_location(cursor: Cursor, draft: Draft) -> bool:
    return cursor.accept("from") != "" and _location_at(cursor, draft)


def _location(cursor: Cursor, draft: Draft) -> bool:
    return bool(
        cursor.accept(
            "on top of",
            "on",
            "in",
            "inside",
            "at",
            "by",
            "lying on",
            "sitting on",
            "standing on",
            "inside of",
            "near",
            "left on",
            "lying in",
        )
    ) and _location_at(cursor, draft)


def _location_at(cursor: Cursor, draft: Draft) -> bool:
    cursor.accept("the inside of", "the top of", "on top of", "inside", "off")
    place = read_place(cursor)
    if place is None:
        return False
    draft.at = draft.at & place.places if draft.at & place.places else draft.at | place.places
    return True
