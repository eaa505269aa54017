"""Room planner: read a person's words into requests and remarks, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .conditions import read_condition
from .continuation import continued, within_heading
from .cursor import Cursor
from .fixed_phrases import JOINERS, PUSHING, SPLIT_ENDINGS
from .frames import requests_from
from .lexicon import Lexicon
from .meaning import Condition, Context, NotUnderstood, Question, Request, Understanding
from .remarks import read_remark
from .request_words import read_arguments, request_begins, verb_begins
from .text import sentences_of

_PLACE_FRAMES = {"go", "visit", "open", "close", "turn_on", "turn_off", "wipe", "clear", "unload"}


@dataclass
class _Reading:
    """What was read so far."""

    requests: list[Request] = field(default_factory=list)
    context: Context = field(default_factory=Context)
    condition: Condition | None = None
    """Holds for the requests that follow in this sentence."""
    heading: Request | None = None
    """"Clear the table:" before a list that says how."""
    swap_at: int | None = None
    """Index of a request before which the following ones are to be done."""


def read_instruction(text: str, lexicon: Lexicon) -> Understanding:
    """Return the requests in the order in which they are to be done.

    Raises:
        NotUnderstood: If part of a request cannot be read; the message quotes it.
        Question: If the person must say more.
    """
    reading = _Reading()
    for words in sentences_of(text):
        corrected = lexicon.corrected(words)
        _read_sentence(Cursor(words=corrected, lexicon=lexicon), reading)
    return Understanding(requests=tuple(reading.requests), context=reading.context)


def _read_sentence(cursor: Cursor, reading: _Reading) -> None:
    reading.swap_at = reading.heading = None
    if reading.condition is not None and not cursor.sees("otherwise", "else", "if not"):
        reading.condition = None
    if ":" in cursor.words and not _reads_alone(cursor, reading):
        cursor.at = cursor.words.index(":") + 1  # a heading: "prepare breakfast: ..."
    while not cursor.is_at_end:
        start = cursor.at
        if cursor.sees(
            "before", "after", "once", "if", "otherwise", "else", "when", "unless", "while", "until", "as"
        ) and _read_connective(cursor, reading):
            continue
        if _skip_politeness(cursor, reading):
            continue
        if not _read_part(cursor, reading):
            raise NotUnderstood(f"I do not understand {_rest_of_clause(cursor, start)!r}")


def _reads_alone(cursor: Cursor, reading: _Reading) -> bool:
    """Return whether what comes before the colon can be read by itself."""
    words = cursor.words[: cursor.words.index(":")]
    trial = _Reading(requests=list(reading.requests), context=reading.context)
    try:
        _read_sentence(Cursor(words=words, lexicon=cursor.lexicon), trial)
    except (NotUnderstood, Question):
        return False
    return True


def _skip_politeness(cursor: Cursor, reading: _Reading) -> bool:
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


def _read_part(cursor: Cursor, reading: _Reading) -> bool:
    """Read one request, continued list or remark."""
    if _read_tool(cursor) or verb_begins(cursor):
        _read_request(cursor, reading)
        return True
    if cursor.accept("do not", "never", "without") and request_begins(cursor):
        _read_prohibition(cursor, reading)
        return True
    if reading.requests and _read_continuation(cursor, reading):
        return True
    context = read_remark(cursor, reading.context)
    if context is not None:
        reading.context = context
        return True
    return not reading.requests and _read_bare_order(cursor, reading)


def _read_tool(cursor: Cursor) -> bool:
    """Read "use the sponge to" before a verb; which tool serves is for the planner to say."""
    start = cursor.at
    if cursor.accept("use", "using", "with", "take"):
        cursor.accept("the", "a", "my", "that")
        if cursor.take("noun") and cursor.accept("to", "and", ",", "in order to"):
            verb = cursor.match("verb")
            if verb is not None and verb[1].frames[0] == "wipe":
                return True
    cursor.at = start
    return False


def _read_prohibition(cursor: Cursor, reading: _Reading) -> None:
    """Read "do not throw away the apple": what it names is left out of the other requests."""
    trial = _Reading(context=reading.context)
    _read_request(cursor, trial)
    barred = frozenset(kind for r in trial.requests for thing in r.objects for kind in thing.kinds)
    reading.context = replace(reading.context, disliked=reading.context.disliked | barred)


def _read_bare_order(cursor: Cursor, reading: _Reading) -> bool:
    """Read "a coke and an apple, please": things alone are an order."""
    start = cursor.at
    arguments = read_arguments(cursor, verb="", takes_places=False)
    while cursor.length("adjunct") or cursor.length("wrapper"):
        cursor.take("adjunct") or cursor.take("wrapper")
    pronouns = any(thing.pronoun for thing, _ in arguments.things)
    if not arguments.things or pronouns or arguments.loose or not cursor.is_at_end:
        cursor.at = start
        return False
    _append(reading, requests_from(("bring",), arguments, cursor.text(start)))
    return True


def _read_request(cursor: Cursor, reading: _Reading) -> None:
    start = cursor.at
    verb = cursor.peek()
    sense = cursor.take("verb")
    assert sense is not None
    stem = _stem_of(verb, cursor)
    takes_places = sense.frames[0] in _PLACE_FRAMES
    arguments = read_arguments(cursor, verb=stem, takes_places=takes_places)
    words = cursor.text(start)
    _require_clause_end(cursor, words)
    _append(reading, requests_from(sense.frames, arguments, words))


def _append(reading: _Reading, requests: tuple[Request, ...]) -> None:
    heading = reading.heading
    if heading is not None:
        reading.requests = [r for r in reading.requests if r is not heading]
        requests = tuple(within_heading(request, heading) for request in requests)
    for request in requests:
        placed = replace(request, condition=reading.condition)
        if reading.swap_at is not None:
            reading.requests.insert(reading.swap_at, placed)
            reading.swap_at += 1
        else:
            reading.requests.append(placed)


def _stem_of(verb: str, cursor: Cursor) -> str:
    """Return the dictionary form of a verb that takes a particle ("throwing" -> "throw")."""
    for stem in cursor.lexicon.split_verbs:
        if verb == stem or (
            verb.startswith(stem.rstrip("e")) and verb[len(stem.rstrip("e")) :] in SPLIT_ENDINGS
        ):
            return stem
    for stem in (*PUSHING, "move", "shift"):
        if verb.startswith(stem.rstrip("e")):
            return stem
    return verb


def _require_clause_end(cursor: Cursor, words: str) -> None:
    if cursor.is_at_end or cursor.length("adjunct") or request_begins(cursor):
        return
    if cursor.sees(
        *JOINERS,
        "before",
        "after",
        "once",
        "if",
        "otherwise",
        "else",
        "or",
        "when",
        "unless",
        "since",
        "because",
    ):
        return
    start = cursor.at
    raise NotUnderstood(f"I do not understand {_rest_of_clause(cursor, start)!r} after {words!r}")


def _read_continuation(cursor: Cursor, reading: _Reading) -> bool:
    """Read "... and an apple to the far counter", "cans to the bin": a request whose verb was said before."""
    last = reading.requests[-1]
    after_colon = cursor.peek(-1) == ":"
    requests = continued(cursor, last)
    if not requests:
        return False
    if last.frame == "clear" or (after_colon and last.frame in ("put_away", "unload")):
        reading.heading = last
    _append(reading, requests)
    return True


def _read_connective(cursor: Cursor, reading: _Reading) -> bool:
    start = cursor.at
    word = cursor.accept(
        "before you", "before", "after you", "once you", "after", "once", "otherwise", "else", "if not"
    )
    if word.startswith("before") and request_begins(cursor):
        if reading.requests:
            _read_swapped(cursor, reading, is_before=False)
        else:
            _read_swapped(cursor, reading, is_before=True)
        return True
    if word.startswith(("after", "once")) and request_begins(cursor):
        _read_swapped(cursor, reading, is_before=bool(reading.requests))
        return True
    if word in ("otherwise", "else", "if not") and reading.condition is not None:
        reading.condition = replace(reading.condition, is_negated=not reading.condition.is_negated)
        return True
    cursor.at = start
    if _skip_meanwhile(cursor):
        return True
    condition = read_condition(cursor)
    if condition is not None:
        reading.condition = condition
        return True
    cursor.at = start
    return False


def _skip_meanwhile(cursor: Cursor) -> bool:
    """Skip "while it warms up," and "until I am back": we do one thing after the other anyway."""
    start = cursor.at
    if not cursor.accept("while", "until", "as soon as", "whenever"):
        return False
    while not cursor.is_at_end and cursor.peek() != ",":
        if cursor.peek() in ("and", "then") and cursor.at > start + 2:
            return True
        cursor.at += 1
    return True


def _read_swapped(cursor: Cursor, reading: _Reading, *, is_before: bool) -> None:
    """Read the clause of "before ..." or "after ..." and put it where it belongs in time."""
    while cursor.length("wrapper"):
        cursor.take("wrapper")
    if reading.requests and is_before:  # "do B after doing A": A goes first
        reading.swap_at = len(reading.requests) - 1
        _read_request(cursor, reading)
        reading.swap_at = None
        return
    _read_request(cursor, reading)
    if is_before:  # "before doing B, do A": what follows goes first
        reading.swap_at = len(reading.requests) - 1


def _rest_of_clause(cursor: Cursor, start: int) -> str:
    end = start + 1
    while end < len(cursor.words) and cursor.words[end] not in (",", ":", "then"):
        end += 1
    return cursor.text(start, end)
