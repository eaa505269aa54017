"""Room safety: the words of `grammar.yaml`, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict

from .act import Relation
from .lexicon import read_data


class Grammar(BaseModel):
    """Word lists; what each is for stands in the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    openers: frozenset[str]
    subjects: frozenset[str]
    modals: frozenset[str]
    noun_marks: frozenset[str]
    negations: frozenset[str]
    reversed: frozenset[str]
    clause_ends: frozenset[str]
    ends_phrase: frozenset[str]
    no_noun: frozenset[str]
    pronouns: frozenset[str]
    persons: frozenset[str]
    holds: frozenset[str]
    everyday: frozenset[str]
    second_parts: Mapping[str, tuple[str, ...]]
    long_prepositions: Mapping[str, str]
    relations: Mapping[Relation, tuple[str, ...]]

    @cached_property
    def relation_of(self) -> Mapping[str, Relation]:
        """Return relations by preposition."""
        return {word: relation for relation, words in self.relations.items() for word in words}

    @cached_property
    def prepositions(self) -> Mapping[tuple[str, ...], str]:
        """Return short forms by the words of long ones."""
        return {tuple(long.split()): short for long, short in self.long_prepositions.items()}


@lru_cache(maxsize=1)
def load_grammar() -> Grammar:
    """Read `grammar.yaml` once."""
    return Grammar.model_validate(read_data("grammar.yaml"))
