"""Room planner: what a run may spend on its model: reserved before sending, settled by the usage."""

from __future__ import annotations

from dataclasses import dataclass

from planner.language_model import FailureKind, Usage
from planner.remote.limits import MOST_CALLS, MOST_TOKENS

from .exchange import CallFailed, Tokens
from .prices import Price


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Limits of one run; None sets no limit."""

    calls: int | None = MOST_CALLS
    """Requests, retries and hedges included."""
    tokens: int | None = MOST_TOKENS
    """Input and output together."""
    usd: float | None = None


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """The most that one request can use."""

    tokens: int
    usd: float


class Account:
    """Counts one run. A request that never answered keeps its reservation: it may have been billed."""

    def __init__(self, budget: Budget) -> None:
        """Start at nothing."""
        self._budget = budget
        self.calls = 0
        self.tokens = 0
        self.usd = 0.0
        self._held_tokens = 0
        self._held_usd = 0.0
        self._abandoned_usd = 0.0
        self._used = Tokens()
        self._is_priced = True

    def usage(self) -> Usage:
        """Return what the run used so far; a request that nobody waited for counts with its most."""
        return Usage(
            calls=self.calls,
            input_tokens=self._used.input,
            cached_tokens=self._used.cached,
            written_tokens=self._used.written,
            output_tokens=self._used.output,
            usd=self.usd + self._abandoned_usd if self._is_priced else None,
        )

    def reserve(self, input_tokens: int, output_tokens: int, price: Price | None, model: str) -> Reservation:
        """Set aside the most that a request can use.

        Raises:
            CallFailed: If that would exceed the budget, or a limit in money has no price to go by.
        """
        budget, tokens = self._budget, input_tokens + output_tokens
        if price is None and budget.usd is not None:
            raise CallFailed(
                FailureKind.OVER_BUDGET,
                f"{model} has no price in the table, so a budget in money cannot be kept; add its price with "
                "--prices FILE, or limit calls and tokens instead",
            )
        usd = price.most_usd(input_tokens, output_tokens) if price is not None else 0.0
        self._check("requests", self.calls + 1, budget.calls)
        self._check("tokens", self.tokens + self._held_tokens + tokens, budget.tokens)
        self._check("USD", self.usd + self._held_usd + usd, budget.usd)
        self.calls += 1
        self._is_priced = self._is_priced and price is not None
        self._held_tokens += tokens
        self._held_usd += usd
        return Reservation(tokens=tokens, usd=usd)

    def settle(self, reservation: Reservation, tokens: Tokens, usd: float | None) -> None:
        """Replace a reservation by what was used."""
        self.release(reservation)
        self.tokens += tokens.input + tokens.output
        self._used = self._used + tokens
        self.usd += usd or 0.0

    def release(self, reservation: Reservation) -> None:
        """Give a reservation back: the server said that it did nothing."""
        self._held_tokens -= reservation.tokens
        self._held_usd -= reservation.usd

    def abandon(self, reservation: Reservation) -> None:
        """Note that nobody waits for a request any more: it may be billed, so its reservation stays."""
        self._abandoned_usd += reservation.usd

    def _check(self, unit: str, wanted: float, limit: float | None) -> None:
        if limit is not None and wanted > limit:
            raise CallFailed(
                FailureKind.OVER_BUDGET,
                f"the next request could bring this run to {wanted:.6g} {unit}, and its budget is {limit:g}",
            )
