"""Room safety: the targets that a skill asked for as a path, and how far along it the motors are."""

from __future__ import annotations

from collections import deque

from robots import Array


class AskedPath:
    """Straight segments between the targets; a tick at full speed passes one of them."""

    def __init__(self, start: Array) -> None:
        """Begin at rest at `start`, shape (n,)."""
        self._from = start
        self._phase = 0.0
        """Share of the first segment that is passed."""
        self._knots: deque[Array] = deque()

    @property
    def left(self) -> float:
        """Return how many segments are still ahead."""
        return len(self._knots) - self._phase

    def append(self, knot: Array) -> None:
        """Add the next target."""
        self._knots.append(knot)

    def ahead(self, scale: float) -> Array:
        """Return the place `scale` segments further on, or the end, shape (n,)."""
        phase = min(self._phase + scale, float(len(self._knots)))
        whole = min(int(phase), len(self._knots) - 1)
        if whole < 0:
            return self._from
        start = self._from if whole == 0 else self._knots[whole - 1]
        part = phase - whole
        end = self._knots[whole]
        return end if part >= 1.0 - 1e-12 else start + part * (end - start)

    def advance(self, scale: float) -> Array:
        """Go `scale` segments further and return the place there, shape (n,)."""
        place = self.ahead(scale)
        self._phase = min(self._phase + scale, float(len(self._knots)))
        while self._knots and self._phase >= 1.0 - 1e-12:
            self._from = self._knots.popleft()
            self._phase = max(self._phase - 1.0, 0.0)
        return place
