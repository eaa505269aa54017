"""Room planner: how questions to a model are controlled: deadline, retries, hedging, budget, cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from planner.remote.limits import DECOMPOSE_DEADLINE_S, SCORE_DEADLINE_S

from .budget import Budget


@dataclass(frozen=True, kw_only=True)
class CallSettings:
    """Controls of one session; travels to benchmark workers."""

    decompose_deadline_s: float = DECOMPOSE_DEADLINE_S
    """Longest time from a question to its usable answer, retries and corrections included, [s]."""
    score_deadline_s: float = SCORE_DEADLINE_S
    """The same for a rating."""
    attempts: int = 4
    """Times that one request is sent at most, when faults look transient."""
    first_wait_s: float = 0.25
    """First pause between attempts when the server names none; doubles up to 8 s, with jitter, [s]."""
    hedge: bool = False
    """Send a second identical request when the first takes longer than nearly all before it."""
    hedge_after_s: float | None = None
    """When to hedge, [s]; None measures it: the 95th percentile of this session's latencies, from 20 on."""
    budget: Budget = field(default_factory=Budget)
    cache: Path | None = None
    """Folder of answers kept across runs; None keeps none."""
    prices: Path | None = None
    """The user's own prices, in the format of `prices.yaml`."""
