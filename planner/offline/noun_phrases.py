"""Room planner: read noun phrases: "two different sodas", "something salty that is not chips"."""

from __future__ import annotations

from dataclasses import replace

from .clause_phrases import LIKINGS
from .cursor import Cursor
from .determiners import Draft, read_determiners, read_pronoun
from .fixed_phrases import AFTER_ADJECTIVE, CONTAINERS, MEASURES, SUPERLATIVES, VAGUE, WHAT_IS
from .lexicon import Kinds, Lexicon
from .meaning import NotUnderstood, NounPhrase

_TELLING = 3
"""A word that fits more kinds than this says little about a thing."""
_ADJECTIVE_ENDINGS = ("y", "ed", "ful", "ous", "ish", "able", "less", "est", "ive", "al", "looking")


def read_noun_phrase(cursor: Cursor) -> NounPhrase | None:
    """Read one noun phrase, or return None and stay where we were.

    Raises:
        NotUnderstood: If its words contradict each other ("a blue apple").
    """
    start = cursor.at
    pronoun = read_pronoun(cursor)
    if pronoun is not None:
        return pronoun
    draft = Draft(start)
    if cursor.accept(*WHAT_IS):
        draft.sets.append(("*", cursor.lexicon.every_kind))
        draft.quantity, draft.has_head = "all", True
        return _finish(cursor, draft)
    if cursor.sees(*(f"what {liking}" for liking in LIKINGS)):
        cursor.accept("what")
        cursor.accept(*LIKINGS)
        draft.sets.append(("*", cursor.lexicon.every_kind))
        draft.has_head = draft.is_liked = True
        return _finish(cursor, draft)
    read_determiners(cursor, draft)
    _read_words(cursor, draft)
    if not draft.has_head and draft.sets and (cursor.is_at_end or cursor.peek() in AFTER_ADJECTIVE):
        draft.has_head = True
    if not draft.has_head:
        cursor.at = start
        return None
    from .noun_modifiers import read_modifier

    while read_modifier(cursor, draft):
        pass
    return _finish(cursor, draft)


def read_late_modifier(cursor: Cursor, thing: NounPhrase) -> NounPhrase | None:
    """Read "that I can eat" after "the thing on the table"; None (and stay) when none follows."""
    from .noun_modifiers import read_modifier

    draft = Draft(cursor.at)
    if not cursor.sees("that", "which", "to") or not read_modifier(cursor, draft):
        cursor.at = draft.start
        return None
    kinds = thing.kinds - draft.barred
    for _, fitting in draft.sets:
        kinds &= fitting
    return replace(thing, kinds=kinds, at=thing.at or draft.at, prefer=(*thing.prefer, *draft.prefer))


def _read_words(cursor: Cursor, draft: Draft) -> None:
    """Read adjectives, colours and nouns up to the end of the noun."""
    while not cursor.is_at_end:
        if cursor.peek() in VAGUE and not draft.has_head:
            draft.quantity = "all" if cursor.peek() == "everything" else draft.quantity
            draft.sets.append(("*", cursor.lexicon.every_kind))
            draft.has_head = True
            cursor.at += 1
            if cursor.accept("else", "different"):
                draft.is_new = True
                draft.quantity = "rest" if draft.quantity == "all" else draft.quantity
            continue
        if (
            _read_superlative(cursor, draft)
            or _read_name(cursor, draft)
            or _read_negated_adjective(cursor, draft)
            or _read_measure(cursor, draft)
        ):
            continue
        if not _read_one_word(cursor, draft):
            return


def _read_superlative(cursor: Cursor, draft: Draft) -> bool:
    for superlative, phrases in SUPERLATIVES.items():
        before = cursor.at
        if not draft.has_head and draft.superlative is None and cursor.accept(*phrases):
            if cursor.is_at_end or cursor.peek() in ("side", "of", "counter", "drawer"):
                cursor.at = before
                return False
            draft.superlative = superlative
            return True
    return False


def _read_name(cursor: Cursor, draft: Draft) -> bool:
    """Read an item's own name, `apple_1`."""
    stem, _, number = cursor.peek().rpartition("_")
    if not stem or not number.isdigit():
        return False
    draft.names.add(cursor.peek())
    draft.has_head = draft.is_definite = True
    cursor.at += 1
    return True


def _read_one_word(cursor: Cursor, draft: Draft) -> bool:
    if cursor.sees("one", "ones") and (draft.sets or draft.is_distinct) or cursor.sees("ones"):
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
    if part == "noun" and len(words.split()) > 1:
        draft.near = _near_kinds(words.split(), sense.kinds, cursor.lexicon)
    if part == "noun" and cursor.peek() == "of" and cursor.peek(1) not in ("my", "your", "mine"):
        cursor.at += 1
        cursor.accept("the", "a", "some")
    return True


def _near_kinds(words: list[str], exact: Kinds, lexicon: Lexicon) -> Kinds:
    """Return other kinds that the last word of a name fits, and most of the words before it: at least one.

    A lime soda is nearly a "lemon lime soda"; colours do not count, nor words for what a thing comes in.
    """

    def fitting(word: str) -> Kinds:
        found = [lexicon.match(part, (word,), 0) for part in ("noun", "adjective")]
        return frozenset().union(*(match[1].kinds for match in found if match is not None))

    *before, head = words
    if any(kind.startswith("_".join(words)) for kind in exact):
        return frozenset()  # its own name
    telling = [w for w in before if not lexicon.match("colour", (w,), 0) and len(fitting(w)) <= _TELLING]
    shared = {kind: sum(kind in fitting(word) for word in telling) for kind in fitting(head) - exact}
    most = max(shared.values(), default=0)
    return frozenset(kind for kind, count in shared.items() if most and count == most)


def _skip_unknown_adjective(cursor: Cursor, draft: Draft) -> bool:
    """Skip a word that looks like an adjective before a known noun; it restricts nothing we know."""
    word = cursor.peek()
    ahead = Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + 1)
    is_known = word in cursor.lexicon.words or word in cursor.lexicon.other_words
    if is_known or not word.endswith(_ADJECTIVE_ENDINGS) or draft.has_head or not ahead.length("noun"):
        return False
    cursor.at += 1
    return True


def _read_measure(cursor: Cursor, draft: Draft) -> bool:
    for measure in MEASURES:
        for form in (measure, measure + "s"):
            if cursor.accept(f"{form} of"):
                draft.is_plural = draft.is_plural or form.endswith("s")
                cursor.accept("the", "a", "some")
                return True
    return False


def _read_negated_adjective(cursor: Cursor, draft: Draft) -> bool:
    """Read "not too sweet", "caffeine free", "non alcoholic"."""
    before = cursor.at
    sense = None
    if cursor.accept("non", "not"):
        cursor.accept("too", "very", "so", "overly")
        sense = cursor.take("adjective")
    elif (found := cursor.match("adjective") or cursor.match("quality")) and cursor.peek(found[0]) == "free":
        cursor.at += found[0] + 1
        sense = found[1]
    if sense is None:
        cursor.at = before
        return False
    draft.barred |= sense.kinds
    draft.is_edible = draft.is_edible or sense.kinds < cursor.lexicon.edible
    draft.sets.append(("*", cursor.lexicon.every_kind))
    return True


def _finish(cursor: Cursor, draft: Draft) -> NounPhrase:
    words = cursor.text(draft.start)
    kinds = (
        frozenset() if draft.names else _common_kinds(draft, words, cursor.lexicon.every_kind) - draft.barred
    )
    if draft.is_edible and kinds & cursor.lexicon.edible:
        kinds &= cursor.lexicon.edible
    if not kinds and not draft.names:
        raise NotUnderstood(f"I know of nothing that is {words!r}")
    quantity = draft.quantity
    if draft.is_ranked and draft.superlative is None and not draft.is_new:
        raise NotUnderstood(f"I do not know from which side {words!r} is counted")
    if words.startswith("some of") and not draft.is_plural:
        draft.count = 1
    if quantity == "count" and draft.count == 0 and draft.is_plural and draft.is_definite:
        quantity = "all"
    is_bare_plural = draft.is_plural and not draft.is_definite and draft.count == 0 and quantity == "count"
    phrase = NounPhrase(
        words=words,
        kinds=kinds,
        names=frozenset(draft.names),
        quantity=quantity,
        count=draft.count or (2 if draft.is_distinct and draft.is_plural else 1),
        is_definite=draft.is_definite,
        is_distinct=draft.is_distinct,
        at=draft.at,
        prefer=tuple(draft.prefer),
        is_new=draft.is_new,
        is_liked=draft.is_liked,
        near=(draft.near or frozenset()) - draft.barred,
        rank=draft.rank,
        superlative=draft.superlative,
    )
    return replace(phrase, count=2 if draft.is_distinct else 0) if is_bare_plural else phrase


def _common_kinds(draft: Draft, words: str, every: Kinds) -> Kinds:
    """Intersect the words' kinds; a container word ("coke bottle") gives way to the thing itself."""
    common = every
    for _, kinds in draft.sets:
        common &= kinds
    if common or not draft.sets:
        return common
    solid = [kinds for word, kinds in draft.sets if not set(word.split()) & CONTAINERS] or [every]
    common = solid[0]
    for kinds in solid[1:]:
        common &= kinds
    if not common or len(solid) == len(draft.sets):
        raise NotUnderstood(f"I know of nothing that is {words!r}")
    return common
