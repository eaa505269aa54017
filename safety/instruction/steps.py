"""Room safety: the steps of a plan, in words such as `put Microwave`, as typed actions."""

from __future__ import annotations

from collections.abc import Sequence

from .act import Act, Relation
from .lexicon import Lexicon
from .sentence import SentenceReader
from .verbs import load_verbs
from .words import words_of

TOGETHER = frozenset({"put", "throw", "drop", "give", "hide"})
"""Senses whose step may name the thing and the place."""
LITTLE = frozenset(
    ["a", "an", "and", "at", "from", "held", "in", "inside", "into", "near", "object", "of", "on", "onto"]
    + ["over", "the", "to", "under", "with"]
)


class StepReader:
    """Reads acts from the steps of a plan."""

    def __init__(self, lexicon: Lexicon, sentences: SentenceReader) -> None:
        """Take the nouns, and the reader for steps that are whole sentences."""
        self._lexicon = lexicon
        self._sentences = sentences

    def read(self, steps: Sequence[str]) -> tuple[Act, ...]:
        """Return one act per step, or several for a step that is a sentence."""
        return tuple(act for step in steps for act in self._step(step))

    def _step(self, step: str) -> tuple[Act, ...]:
        words = words_of(step)
        found = load_verbs().at(words, 0) if words else None
        if found is None or {"the", "a", "an", "then"} & set(words[1:]):
            return self._sentences.read(step)
        sense, verb, length = found
        rest = [w for w in words[length:] if w not in LITTLE]
        return (self._act(sense, verb, rest),)

    def _act(self, sense: str, verb: str, rest: list[str]) -> Act:
        if not rest:
            return Act(sense=sense, verb=verb)
        whole = " ".join(rest)
        front, back = self._split(rest)
        if sense == "put":
            return Act(sense=sense, verb=verb, object=front, target=back or whole, relation=Relation.IN)
        if sense == "fill":
            is_liquid = back is not None and self._is(back, "liquid")
            return Act(
                sense=sense,
                verb=verb,
                object=front if is_liquid else whole,
                liquid=back if is_liquid else None,
            )
        if sense == "give" and front is None and self._is(whole, "being"):
            return Act(sense=sense, verb=verb, target=whole, relation=Relation.TO)
        if sense in {"pour", "spray"}:
            return self._poured(sense, verb, whole, front, back)
        if front is not None and sense in TOGETHER:
            return Act(sense=sense, verb=verb, object=front, target=back, relation=Relation.AT)
        return Act(sense=sense, verb=verb, object=whole)

    def _poured(self, sense: str, verb: str, whole: str, front: str | None, back: str | None) -> Act:
        if front is not None and self._is(front, "liquid"):
            return Act(sense=sense, verb=verb, liquid=front, target=back)
        if front is not None:
            return Act(sense=sense, verb=verb, tool=front, target=back)
        if self._is(whole, "liquid"):
            return Act(sense=sense, verb=verb, liquid=whole)
        return Act(sense=sense, verb=verb, object=whole)

    def _is(self, name: str, kind: str) -> bool:
        return kind in self._lexicon.properties(name)

    def _split(self, words: Sequence[str]) -> tuple[str | None, str | None]:
        """Return two nouns when the words are two and not one compound."""
        if self._lexicon.spelled(words) is not None:
            return None, None
        for cut in range(1, len(words)):
            front, back = self._lexicon.spelled(words[:cut]), self._lexicon.spelled(words[cut:])
            if front is not None and back is not None:
                return " ".join(words[:cut]), " ".join(words[cut:])
        return None, None
