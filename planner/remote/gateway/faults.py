"""Room planner: what an exception of a vendor's client means: try again, when, or never.

The clients' exception classes are told apart by what they carry (a status code, a response, a cause), not by
import: OpenAI's, Anthropic's and LangChain's re-classed ones all go through here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from planner.language_model import FailureKind
from planner.remote.texts import one_line

from .exchange import CallFailed

_TRANSIENT_STATUS = frozenset({408, 409, 425, 429})
_NOT_KNOWN = frozenset({400, 404, 405, 422, 501})
_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_error", "credit balance")
_LONGEST = 300
"""A server's words beyond this are left out, [characters]."""
_CONNECTION = ("APIConnectionError", "APITimeoutError", "TransportError", "ConnectError", "ReadError")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What went wrong with one attempt."""

    kind: FailureKind
    reason: str
    is_transient: bool = False
    """Whether the same request may work later."""
    wait_s: float | None = None
    """How long the server asks to wait, [s]; None when it does not say."""
    was_served: bool = True
    """Whether the server may have done (and billed) the work."""


class BrokenReply(Exception):
    """HTTP 200 with something that is not the interface's reply: a page, a cut body, missing fields."""


def fault_of(error: BaseException) -> Fault:
    """Return what an exception means."""
    if isinstance(error, CallFailed):
        return Fault(kind=error.kind, reason=error.reason)
    if isinstance(error, BrokenReply):
        return _transient(FailureKind.UNREACHABLE, str(error))
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _status_fault(error, status)
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return _transient(FailureKind.UNREACHABLE, "the reply was cut off or is not JSON")
    if names & set(_CONNECTION) or isinstance(error, OSError):
        cause = error.__cause__ or error
        return _transient(FailureKind.UNREACHABLE, f"no connection: {_words(cause) or type(cause).__name__}")
    if "APIResponseValidationError" in names:
        return _transient(FailureKind.UNREACHABLE, f"the reply is not the interface's: {_words(error)}")
    return Fault(kind=FailureKind.UNREACHABLE, reason=f"{type(error).__name__}: {_words(error)}")


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return how long a server asks to wait, [s]: seconds, milliseconds or an HTTP date; None if it does not.

    Source: RFC 9110, section 10.2.3; `retry-after-ms` is OpenAI's own.
    """
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        text = headers.get(name)
        if text is None:
            continue
        try:
            seconds = float(text) * scale
        except ValueError:
            try:
                moment = parsedate_to_datetime(text)
            except (ValueError, OverflowError):
                continue
            if moment.tzinfo is None:  # "-0000" says UTC, without saying where
                moment = moment.replace(tzinfo=UTC)
            seconds = max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
        if not math.isnan(seconds) and seconds >= 0.0:
            return seconds
    return None


def _status_fault(error: BaseException, status: int) -> Fault:
    words, told = _words(error), _told(error)
    if status == 429 and any(sign in f"{told.get('code')} {told.get('type')} {words}" for sign in _QUOTA):
        return Fault(
            kind=FailureKind.REJECTED, reason=f"the account's quota is used up: {words}", was_served=False
        )
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    if status in _TRANSIENT_STATUS or (status >= 500 and status not in _NOT_KNOWN):
        what = {429: "too many requests", 529: "overloaded"}.get(status, "server error")
        return Fault(
            kind=FailureKind.UNREACHABLE,
            reason=f"{what} (HTTP {status}): {words}",
            is_transient=True,
            wait_s=retry_after_s(headers),
            was_served=status >= 500,
        )
    kind = FailureKind.UNSUPPORTED if status in _NOT_KNOWN else FailureKind.REJECTED
    return Fault(kind=kind, reason=f"HTTP {status}: {words}", was_served=False)


def _transient(kind: FailureKind, reason: str) -> Fault:
    return Fault(kind=kind, reason=reason, is_transient=True)


def _words(error: BaseException) -> str:
    """Return what the server says, on one line; cut between words, so that no half of a key is left."""
    return one_line(str(_told(error).get("message") or error), _LONGEST)


def _told(error: BaseException) -> Mapping[str, Any]:
    """Return the vendor's error record: OpenAI's SDK unwraps it, Anthropic's does not."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}
