"""Room planner: one request on its way: attempts, the pauses between them, and a second request in a race.

Nothing else retries or sleeps. Runs in the loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from .exchange import Body, CallFailed, Tokens
from .faults import Fault, fault_of
from .settings import CallSettings

Sent: TypeAlias = tuple[Body, Tokens, float | None]
"""A reply's body, its tokens, and what they cost, [USD]; None without a price."""
Once: TypeAlias = Callable[[], Awaitable[Sent]]

LONGEST_WAIT_S = 8.0
"""Longest pause of our own choice, [s]."""


class Sending:
    """One request on its way: attempts, pauses and hedges."""

    def __init__(
        self, once: Once, settings: CallSettings, *, deadline: float, hedge_after_s: float | None
    ) -> None:
        """Start with nothing sent.

        Args:
            once: Sends the request once; raises what the client raises.
            settings: Attempts and pauses.
            deadline: On the loop's clock, [s]; a pause that would pass it is not begun.
            hedge_after_s: When a second request joins the first, [s]; None for never.
        """
        self._once_more = once
        self._attempts = settings.attempts
        self._deadline = deadline
        self._hedge_after_s = hedge_after_s
        self.requests = 0
        self._faults: list[Fault] = []
        first_s = settings.first_wait_s
        self._backoff = wait_exponential(multiplier=first_s, max=LONGEST_WAIT_S) + wait_random(0.0, first_s)

    @property
    def story(self) -> str:
        """Say what happened so far."""
        if not self._faults:
            return f"{self.requests} sent, none answered"
        return f"{self.requests} sent; last: {self._faults[-1].reason}"

    async def run(self) -> Sent:
        """Return the first good reply.

        Raises:
            CallFailed: If none came within the attempts, or the server's own pause is too long.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception(self._is_worth_another),
            stop=stop_after_attempt(self._attempts),
            wait=self._pause_s,
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    return await self._hedged()
        except CallFailed:
            raise
        except Exception as error:
            fault = fault_of(error)
            tried = f" ({self.requests} requests)" if self.requests > 1 else ""
            raise CallFailed(fault.kind, fault.reason + tried) from error
        raise AssertionError("tenacity ends by returning or raising")

    def _is_worth_another(self, error: BaseException) -> bool:
        if not isinstance(error, Exception):
            return False
        fault = fault_of(error)
        self._faults.append(fault)
        if fault.is_transient and fault.wait_s is not None and fault.wait_s > self._left_s():
            raise CallFailed(
                fault.kind,
                f"{fault.reason}; the server asks to wait {fault.wait_s:.4g} s, "
                f"which the deadline ({self._left_s():.1f} s left) does not allow",
            )
        return fault.is_transient

    def _pause_s(self, state: RetryCallState) -> float:
        wait_s = self._faults[-1].wait_s if self._faults else None
        return self._backoff(state) if wait_s is None else wait_s

    def _left_s(self) -> float:
        return self._deadline - asyncio.get_running_loop().time()

    async def _once(self) -> Sent:
        self.requests += 1
        try:
            return await self._once_more()
        except CallFailed:
            self.requests -= 1  # nothing was sent
            raise

    async def _hedged(self) -> Sent:
        """Send; when nothing came for long, send the same again and take what comes first."""
        if self._hedge_after_s is None:
            return await self._once()
        racing = {asyncio.ensure_future(self._once())}
        try:
            done, _ = await asyncio.wait(racing, timeout=self._hedge_after_s)
            if not done:
                racing.add(asyncio.ensure_future(self._once()))
            while True:
                done, racing = await asyncio.wait(racing, return_when=asyncio.FIRST_COMPLETED)
                won = [task for task in done if task.exception() is None]
                if won or not racing:
                    return (won or list(done))[0].result()
        finally:
            for task in racing:
                task.cancel()
            await asyncio.gather(*racing, return_exceptions=True)
