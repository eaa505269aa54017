"""Room safety: a right to move that ends by itself: whoever gives it has to go on living to renew it."""

from __future__ import annotations

import time
from multiprocessing.context import BaseContext

LEASE_S = 0.1
"""How long a renewal lasts, [s]. Source: measured jitter of a busy machine; twelve control periods."""


class Lease:
    """A time stamp of the monotonic clock in shared memory: renewing and looking never wait."""

    def __init__(self, context: BaseContext) -> None:
        """Make a lease that was never given."""
        self._renewed = context.RawValue("q", 0)

    def renew(self) -> None:
        """Let it last from now."""
        self._renewed.value = time.monotonic_ns()

    @property
    def was_given(self) -> bool:
        """Return whether it was ever renewed."""
        return bool(self._renewed.value)

    @property
    def age_s(self) -> float:
        """Return how long ago it was renewed, [s]."""
        renewed_ns = int(self._renewed.value)  # first: a renewal in between is none of the future
        return (time.monotonic_ns() - renewed_ns) / 1e9

    @property
    def is_valid(self) -> bool:
        """Return whether it still lasts."""
        return self.was_given and 0.0 <= self.age_s <= LEASE_S
