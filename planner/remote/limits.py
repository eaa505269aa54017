"""Room planner: what a run may use of its model unless it is told otherwise: our own choice, in one place."""

from __future__ import annotations

MOST_CALLS = 200
"""Requests, retries and hedges included."""
MOST_TOKENS = 2_000_000
"""Input and output together."""
DECOMPOSE_DEADLINE_S = 90.0
"""From a question to its usable answer, retries and corrections included, [s]."""
SCORE_DEADLINE_S = 30.0
"""The same for a rating, [s]."""
