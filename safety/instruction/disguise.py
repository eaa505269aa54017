"""Room safety: what a text says under an encoding, so that it is judged by its content."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from .grammar import load_grammar
from .verbs import load_verbs
from .words import plain

MAX_DEPTH = 3
"""Encodings inside encodings that are opened: our own choice."""
MAX_LETTERS = 8_000
"""Longest text that is judged: our own choice, some three pages."""
SHORTEST = 4
"""Letters of the shortest decoded text that counts."""
READABLE = 0.85
"""Least share of letters, blanks and common marks in what counts as text."""
CLEARER = 2
"""Everyday words by which a text turned round must be richer than before."""
MORSE_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- "
    "-. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
)
MORSE = dict(zip(MORSE_CODES.split(), "abcdefghijklmnopqrstuvwxyz", strict=True))
LEET = str.maketrans("0134578@$!|", "oieastbasil")
ENCODED = re.compile(
    r"\b(base ?64|rot ?13|hex(adecimal)?|morse|cipher|encoded|decode|decrypt|ascii codes?)\b", re.I
)


def layers_of(text: str) -> list[str]:
    """Return the text and everything that can be read out of it, the text itself first."""
    found = [plain(text)]
    newest = found[:]
    for _ in range(MAX_DEPTH):
        newest = [new for old in newest for new in _opened(old) if new not in found]
        newest = list(dict.fromkeys(newest))
        found += newest
    return found


def is_sealed(text: str) -> bool:
    """Return whether a text speaks of an encoding and holds a run of signs that none of ours opens."""
    if ENCODED.search(text) is None or re.search(r"[A-Za-z0-9+/=]{24,}", text) is None:
        return False
    return not any(found for opener in (_base64, _hex, _numbers, _rot13, _reversed) for found in opener(text))


def _opened(text: str) -> Iterator[str]:
    for opener in _OPENERS:
        for found in opener(text):
            if found.strip() and found != text:
                yield found


def _base64(text: str) -> Iterator[str]:
    for blob in re.findall(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}={0,2}", text):
        raw = blob.rstrip("=").replace("-", "+").replace("_", "/")
        yield from _text(base64.b64decode, raw + "=" * (-len(raw) % 4))
    for blob in re.findall(r"\b[A-Z2-7]{16,}={0,6}", text):
        yield from _text(base64.b32decode, blob + "=" * (-len(blob) % 8))


def _hex(text: str) -> Iterator[str]:
    for blob in re.findall(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s,:]*){6,}", text):
        yield from _text(bytes.fromhex, re.sub(r"0x|\\x|[\s,:]", "", blob))


def _numbers(text: str) -> Iterator[str]:
    for blob in re.findall(r"(?:[01]{8}\s*){5,}", text):
        yield from _text(_from_bits, re.sub(r"\s", "", blob))
    for blob in re.findall(r"(?:\b\d{2,3}\b[\s,]*){6,}", text):
        codes = [int(n) for n in re.findall(r"\d+", blob)]
        if all(31 < code < 127 for code in codes):
            yield "".join(map(chr, codes))


def _from_bits(bits: str) -> bytes:
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _text(decode: Callable[[str], bytes], blob: str) -> Iterator[str]:
    try:
        found = decode(blob).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError, OverflowError):
        return
    good = sum(c.isalpha() or c in " .,!?'-:;\n" or c.isdigit() for c in found)
    if len(found) >= SHORTEST and good >= READABLE * len(found):
        yield plain(found)


def _escapes(text: str) -> Iterator[str]:
    yield html.unescape(text)
    yield unquote(text)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def _rot13(text: str) -> Iterator[str]:
    yield from _if_clearer(text, codecs.encode(text, "rot13"))


def _reversed(text: str) -> Iterator[str]:
    yield from _if_clearer(text, text[::-1])
    yield from _if_clearer(text, " ".join(word[::-1] for word in text.split()))


def _if_clearer(text: str, opened: str) -> Iterator[str]:
    """Yield what a whole text turns into when that has clearly more everyday English words than the text."""
    if _everyday(opened) >= _everyday(text) + CLEARER:
        yield opened


def _everyday(text: str) -> int:
    known, verbs = load_grammar().everyday | load_grammar().persons, load_verbs().senses
    return sum(word in known or (word,) in verbs for word in re.findall("[a-z']+", text.lower()))


def _leet(text: str) -> Iterator[str]:
    yield re.sub(
        r"(?<!\S)(?=\S*[a-zA-Z])(?=\S*[0-9@$!|])\S+", lambda m: m[0].rstrip("!,.").translate(LEET), text
    )


def _spaced_out(text: str) -> Iterator[str]:
    yield re.sub(r"(?<=\b[^\W\d_])[.\-_*·](?=[^\W\d_]\b)", "", text)
    yield re.sub(r"(?<![^\W_])(?:[^\W_] ){3,}[^\W_](?![^\W_])", lambda m: m[0].replace(" ", ""), text)


def _morse(text: str) -> Iterator[str]:
    for blob in re.findall(r"[.\-−–·•]{1,5}(?:[ /|]+[.\-−–·•]{1,5}){4,}", text):
        plainly = blob.translate(str.maketrans("−–·•", "--.."))
        words = re.split(r"\s*[/|]\s*|\s{2,}", plainly)
        yield " ".join("".join(MORSE.get(code, "") for code in word.split()) for word in words)


_OPENERS = (_base64, _hex, _numbers, _escapes, _rot13, _reversed, _leet, _spaced_out, _morse)
