"""Room planner: read a person's words into requests and remarks, sentence by sentence."""

from __future__ import annotations

from .connectives import read_connective
from .continuation import continued
from .corrections import read_correction
from .cursor import Cursor
from .fixed_phrases import JOINERS
from .lexicon import Lexicon
from .meaning import NotUnderstood, Question, Understanding
from .reading import Reading, append, read_request, rest_of_clause
from .remarks import read_remark
from .request_words import request_begins, verb_begins
from .special_clauses import (
    read_bare_order,
    read_ensured_state,
    read_prohibition,
    read_sparing,
    read_tool,
    read_wish,
)
from .text import sentences_of


def read_instruction(text: str, lexicon: Lexicon) -> Understanding:
    """Return the requests in the order in which they are to be done.

    Raises:
        NotUnderstood: If part of a request cannot be read; the message quotes it.
        Question: If the person must say more.
    """
    reading = Reading()
    for words in sentences_of(text):
        corrected = lexicon.corrected(words)
        _read_sentence(Cursor(words=corrected, lexicon=lexicon), reading)
    return Understanding(requests=tuple(reading.requests), context=reading.context)


def _read_sentence(cursor: Cursor, reading: Reading) -> None:
    reading.swap_at = reading.heading = None
    if reading.condition is not None and not cursor.sees("otherwise", "else", "if not"):
        reading.condition = None
    if ":" in cursor.words and not _reads_alone(cursor, reading):
        cursor.at = cursor.words.index(":") + 1  # a heading: "prepare breakfast: ..."
    while not cursor.is_at_end:
        start = cursor.at
        if cursor.sees(
            "before", "after", "once", "if", "otherwise", "else", "when", "unless", "while", "until", "as"
        ) and read_connective(cursor, reading):
            continue
        if read_correction(cursor, reading) or _skip_politeness(cursor, reading):
            continue
        if not _read_part(cursor, reading):
            raise NotUnderstood(f"I do not understand {rest_of_clause(cursor, start)!r}")


def _reads_alone(cursor: Cursor, reading: Reading) -> bool:
    """Return whether what comes before the colon can be read by itself."""
    words = cursor.words[: cursor.words.index(":")]
    trial = Reading(requests=list(reading.requests), context=reading.context)
    try:
        _read_sentence(Cursor(words=words, lexicon=cursor.lexicon), trial)
    except (NotUnderstood, Question):
        return False
    return True


def _skip_politeness(cursor: Cursor, reading: Reading) -> bool:
    verb, wrapper = cursor.length("verb"), cursor.length("wrapper")
    if wrapper and wrapper > (verb if verb_begins(cursor) else 0):
        cursor.take("wrapper")
        return True
    if cursor.length("adjunct") and not verb_begins(cursor):
        cursor.take("adjunct")
        return True
    joiner = cursor.accept(*JOINERS)
    if joiner == ":" and reading.requests and reading.requests[-1].frame in ("clear", "put_away"):
        reading.heading = reading.requests[-1]
    return bool(joiner)


def _read_part(cursor: Cursor, reading: Reading) -> bool:
    """Read one request, continued list or remark."""
    start = cursor.at
    if read_ensured_state(cursor, reading) or read_sparing(cursor, reading) or read_wish(cursor, reading):
        return True
    if read_tool(cursor) or verb_begins(cursor):
        return _read_request_or_remark(cursor, reading)
    if cursor.accept("do not", "never", "without", "not") and request_begins(cursor):
        read_prohibition(cursor, reading)
        return True
    cursor.at = start
    if reading.requests and _read_continuation(cursor, reading):
        return True
    if not reading.requests and read_bare_order(cursor, reading):
        return True
    context = read_remark(cursor, reading.context)
    if context is not None:
        reading.context = context
        return True
    return _skip_vocative(cursor)


def _read_request_or_remark(cursor: Cursor, reading: Reading) -> bool:
    """Read a request; "I need a break, ..." is a remark when something else follows."""
    start, before = cursor.at, list(reading.requests)
    try:
        read_request(cursor, reading)
    except NotUnderstood:
        reading.requests[:], cursor.at = before, start
        context = read_remark(cursor, reading.context) if cursor.peek() == "i" else None
        if context is None or cursor.is_at_end:
            raise
        reading.context = context
    return True


def _skip_vocative(cursor: Cursor) -> bool:
    """Skip a name at the start: "Alexa, ..."."""
    word = cursor.peek()
    unknown = word not in cursor.lexicon.words and word not in cursor.lexicon.other_words
    if cursor.at == 0 and unknown and cursor.peek(1) == "," and request_begins(_after(cursor, 2)):
        cursor.at += 2
        return True
    return False


def _after(cursor: Cursor, count: int) -> Cursor:
    return Cursor(words=cursor.words, lexicon=cursor.lexicon, at=cursor.at + count)


def _read_continuation(cursor: Cursor, reading: Reading) -> bool:
    """Read "... and an apple to the far counter", "cans to the bin": a request whose verb was said before."""
    last = reading.requests[-1]
    after_colon = cursor.peek(-1) == ":"
    requests = continued(cursor, last)
    if not requests:
        return False
    if last.frame == "clear" or (after_colon and last.frame in ("put_away", "unload")):
        reading.heading = last
    append(reading, requests)
    return True
