"""Room planner: the offline model's dictionary file `words.yaml`, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

WORDS_FILE = Path(__file__).with_name("words.yaml")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Purpose(_Entry):
    """What serves the purpose that these verbs name."""

    verbs: tuple[str, ...]
    any: str
    prefer: tuple[str, ...] = ()


class Need(_Entry):
    """What somebody who says this needs."""

    says: tuple[str, ...]
    any: str
    prefer: tuple[str, ...] = ()


class Home(_Entry):
    """Where a kind of thing belongs."""

    any: str
    place: str
    kind: str
    """Any fixture of this kind will do in a home without that place."""


class WordList(_Entry):
    """The dictionary file; its comments say what each part means."""

    nouns: Mapping[str, tuple[str, ...]]
    mass_nouns: tuple[str, ...]
    adjectives: Mapping[str, tuple[str, ...]]
    plain_adjectives: tuple[str, ...]
    purposes: tuple[Purpose, ...]
    needs: tuple[Need, ...]
    verbs: Mapping[str, tuple[str, ...]]
    split_verbs: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[str, ...]]
    place_likenesses: Mapping[str, str]
    place_kinds: Mapping[str, tuple[str, ...]]
    homes: tuple[Home, ...]
    colours: tuple[str, ...]
    numbers: Mapping[str, int]
    wrappers: tuple[str, ...]
    adjuncts: tuple[str, ...]
    function_words: tuple[str, ...]
    other_words: tuple[str, ...]
    qualities: Mapping[str, tuple[str, ...]]
    remarks: Mapping[str, tuple[str, ...]]


@cache
def load_word_list() -> WordList:
    """Read the dictionary that ships with the package."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    text = WORDS_FILE.read_text(encoding="utf-8")
    return WordList.model_validate(yaml.load(text, Loader=loader))
