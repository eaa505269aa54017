"""Room safety: how a name or a sentence becomes plain lower-case words."""

from __future__ import annotations

import re
import unicodedata

CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
LOOKALIKES = str.maketrans("аеорсухіѕј", "aeopcyxisj")
IRREGULAR = {
    "knives": "knife",
    "shelves": "shelf",
    "loaves": "loaf",
    "leaves": "leaf",
    "people": "people",
    "children": "children",
    "mice": "mouse",
    "feet": "feet",
    "teeth": "tooth",
    "dice": "dice",
    "scarves": "scarf",
    "wolves": "wolf",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "batteries": "battery",
    "halves": "half",
    "lives": "life",
}
UNCHANGING = ("ss", "us", "is", "ous")


def plain(text: str) -> str:
    """Return `text` without invisible characters, in compatibility form, with letters that only look Latin
    replaced inside Latin words."""
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    return re.sub(r"\w+", _latin, text)


def _latin(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(LOOKALIKES) if re.search("[a-zA-Z]", word) else word


def words_of(text: str) -> list[str]:
    """Return the words of a name or sentence: `DeskLamp_1` gives desk, lamp."""
    spaced = CAMEL.sub(" ", plain(text).replace("_", " "))
    return [w for w in re.findall(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*", spaced.lower().replace("’", "'")) if w]


def singular(word: str) -> str:
    """Return the singular of a regular or common English plural."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(UNCHANGING):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]
