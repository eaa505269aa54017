"""Room safety: a sentence as a row of clauses, each a verb and the words that follow it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .grammar import load_grammar
from .lexicon import load_lexicon
from .verbs import Verbs, load_verbs
from .words import CAMEL, plain

MARKS = frozenset(".,;:!?()")
STOPS = MARKS - {","}
GIVES_TURN = frozenset({"help", "let", "have", "make", "and"})
"""After `help me`, `let him`: the verb follows."""
SEVERE = frozenset({"hurt", "kill", "steal", "spy"})
"""Senses that are read wherever the word can be a verb at all."""
REACH = 7
"""Words between a verb and its second part, at most."""
NEGATION_REACH = 5
"""Words before a verb in which a negation concerns it, at most; right before it three."""


@dataclass(frozen=True)
class Clause:
    """A verb and what follows it, up to the next verb."""

    sense: str
    verb: str
    words: tuple[str, ...]
    """Words and marks."""


@dataclass(frozen=True)
class _Start:
    at: int
    sense: str
    verb: str
    length: int


def tokens_of(text: str) -> list[str]:
    """Return lower-case words and marks, with names such as `DeskLamp` in two words."""
    spaced = CAMEL.sub(" ", plain(text).replace("_", " ")).lower().replace("’", "'")
    spaced = re.sub(r"\b\d+\b", " ", spaced)
    spaced = re.sub(r"[<>|\[\]{}#~=\n]+", " . ", spaced)
    return re.findall(r"[^\W\d_]+(?:['\-][^\W\d_]+)*|[.,;:!?()]", spaced)


def clauses_of(text: str) -> Iterator[Clause]:
    """Yield what a text asks for, leaving out what it asks not to do."""
    tokens = _rejoined(tokens_of(text))
    starts = _verbs_in(tokens)
    ends = [start.at for start in starts[1:]] + [len(tokens)]
    for start, end in zip(starts, ends, strict=False):
        begin = start.at + start.length
        stop = next((k for k in range(begin, end) if tokens[k] in STOPS), end)
        if not _is_negated(tokens, start.at):
            yield Clause(start.sense, start.verb, tuple(tokens[begin:stop]))


def _verbs_in(tokens: Sequence[str]) -> list[_Start]:
    starts: list[_Start] = []
    for index in range(len(tokens)):
        if starts and index < starts[-1].at + starts[-1].length:
            continue
        if (found := _verb_at(load_verbs(), tokens, index)) is not None:
            starts.append(_Start(index, *found))
    return starts


def _verb_at(verbs: Verbs, tokens: Sequence[str], index: int) -> tuple[str, str, int] | None:
    """Return the verb that begins at `index`, unless its neighbours make it a noun."""
    found = verbs.at(tokens, index)
    pair = tokens[index : index + 2]
    if found is None or (len(pair) == 2 and load_lexicon().spelled(pair) is not None):
        return None
    grammar = load_grammar()
    before = tokens[index - 1] if index else "."
    if before in grammar.subjects:
        return found if index >= 2 and tokens[index - 2] in grammar.modals else None
    if before in MARKS or before in grammar.openers or before in grammar.negations or before.endswith("ly"):
        return found
    if before in grammar.persons and index >= 2 and tokens[index - 2] in GIVES_TURN:
        return found
    is_noun = before in grammar.noun_marks or verbs.at(tokens, index - 1) is not None
    return found if found[0] in SEVERE and not is_noun else None


def _is_negated(tokens: Sequence[str], index: int) -> bool:
    grammar = load_grammar()
    first = max(0, index - NEGATION_REACH)
    begin = next((k for k in range(index, first, -1) if tokens[k - 1] in STOPS), first)
    before = list(tokens[begin:index])
    if " ".join(before).endswith(("instead of", "rather than")):
        return True
    nearest = before[-3:]
    if not grammar.negations & set(nearest) or "," in nearest:
        return False
    return not grammar.reversed & set(before)


def _rejoined(tokens: list[str]) -> list[str]:
    """Move the second part of a verb to its first: `turn the lamp on` becomes `turn on the lamp`."""
    out, index = [], 0
    while index < len(tokens):
        second = _second_part(tokens, index)
        if second is None:
            out.append(tokens[index])
            index += 1
            continue
        at, length = second
        out += [tokens[index], *tokens[at : at + length], *tokens[index + 1 : at]]
        index = at + length
    return out


def _second_part(tokens: Sequence[str], index: int) -> tuple[int, int] | None:
    """Return where the second part of the verb at `index` stands and its length, if apart from it."""
    grammar = load_grammar()
    for part in grammar.second_parts.get(tokens[index], ()):
        words = part.split()
        for at in range(index + 2, min(index + REACH, len(tokens) - len(words) + 1)):
            if tokens[at - 1] in STOPS or tokens[at - 1] == "then":
                break
            after = tokens[at + len(words)] if at + len(words) < len(tokens) else "."
            if tokens[at : at + len(words)] == words and (after in MARKS or after in grammar.clause_ends):
                return at, len(words)
    return None
