"""Room safety: what a household noun is: its properties by class, by head noun and by the words before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter
from rapidfuzz import fuzz, process

from .words import singular, words_of

NOUN_FILES = ("kitchen.yaml", "home.yaml", "hazardous.yaml", "living.yaml")
TYPO_SCORE, TYPO_LENGTH = 86.0, 6
"""Least similarity of a misspelt name, percent, and least number of letters: our own choice; at 86 one or two
letters of ten may be wrong, and words of fewer than six letters have too many neighbours."""
STATES_AFTER = frozenset({"sliced", "cracked", "cooked", "broken", "dirty", "toasted"})
"""States that simulators write behind the noun: `EggCracked`."""
CONTAINERS = frozenset({"vessel", "storage", "kitchenware", "sealed"})
Properties = frozenset[str]
NOTHING: Properties = frozenset()


class _Nouns(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    are: tuple[str, ...]
    nouns: str


class _Modifier(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    words: str
    adds: tuple[str, ...]
    removes: tuple[str, ...]


class LexiconError(ValueError):
    """A data file that names a class which does not exist."""


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A noun as understood."""

    name: str
    """What it was called."""
    head: str
    """The known noun that it was understood as; empty when nothing fits."""
    properties: Properties
    contents: str = ""
    """What it is said to hold, as in `glass of water`."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Known nouns, the classes that they belong to, and what words before them change."""

    nouns: Mapping[str, Properties]
    """Properties by noun, in lower case and singular."""
    modifiers: Mapping[str, tuple[Properties, Properties]]
    """What a word before a noun adds and removes."""
    classes: Properties
    """Every class."""

    @cached_property
    def vocabulary(self) -> Properties:
        """Return every property that a thing can have by what it is."""
        added = (adds for adds, _ in self.modifiers.values())
        return self.classes.union(*self.nouns.values(), *added)

    @cached_property
    def _joined(self) -> Mapping[str, str]:
        return {noun.replace(" ", "").replace("-", ""): noun for noun in self.nouns}

    def noun(self, name: str) -> Noun:
        """Return what `name` is; unknown compounds resolve by their head noun."""
        return _understand(self, name)

    def properties(self, name: str) -> Properties:
        """Return the properties of what is called `name`."""
        return _understand(self, name).properties

    def head_in(self, words: Sequence[str]) -> tuple[str, int] | None:
        """Return the longest known noun that ends `words`, and where it begins."""
        for begin in range(len(words)):
            if (found := self.spelled(words[begin:])) is not None:
                return found, begin
        return None

    def spelled(self, words: Sequence[str]) -> str | None:
        """Return the known noun written by exactly these words, however joined, or None."""
        for last in dict.fromkeys((words[-1], singular(words[-1]))):
            text = " ".join((*words[:-1], last))
            if text in self.nouns:
                return text
            if (noun := self._joined.get(text.replace(" ", "").replace("-", ""))) is not None:
                return noun
        return None

    def nearest(self, words: Sequence[str]) -> str | None:
        """Return the known noun of which these words may be a misspelling, or None."""
        text = "".join(words)
        if len(text) < TYPO_LENGTH:
            return None
        found = process.extractOne(text, self._joined.keys(), scorer=fuzz.ratio, score_cutoff=TYPO_SCORE)
        return None if found is None else self._joined[found[0]]

    def split_joined(self, word: str) -> str | None:
        """Return the longest known noun that ends a word joined of two known ones, or None."""
        for cut in range(3, len(word) - 2):
            front, back = word[:cut], word[cut:]
            known = front in self._joined or front in self.modifiers
            if known and (noun := self.spelled([back])) is not None:
                return noun
        return None


@lru_cache(maxsize=8192)
def _understand(lexicon: Lexicon, name: str) -> Noun:
    words = words_of(name)
    if not words:
        return Noun(name=name, head="", properties=NOTHING)
    if len(words) > 1 and words[-1] in STATES_AFTER:
        words = [words[-1], *words[:-1]]
    if "of" in words[1:-1] and lexicon.spelled(words) is None:
        return _measure(lexicon, name, words)
    found = lexicon.head_in(words)
    if found is None:
        guess = lexicon.split_joined(words[-1]) or lexicon.nearest(words) or lexicon.nearest(words[-1:])
        if guess is None:
            return Noun(name=name, head="", properties=_changed(lexicon, NOTHING, words))
        found = guess, len(words) - 1
    head, begin = found
    properties = lexicon.nouns[head]
    return Noun(name=name, head=head, properties=_changed(lexicon, properties, words[:begin]))


def _measure(lexicon: Lexicon, name: str, words: list[str]) -> Noun:
    """Understand `cup of coffee` as a cup that holds coffee, and `piece of paper` as paper."""
    at = words.index("of", 1)
    outer, inner = (lexicon.noun(" ".join(part)) for part in (words[:at], words[at + 1 :]))
    if not outer.head:
        return Noun(name=name, head=inner.head, properties=inner.properties | outer.properties)
    if not outer.properties & CONTAINERS:
        return outer
    held = frozenset(f"with_{p}" for p in inner.properties)
    return Noun(name=name, head=outer.head, properties=outer.properties | held, contents=inner.head)


def _changed(lexicon: Lexicon, properties: Properties, before: Iterable[str]) -> Properties:
    for word in before:
        adds, removes = lexicon.modifiers.get(word, (NOTHING, NOTHING))
        properties = (properties - removes) | adds
    return properties


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the shipped data files once.

    Raises:
        LexiconError: If a file names a class that `classes.yaml` does not have.
    """
    classes = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(read_data("classes.yaml"))
    closure = {name: _with_parents(name, classes) for name in classes}
    nouns: dict[str, Properties] = {}
    for file in NOUN_FILES:
        for entry in TypeAdapter(tuple[_Nouns, ...]).validate_python(read_data(file)):
            if unknown := [c for c in entry.are if c not in closure]:
                raise LexiconError(f"{file} names the class {unknown[0]!r}, which classes.yaml does not have")
            properties = NOTHING.union(*(closure[c] for c in entry.are))
            for noun in entry.nouns.split(","):
                key = noun.strip()
                own = {key.replace(" ", "_")} - closure.keys()
                nouns[key] = nouns.get(key, NOTHING) | properties | own
    modifiers: dict[str, tuple[Properties, Properties]] = {}
    for change in TypeAdapter(tuple[_Modifier, ...]).validate_python(read_data("modifiers.yaml")):
        for word in change.words.split(","):
            adds, removes = modifiers.get(word.strip(), (NOTHING, NOTHING))
            modifiers[word.strip()] = adds | set(change.adds), removes | set(change.removes)
    return Lexicon(nouns, modifiers, frozenset(closure))


def _with_parents(name: str, classes: Mapping[str, tuple[str, ...]]) -> Properties:
    """Return a class and everything that it is."""
    if name not in classes:
        raise LexiconError(f"classes.yaml names the class {name!r}, which it does not have")
    return frozenset({name}).union(*(_with_parents(parent, classes) for parent in classes[name]))


def read_data(name: str) -> object:
    """Return the content of a YAML file of this package."""
    text = (files(str(__package__)) / "data" / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
