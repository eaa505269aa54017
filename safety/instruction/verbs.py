"""Room safety: which words ask for an action, and in which sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import TypeAdapter

from .lexicon import read_data
from .words import plain

TOOL_VERB = "use"
"""Only its base form is a verb here: `using a cup` says with what."""
LONGEST = 5
"""Words of the longest verb phrase that is looked for."""
VOWELS = frozenset("aeiou")
KEEPS_ONE_LETTER = frozenset(
    {"open", "cover", "poison", "enter", "deliver", "murder", "threaten", "power", "water", "bury"}
)


@dataclass(frozen=True, eq=False)
class Verbs:
    """Verb phrases by their words."""

    senses: Mapping[tuple[str, ...], str]
    bases: Mapping[tuple[str, ...], str]
    """The base form of an inflected phrase."""

    def at(self, words: Sequence[str], index: int) -> tuple[str, str, int] | None:
        """Return sense, base form and length of the longest verb phrase that begins at `index`, or None."""
        for length in range(min(LONGEST, len(words) - index), 0, -1):
            phrase = tuple(words[index : index + length])
            if (sense := self.senses.get(phrase)) is not None:
                return sense, self.bases[phrase], length
        return None


@lru_cache(maxsize=1)
def load_verbs() -> Verbs:
    """Read `verbs.yaml` once, and add the forms in -s and -ing."""
    senses: dict[tuple[str, ...], str] = {}
    bases: dict[tuple[str, ...], str] = {}
    for sense, verbs in (
        TypeAdapter(dict[str, tuple[str, ...]]).validate_python(read_data("verbs.yaml")).items()
    ):
        for verb in verbs:
            first, *rest = verb.split()
            forms = () if sense == TOOL_VERB else (_third_person(first), *_gerunds(first))
            for form in (first, *forms):
                senses.setdefault((form, *rest), sense)
                bases.setdefault((form, *rest), verb)
            senses[tuple(verb.split())] = sense
            bases[tuple(verb.split())] = verb
    return Verbs(senses, bases)


@lru_cache(maxsize=1)
def load_manners() -> Mapping[str, tuple[str, ...]]:
    """Read `manners.yaml` once."""
    return TypeAdapter(dict[str, tuple[str, ...]]).validate_python(read_data("manners.yaml"))


@lru_cache(maxsize=1024)
def manners_of(text: str) -> frozenset[str]:
    """Return the ways, states and intents that a text mentions."""
    spaced = " " + " ".join(plain(text).lower().replace("’", "'").translate(_PUNCTUATION).split()) + " "
    return frozenset(
        manner
        for manner, phrases in load_manners().items()
        if any(_is_said(phrase, spaced) for phrase in phrases)
    )


def _is_said(phrase: str, spaced: str) -> bool:
    """Return whether a phrase occurs where nothing right before it denies it."""
    if f" {phrase} " not in spaced:
        return False
    befores = spaced.split(f" {phrase} ")[:-1]
    return any(not DENIALS & set(before.split()[-DENIAL_REACH:]) for before in befores)


DENIALS = frozenset(
    [
        "before",
        "nobody",
        "avoid",
        "avoiding",
        "without",
        "prevent",
        "preventing",
        "not",
        "never",
        "don't",
        "avoids",
    ]
)
DENIAL_REACH = 3
"""Words before a phrase in which a denial concerns it."""
_PUNCTUATION = str.maketrans(dict.fromkeys('.,;:!?"()*', " "))


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in VOWELS else verb + "s"


def _gerunds(verb: str) -> tuple[str, ...]:
    if verb.endswith("ie"):
        return (verb[:-2] + "ying",)
    if verb.endswith("e") and not verb.endswith("ee"):
        return (verb[:-1] + "ing",)
    doubles = (
        len(verb) > 2
        and verb[-1] not in VOWELS | set("wxy")
        and verb[-2] in VOWELS
        and verb[-3] not in VOWELS
    )
    if doubles and verb not in KEEPS_ONE_LETTER:
        return (verb + verb[-1] + "ing", verb + "ing")
    return (verb + "ing",)
