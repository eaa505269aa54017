"""Room planner: the one place that talks to model servers: record, cache, budget, deadline.

Nothing else counts or bounds. Everything here runs in the loop's thread.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import quantiles
from typing import TypeAlias

from planner.language_model import FailureKind

from .budget import Account
from .cache import DiskCache
from .exchange import Body, CallFailed, Reply, Request, Tokens
from .faults import fault_of
from .ledger import Ledger, Recording
from .prices import PriceTable
from .redaction import Redactor
from .sending import Sending, Sent
from .settings import CallSettings

Send: TypeAlias = Callable[[Request], Awaitable[Body]]
"""Sends a request once over the vendor's client, without retries, and returns the reply's JSON."""
CountTokens: TypeAlias = Callable[[Body], Tokens]
"""Reads a reply's usage record."""

_SAMPLES_TO_HEDGE = 20
_CHARACTERS_PER_TOKEN = 2.5
"""Fewer characters per token than any vendor's tokenizer needs for such text: reservations err upwards."""
_TOKENS_PER_IMAGE = 3000
"""More than either vendor counts for a picture of 640 x 480."""


class Gateway:
    """Sends requests under control; one per session."""

    def __init__(
        self, settings: CallSettings, prices: PriceTable, redactor: Redactor, *, is_offline: bool = False
    ) -> None:
        """Take the controls.

        Args:
            settings: Deadlines, attempts, budget.
            prices: What tokens cost.
            redactor: Keeps keys out of what is written down.
            is_offline: Answer from recording and cache alone; send nothing.
        """
        self.settings = settings
        self.prices = prices
        self.redactor = redactor
        self._is_offline = is_offline
        self._cache = DiskCache(settings.cache) if settings.cache is not None else None
        self._latencies: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=200))
        self._ledger: Ledger | None = None
        self._recording: Recording | None = None
        self.account = Account(settings.budget)

    def begin_run(self, ledger: Ledger | None, recording: Recording | None = None) -> None:
        """Start a run: a fresh budget, a ledger to write to, and perhaps answers of an earlier run."""
        self._ledger = ledger
        self._recording = recording
        self.account = Account(self.settings.budget)

    async def ask(self, request: Request, send: Send, count: CountTokens, *, deadline: float) -> Reply:
        """Return the answer to a request.

        Args:
            request: What to ask.
            send: How to send it once.
            count: How to read the usage of a reply.
            deadline: When to give up, on the loop's clock, [s].

        Raises:
            CallFailed: If no answer came within deadline, attempts and budget.
        """
        kept = self._kept(request)
        if kept is not None:
            return kept
        if self._is_offline:
            raise CallFailed(
                FailureKind.NO_RECORD, "the record ends here: the recorded run never got an answer to this"
            )
        began = time.monotonic()
        sending = Sending(
            partial(self._send_once, request, send, count),
            self.settings,
            deadline=deadline,
            hedge_after_s=self.hedge_after_s(request.endpoint),
        )
        try:
            async with asyncio.timeout_at(deadline):
                body, tokens, usd = await sending.run()
        except TimeoutError:
            reason = f"no answer within the deadline; {sending.story}"
            raise self._failed(request, CallFailed(FailureKind.DEADLINE, reason), sending) from None
        except CallFailed as failure:
            raise self._failed(request, failure, sending) from failure
        reply = Reply(
            body=body,
            tokens=tokens,
            usd=usd,
            requests=sending.requests,
            latency_s=time.monotonic() - began,
            source="network",
        )
        if self._ledger is not None:
            self._ledger.answered(request, reply)
        return reply

    @property
    def has_recording(self) -> bool:
        """Return whether an earlier run's answers are taken first."""
        return self._recording is not None

    def taken(self, request: Request) -> None:
        """Note that what was asked ahead was used after all."""
        if self._ledger is not None:
            self._ledger.taken(request)

    def keep(self, request: Request, body: Body) -> None:
        """Keep an answer that proved to be of use, if answers are kept at all."""
        if self._cache is not None:
            self._cache.put(request, body)

    def hedge_after_s(self, endpoint: str) -> float | None:
        """Return when a second request is sent there, [s], or None for never."""
        if not self.settings.hedge:
            return None
        if self.settings.hedge_after_s is not None:
            return self.settings.hedge_after_s
        latencies = self._latencies[endpoint]
        return quantiles(latencies, n=20)[-1] if len(latencies) >= _SAMPLES_TO_HEDGE else None

    async def _send_once(self, request: Request, send: Send, count: CountTokens) -> Sent:
        """Reserve, write down, send, settle."""
        price = self.prices.of(request.model, request.endpoint)
        reservation = self.account.reserve(
            _most_input(request), request.most_output, price, f"{request.model}/{request.endpoint}"
        )
        if self._ledger is not None:
            self._ledger.sent(request, None if price is None else reservation.usd)
        began = time.monotonic()
        try:
            raw = await send(request)
        except asyncio.CancelledError:
            self.account.abandon(reservation)
            if self._ledger is not None:
                self._ledger.cancelled(request)
            raise
        except Exception as error:
            if not fault_of(error).was_served:
                self.account.release(reservation)
            raise
        body = self.redactor.json(raw)
        tokens = count(body)
        usd = None if price is None else price.cost_usd(tokens)
        if tokens != Tokens():
            self.account.settle(reservation, tokens, usd)
        elif usd is not None:
            usd = reservation.usd  # the server did not say what it used: the reservation stays
            self.account.abandon(reservation)
        self._latencies[request.endpoint].append(time.monotonic() - began)
        return body, tokens, usd

    def _kept(self, request: Request) -> Reply | None:
        body = self._recording.take(request) if self._recording is not None else None
        source = "record"
        if body is None and self._cache is not None:
            body, source = self._cache.get(request), "cache"
        if body is None:
            return None
        reply = Reply(body=body, tokens=Tokens(), usd=0.0, requests=0, latency_s=0.0, source=source)
        if self._ledger is not None:
            self._ledger.answered(request, reply)
        return reply

    def _failed(self, request: Request, failure: CallFailed, sending: Sending) -> CallFailed:
        told = CallFailed(failure.kind, self.redactor.text(failure.reason))
        told.requests = sending.requests
        if self._ledger is not None:
            self._ledger.failed(request, told)
        return told


def _most_input(request: Request) -> int:
    characters = len(str(request.body))
    return round(characters / _CHARACTERS_PER_TOKEN) + _TOKENS_PER_IMAGE * len(request.images)
