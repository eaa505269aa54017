"""Room planner: one decision's way to the gateway: one deadline for all requests, one sum of cost."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from planner.language_model import Usage

from .gateway import Body, CallFailed, Gateway, Reply, Request, Tokens
from .told import Client


class Asker:
    """Made in the loop's thread when a decision begins."""

    def __init__(
        self, gateway: Gateway, client: Client, *, within_s: float, ahead: list[Request] | None = None
    ) -> None:
        """Start the clock.

        Args:
            gateway: Where requests go.
            client: The vendor's wire.
            within_s: Time for the whole decision, [s].
            ahead: Where requests are noted that are asked for a scene that may not come; None for all others.
        """
        self._gateway = gateway
        self._client = client
        self._deadline = asyncio.get_running_loop().time() + within_s
        self._began = time.monotonic()
        self._asked: list[Request] = []
        self._replies: list[Reply] = []
        self._ahead = ahead
        self._lost = 0

    async def ask(self, request: Request) -> Body:
        """Return the body of the answer.

        Raises:
            CallFailed: If there is none in time.
        """
        if self._ahead is not None:
            request = replace(request, is_ahead=True)
            self._ahead.append(request)
        try:
            reply = await self._gateway.ask(
                request, self._client.send, self._client.tokens_of, deadline=self._deadline
            )
        except CallFailed as failure:
            self._lost += failure.requests
            raise
        self._asked.append(request)
        self._replies.append(reply)
        return reply.body

    def keep(self) -> None:
        """Keep what was answered for later runs: the decision came to something."""
        for request, reply in zip(self._asked, self._replies, strict=True):
            if reply.source == "network":
                self._gateway.keep(request, reply.body)

    def usage(self, settings: str = "") -> Usage:
        """Return what the decision cost so far."""
        tokens = sum((reply.tokens for reply in self._replies), Tokens())
        prices = [reply.usd for reply in self._replies]
        return Usage(
            calls=sum(reply.requests for reply in self._replies) + self._lost,
            input_tokens=tokens.input,
            cached_tokens=tokens.cached,
            written_tokens=tokens.written,
            output_tokens=tokens.output,
            usd=None if None in prices else sum(p for p in prices if p is not None),
            latency_s=time.monotonic() - self._began,
            settings=settings,
        )
