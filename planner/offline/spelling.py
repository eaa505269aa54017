"""Room planner: put misspelt words right, with care: a real word is never turned into another one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from rapidfuzz.distance import OSA

_SHORTEST = 3
_LONG = 6
_VOWELS = set("aeiou")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def correct(word: str, known: AbstractSet[str]) -> str:
    """Return the known word that `word` is a slip of, or `word` itself when none is near or two are.

    Words of 4 and 5 letters may lack, repeat or swap a letter (of 3: swap only); longer ones may have two
    such slips or a wrong letter. A wrong letter in a short word more often makes another word (cake, coke).
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
    """Return whether the difference makes another word rather than a slip of the fingers."""
    if len(word) == len(candidate):
        swapped = sorted(word) == sorted(candidate)
        return not swapped and (len(word) < _LONG or not _is_slip(word, candidate))
    return min(len(word), len(candidate)) < 4


def _is_slip(word: str, candidate: str) -> bool:
    """Return whether every wrong letter is a neighbour on the keyboard, or a vowel for a vowel."""
    wrong = [(a, b) for a, b in zip(word, candidate, strict=True) if a != b]
    return all(set(pair) <= _VOWELS or _are_neighbours(*pair) for pair in wrong)


def _are_neighbours(a: str, b: str) -> bool:
    for row, keys in enumerate(_KEYBOARD):
        if a in keys:
            column = keys.index(a)
            near = [r[max(0, column - 1) : column + 2] for r in _KEYBOARD[max(0, row - 1) : row + 2]]
            return any(b in part for part in near)
    return False


def _same_stem(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)
