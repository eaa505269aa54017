"""Room planner: the offline model's lexicon: phrases of household English and what they mean here.

Built from the catalogue (names, synonyms, attributes), the scene's fixtures, and `words.yaml`. The meaning of
a noun or adjective is the set of catalogue categories that it fits; of a place word, a set of fixtures.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from robots import Fixture
from robots.catalogue import Catalogue

from .clause_phrases import CLAUSE_PHRASES
from .fixed_phrases import grammar_words
from .spelling import correct
from .text import Words, phrase_of, plural_of, verb_forms_of
from .word_list import WordList, load_word_list

Kinds = frozenset[str]
"""Catalogue categories."""

_LONGEST = 9
_COMMON = frozenset(
    [
        "can",
        "bag",
        "box",
        "bar",
        "cup",
        "dish",
        "of",
        "the",
        "a",
        "an",
        "and",
        "with",
        "block",
        "cooked",
        "red",
        "blue",
        "green",
        "dark",
        "kitchen",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Sense:
    """One meaning of a phrase; which fields are set depends on the part of speech."""

    kinds: Kinds = frozenset()
    prefer: tuple[Kinds, ...] = ()
    """Kinds that fit better, best first."""
    places: frozenset[str] = frozenset()
    frames: tuple[str, ...] = ()
    """Verb frames, in order of preference."""
    number: int = 0
    is_plural: bool = False
    is_shared: bool = False
    """A category's own name or synonym; several categories may have the same."""


@dataclass(kw_only=True)
class Lexicon:
    """Longest-match look-up of phrases per part of speech."""

    entries: dict[str, dict[Words, Sense]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    """Every word that occurs in some phrase; misspellings are put right to these."""
    other_words: frozenset[str] = frozenset()
    """Everyday words that are no misspellings of ours."""
    every_kind: Kinds = frozenset()
    edible: Kinds = frozenset()
    """What can be eaten or drunk; qualities like "without sugar" are said of it."""
    split_verbs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    """Fixture -> "person", "bin", ...: kinds that verbs care about."""

    def match(self, part: str, words: Words, start: int) -> tuple[int, Sense] | None:
        """Return length and sense of the longest phrase of this part of speech at `start`, or None."""
        table = self.entries.get(part, {})
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            sense = table.get(words[start : start + length])
            if sense is not None:
                return length, sense
        return None

    def add(self, part: str, phrase: Words, sense: Sense) -> None:
        """Add a phrase unless it is already there; a verb gains frames, a shared name gains kinds."""
        table = self.entries.setdefault(part, {})
        known = table.get(phrase)
        if known is None:
            table[phrase] = sense
        elif sense.is_shared and known.is_shared:
            table[phrase] = replace(known, kinds=known.kinds | sense.kinds)
        elif sense.frames:
            table[phrase] = Sense(frames=tuple(dict.fromkeys((*known.frames, *sense.frames))))

    def corrected(self, words: Words) -> Words:
        """Return the words with misspellings of known words put right."""
        known = self.words | self.other_words
        return tuple(w if w in known else correct(w, self.words) for w in words)


def kinds_of(expression: str, catalogue: Catalogue) -> Kinds:
    """Return the categories that a meaning of `words.yaml` covers: `drink -caffeinated | fruit`."""
    found: set[str] = set()
    for option in expression.split("|"):
        wanted = [w for w in option.split() if not w.startswith("-")]
        barred = {w[1:] for w in option.split() if w.startswith("-")}
        for name in catalogue.categories:
            types = catalogue.types_of(name)
            if all(w == "*" or w in types for w in wanted) and not types & barred:
                found.add(name)
    return frozenset(found)


def build_lexicon(catalogue: Catalogue, fixtures: Mapping[str, Fixture]) -> Lexicon:
    """Return the lexicon for this catalogue and these fixtures."""
    words = load_word_list()
    lexicon = Lexicon(every_kind=frozenset(catalogue.categories), split_verbs=words.split_verbs)
    lexicon.edible = kinds_of("food | drink | condiment", catalogue)
    _add_categories(lexicon, catalogue)
    for expression, phrases in words.nouns.items():
        kinds = kinds_of(expression, catalogue)
        for mass in set(phrases) & set(words.mass_nouns):
            lexicon.add("noun", phrase_of(mass), Sense(kinds=kinds, is_plural=True))
        _add_nouns(lexicon, phrases, kinds)
    for expression, phrases in words.adjectives.items():
        for phrase in phrases:
            lexicon.add("adjective", phrase_of(phrase), Sense(kinds=kinds_of(expression, catalogue)))
    for expression, phrases in words.qualities.items():
        for phrase in phrases:
            lexicon.add("quality", phrase_of(phrase), Sense(kinds=kinds_of(expression, catalogue)))
    for remark, phrases in words.remarks.items():
        for phrase in phrases:
            lexicon.add(remark, phrase_of(phrase), Sense())
    _add_name_parts(lexicon, catalogue, frozenset(words.function_words))
    _add_colours(lexicon, catalogue, words)
    _add_purposes(lexicon, catalogue, words)
    _add_verbs(lexicon, words)
    _add_places(lexicon, fixtures, words)
    for part, phrases in (
        ("plain", words.plain_adjectives),
        ("wrapper", words.wrappers),
        ("adjunct", words.adjuncts),
    ):
        for phrase in phrases:
            lexicon.add(part, phrase_of(phrase), Sense())
    for phrase, number in words.numbers.items():
        lexicon.add("number", phrase_of(phrase), Sense(number=number))
    phrases_words = {w for table in lexicon.entries.values() for phrase in table for w in phrase}
    lexicon.words = frozenset(phrases_words | set(words.function_words) | grammar_words())
    lexicon.words |= {w for phrases in CLAUSE_PHRASES for phrase in phrases for w in phrase.split()} - {","}
    lexicon.other_words = frozenset(words.other_words)
    return lexicon


def _add_nouns(lexicon: Lexicon, phrases: Iterable[str], kinds: Kinds, *, is_shared: bool = False) -> None:
    for text in phrases:
        phrase = phrase_of(text)
        lexicon.add("noun", phrase, Sense(kinds=kinds, is_shared=is_shared))
        head = phrase.index("of") - 1 if "of" in phrase[1:] else len(phrase) - 1
        if not phrase[head].endswith("s") or phrase[head] == "glass":
            many = (*phrase[:head], plural_of(phrase[head]), *phrase[head + 1 :])
            lexicon.add("noun", many, Sense(kinds=kinds, is_plural=True, is_shared=is_shared))
        elif phrase[head].endswith("ps"):
            lexicon.add("noun", (*phrase[:head], phrase[head][:-1], *phrase[head + 1 :]), Sense(kinds=kinds))


def _add_categories(lexicon: Lexicon, catalogue: Catalogue) -> None:
    for name, category in catalogue.categories.items():
        stem = phrase_of(name)
        names = [" ".join(stem)]
        if stem[-1] in ("can", "bottle") and len(stem) > 1:
            names += [f"{stem[-1]} of {' '.join(stem[:-1])}", " ".join(stem[:-1])]
        if len(stem) > 1 and stem[-1] in catalogue.categories:
            names.append(stem[-1])
        _add_nouns(lexicon, (*names, *category.synonyms), frozenset({name}), is_shared=True)
    for attribute in sorted(catalogue.attributes):
        kinds = kinds_of(attribute, catalogue)
        _add_nouns(lexicon, (attribute.replace("_", " "),), kinds)
        lexicon.add("adjective", phrase_of(attribute), Sense(kinds=kinds))


def _add_name_parts(lexicon: Lexicon, catalogue: Catalogue, skip: frozenset[str]) -> None:
    parts: dict[str, set[str]] = {}
    for name, category in catalogue.categories.items():
        for text in (name, *category.synonyms):
            for word in phrase_of(text):
                if word not in _COMMON | skip and not word.isdigit():
                    parts.setdefault(word, set()).add(name)
    for word, names in sorted(parts.items()):
        sense = Sense(kinds=frozenset(names))
        lexicon.add("adjective", (word,), sense)
        for ending in ("flavored", "flavoured", "flavor", "flavour", "based", "like"):
            lexicon.add("adjective", (word, ending), sense)


def _add_colours(lexicon: Lexicon, catalogue: Catalogue, words: WordList) -> None:
    found: dict[str, set[str]] = {colour: set() for colour in words.colours}
    for name, category in catalogue.categories.items():
        for colour in colours_of(category.colour):
            found[colour].add(name)
    for colour, names in found.items():
        lexicon.add("colour", (colour,), Sense(kinds=frozenset(names)))


def colours_of(rgb: tuple[float, float, float]) -> tuple[str, ...]:
    """Return the names that people would give this colour."""
    hue, saturation, value = colorsys.rgb_to_hsv(*rgb)
    degrees = hue * 360.0
    if value < 0.25:
        return ("black",)
    if saturation < 0.15:
        return ("white", "grey") if value > 0.7 else ("grey", "silver")
    bands = ((14, "red"), (42, "orange"), (68, "yellow"), (170, "green"), (260, "blue"), (320, "purple"))
    name = next((band for limit, band in bands if degrees < limit), "red")
    if name == "orange" and value < 0.8:
        return ("brown",)
    return (name, "pink") if name == "red" and saturation < 0.6 else (name,)


def _add_purposes(lexicon: Lexicon, catalogue: Catalogue, words: WordList) -> None:
    for purpose in words.purposes:
        prefer = tuple(kinds_of(p, catalogue) for p in purpose.prefer)
        sense = Sense(kinds=kinds_of(purpose.any, catalogue), prefer=prefer)
        for verb in purpose.verbs:
            first, *rest = phrase_of(verb)
            for form in verb_forms_of(first):
                lexicon.add("purpose", (form, *rest), sense)
    for need in words.needs:
        prefer = tuple(kinds_of(p, catalogue) for p in need.prefer)
        for says in need.says:
            lexicon.add("need", phrase_of(says), Sense(kinds=kinds_of(need.any, catalogue), prefer=prefer))


def _add_verbs(lexicon: Lexicon, words: WordList) -> None:
    for frame, phrases in words.verbs.items():
        for text in phrases:
            first, *rest = phrase_of(text)
            forms = (first,) if first in ("i", "can", "may", "could", "might") else verb_forms_of(first)
            for form in forms:
                lexicon.add("verb", (form, *rest), Sense(frames=(frame,)))
    for stem in words.split_verbs:
        for form in verb_forms_of(stem):
            if lexicon.match("verb", (form,), 0) is None:
                lexicon.add("verb", (form,), Sense(frames=("split",)))


def _add_places(lexicon: Lexicon, fixtures: Mapping[str, Fixture], words: WordList) -> None:
    """Add fixtures by their own names, then by what people call their kind: any bin is a trash can."""
    for name in fixtures:
        lexicon.add("place", phrase_of(name), Sense(places=frozenset({name})))
    for name in fixtures:
        for text in words.places.get(name, ()):
            lexicon.add("place", phrase_of(text), Sense(places=frozenset({name})))
    for kind, like in words.place_likenesses.items():
        of_kind = frozenset(n for n, f in fixtures.items() if kind in f.kinds)
        for text in (like.replace("_", " "), *words.places[like]) if of_kind else ():
            lexicon.add("place", phrase_of(text), Sense(places=of_kind))
        lexicon.roles |= dict.fromkeys(of_kind, kind)
    for kind, texts in words.place_kinds.items():
        named = frozenset(n for n, f in fixtures.items() if kind in f.kinds or kind in n.split("_"))
        for phrase in map(phrase_of, texts) if named else ():
            lexicon.add("place", phrase, Sense(places=named))
            many = (*phrase[:-1], plural_of(phrase[-1]))
            lexicon.add("place", many, Sense(places=named, is_plural=True))
