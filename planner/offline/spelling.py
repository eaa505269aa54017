"""Room planner: put misspelt words right, with care: a real word is never turned into another one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from rapidfuzz.distance import OSA

_SHORTEST = 4
_LONG = 6


def correct(word: str, known: AbstractSet[str]) -> str:
    """Return the known word that `word` is a slip of, or `word` itself when none is near or two are.

    Short words (4 and 5 letters) may lack, repeat or swap a letter; longer ones may have two such slips or one
    wrong letter. A single wrong letter in a short word more often makes another word (cake, coke).
    """
    if len(word) < _SHORTEST or word in known or any(c.isdigit() or c == "_" for c in word):
        return word
    near: list[tuple[int, str]] = []
    limit = 2 if len(word) > _LONG else 1
    for candidate in known:
        if abs(len(candidate) - len(word)) > limit or len(candidate) < _SHORTEST:
            continue
        distance = OSA.distance(word, candidate, score_cutoff=limit)
        if distance <= limit and not _is_another_word(word, candidate):
            near.append((distance + (word[0] != candidate[0]), candidate))
    near.sort()
    if not near or (len(near) > 1 and near[0][0] == near[1][0] and not _same_stem(near[0][1], near[1][1])):
        return word
    return near[0][1]


def _is_another_word(word: str, candidate: str) -> bool:
    """Return whether the difference is one wrong letter in a short word, or only an ending."""
    if len(word) == len(candidate) and len(word) < _LONG:
        return sorted(word) != sorted(candidate)
    return False


def _same_stem(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)
