"""Room planner: from what a person typed to lower-case words, sentence by sentence."""

from __future__ import annotations

import re
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]

_CONTRACTIONS = (
    (r"\bcan'?t\b", "can not"),
    (r"\bcannot\b", "can not"),
    (r"\bwon'?t\b", "will not"),
    (r"\blet's\b", "let us"),
    (r"n't\b", " not"),
    (r"\b(is|are|was|do|does|did|has|have|would|should|could)nt\b", r"\1 not"),
    (r"\bi'?m\b", "i am"),
    (r"'re\b", " are"),
    (r"'ve\b", " have"),
    (r"'ll\b", " will"),
    (r"\b(i|you|we|they)'?d\b", r"\1 would"),
    (r"\b(it|that|there|here|what|who|where|how|he|she)'s\b", r"\1 is"),
    (r"\bthats\b", "that is"),
    (r"\bu\b|\bya\b", "you"),
    (r"\b(smth|sth|somethin)\b", "something"),
    (r"^\s*(yo|hey yo|ey)\b", "hey"),
    (r"\bw/o\b", "without"),
    (r"\bw/", "with "),
    (r"\b(wanna)\b", "want to"),
    (r"\b(gonna)\b", "going to"),
    (r"\b(gimme)\b", "give me"),
    (r"\b(lemme)\b", "let me"),
    (r"'s\b", ""),
    (r"\bpls\b|\bplz\b", "please"),
    (r"(^|[.,;!?]\s*)(?:but |oh |well,? )*actually\b", r"\1 on second thought"),
    (r"\b(\d+)\s?x\s+(?=[a-z])", r"\1 "),
)
_TOKEN = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*|[,:]")
_FILLERS = frozenset(
    {
        "really",
        "simply",
        "actually",
        "basically",
        "definitely",
        "literally",
        "uh",
        "um",
        "erm",
        "uhh",
        "umm",
        "uhm",
        "hmm",
        "hm",
        "er",
        "ehm",
        "ah",
        "possibly",
    }
)
_BOUNDARY = re.compile(r"[.!?;\n]+")


def sentences_of(text: str) -> tuple[Words, ...]:
    """Return each sentence's words; commas and colons are words of their own."""
    plain = text.lower().replace("’", "'").replace("‘", "'")
    for pattern, expansion in _CONTRACTIONS:
        plain = re.sub(pattern, expansion, plain)
    plain = plain.replace("&", " and ").replace("'", "")
    found = (tuple(_TOKEN.findall(part)) for part in _BOUNDARY.split(plain))
    spoken = (tuple(w for w in words if w not in _FILLERS) for words in found)
    return tuple(words for words in spoken if any(w not in ",:" for w in words))


def phrase_of(text: str) -> Words:
    """Return the words of one dictionary phrase."""
    return tuple(_TOKEN.findall(text.lower().replace("_", " ")))


def plural_of(word: str) -> str:
    """Return the regular plural of a noun."""
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith("fe"):
        return word[:-2] + "ves"
    if word.endswith("f"):
        return word[:-1] + "ves"
    return word + ("es" if word in ("tomato", "potato", "mango") else "s")


def verb_forms_of(word: str) -> tuple[str, ...]:
    """Return the regular forms of a verb: itself, third person, -ing, -ed."""
    stem = word[:-1] if word.endswith("e") and not word.endswith(("ee", "oe")) else word
    doubled = word + word[-1] if re.fullmatch(r"[a-z]*[^aeiou][aeiou][bdgmnprt]", word) else stem
    third = word + ("es" if word.endswith(("s", "sh", "ch", "x", "o")) else "s")
    return (word, third, stem + "ing", doubled + "ing", stem + "ed", doubled + "ed")
