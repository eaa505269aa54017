"""Room planner: who writes exchanges down, and who answers from what was written."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from planner.language_model import FailureKind

from .exchange import Body, CallFailed, Reply, Request


class Ledger(Protocol):
    """Keeps every exchange of a run; called from the event loop's thread, so it must be safe for that."""

    def sent(self, request: Request, most_usd: float | None) -> None:
        """Note that a request is about to be sent: from here on it may be billed, at most so much, [USD]."""
        ...

    def answered(self, request: Request, reply: Reply) -> None:
        """Note the answer."""
        ...

    def failed(self, request: Request, failure: CallFailed) -> None:
        """Note that no answer will come, and why."""
        ...

    def cancelled(self, request: Request) -> None:
        """Note that nobody waits any more for something sent: a lost race, a dropped question, Ctrl-C."""
        ...

    def taken(self, request: Request) -> None:
        """Note that what was asked ahead was used after all."""
        ...


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How one exchange of an earlier run ended: with an answer, or with a failure."""

    key: str
    body: Body | None = None
    failure: tuple[FailureKind, str] | None = None


class Recording:
    """Exchanges of an earlier run by the key of their question, in their order."""

    def __init__(self, exchanges: Iterable[Recorded]) -> None:
        """Take how they ended, oldest first."""
        self._exchanges: dict[str, deque[Recorded]] = defaultdict(deque)
        for exchange in exchanges:
            self._exchanges[exchange.key].append(exchange)

    def take(self, request: Request) -> Body | None:
        """Return the next recorded answer to exactly this request, or None.

        Raises:
            CallFailed: If that exchange failed in the recorded run.
        """
        waiting = self._exchanges.get(request.key)
        if not waiting:
            return None
        exchange = waiting.popleft()
        if exchange.failure is not None:
            raise CallFailed(*exchange.failure)
        return exchange.body
