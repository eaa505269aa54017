"""Room safety: the words after a verb, cut at prepositions, and the nouns in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .clauses import MARKS
from .grammar import load_grammar
from .lexicon import Lexicon

WITH = frozenset({"with", "using", "via"})
FROM = frozenset({"from"})
LISTS = frozenset({"and", "or", "plus"})
TRAILING = 3
"""Unknown words at the end of a phrase that are dropped to find a known noun, less one."""
WANTED = {
    **dict.fromkeys(
        ("turn_on", "turn_off"),
        frozenset({"electric", "heater", "lightable", "water_source", "flame", "burner_control"}),
    ),
    **dict.fromkeys(
        ("open", "close"), frozenset({"storage", "appliance", "door", "window", "book", "toilet", "lid"})
    ),
    "light": frozenset({"lightable", "flame", "heater", "lamp"}),
    "hurt": frozenset({"being"}),
    "kill": frozenset({"being"}),
}
"""Properties of what `it` can be for a verb."""
ENCLOSES = frozenset({"storage", "vessel", "basin", "toilet", "cooking_heater", "washer", "bin"})
"""Properties of what things are put into."""
DONE_TO_PEOPLE = frozenset({"hurt", "kill", "tie", "poison"})
"""Senses for which `them` are people."""


@dataclass
class Mentions:
    """What was spoken of so far, for `it`."""

    objects: list[str] = field(default_factory=list)
    everything: list[str] = field(default_factory=list)


def parts_of(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Cut the words after a verb at prepositions; the first part has none."""
    grammar = load_grammar()
    words = _with_short_prepositions(words)
    parts: list[tuple[str, list[str]]] = [("", [])]
    for index, word in enumerate(words):
        if word in grammar.ends_phrase or (
            word == "by" and words[index + 1 : index + 2] and _is_doing(words[index + 1])
        ):
            break
        belongs = bool(parts[-1][1]) and parts[-1][1][-1] in grammar.holds
        if word in grammar.relation_of or word in FROM or (word in WITH and not belongs):
            parts.append((word, []))
        else:
            parts[-1][1].append(word)
    return parts


def _is_doing(word: str) -> bool:
    return word.endswith("ing")


def _with_short_prepositions(words: Sequence[str]) -> list[str]:
    prepositions = load_grammar().prepositions
    out: list[str] = []
    index = 0
    while index < len(words):
        long = next((p for p in prepositions if tuple(words[index : index + len(p)]) == p), None)
        out.append(prepositions[long] if long else words[index])
        index += len(long) if long else 1
    return out


class NounReader:
    """Finds the nouns of a phrase."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Take the nouns."""
        self._lexicon = lexicon

    def nouns(self, words: Sequence[str], sense: str, mentions: Mentions) -> tuple[list[str], str | None]:
        """Return the nouns of one phrase, and what the first is said to hold."""
        grammar = load_grammar()
        contents = None
        if (at := next((n for n, word in enumerate(words) if word in grammar.holds), None)) is not None:
            inner = [w for w in words[at + 1 :] if w not in grammar.no_noun and w not in WITH and w != "of"]
            contents, words = " ".join(inner), words[:at]
        names: list[str] = []
        for phrase in _listed(words):
            if len(phrase) == 1 and phrase[0] in grammar.pronouns | grammar.persons:
                names += self._referent(phrase[0], sense, mentions)
            elif _is_doing(phrase[0]) and self._lexicon.head_in(phrase[:2]) is None:
                continue
            elif name := self._name(phrase):
                names.append(name)
        return names, contents or None

    def enclosing(self, mentions: Mentions) -> list[str]:
        """Return the newest thing spoken of into which others go."""
        fitting = (n for n in reversed(mentions.everything) if self._lexicon.properties(n) & ENCLOSES)
        return [name for name in [next(fitting, None)] if name is not None]

    def _name(self, phrase: Sequence[str]) -> str:
        """Return the noun without articles, and without words after it that are none."""
        grammar = load_grammar()
        words = [w for w in phrase if w not in grammar.no_noun]
        words = words[1:] if words[:1] == ["of"] else words
        while words and words[-1].endswith("ly") and not self._lexicon.spelled(words[-1:]):
            words.pop()
        for drop in range(min(TRAILING, len(words))):
            kept = words[: len(words) - drop]
            is_owner = kept[-1].endswith("'s") or (len(kept) == 1 and kept[0] in grammar.persons)
            if drop and is_owner:
                break
            if self._lexicon.noun(" ".join(kept)).head:
                return " ".join(kept)
        return " ".join(words)

    def _referent(self, pronoun: str, sense: str, mentions: Mentions) -> list[str]:
        if pronoun in load_grammar().persons and (pronoun != "them" or sense in DONE_TO_PEOPLE):
            return [pronoun]
        wanted = WANTED.get(sense)
        if wanted is not None:
            for name in reversed(mentions.everything):
                if self._lexicon.properties(name) & wanted:
                    return [name]
        return mentions.objects[-1:] or mentions.everything[-1:]


def _listed(words: Sequence[str]) -> Iterator[list[str]]:
    """Split `the fork, the spoon and a cup`."""
    phrase: list[str] = []
    for word in (*words, ","):
        if word in MARKS or word in LISTS:
            if phrase:
                yield phrase
            phrase = []
        else:
            phrase.append(word)
