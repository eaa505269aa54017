"""Room grounding: the `Perception` protocol; the oracle and, later, a pixel pipeline implement it."""

from __future__ import annotations

from typing import Protocol

from robots import Observation

from .scene import Scene


class Perception(Protocol):
    """Turns observations into scenes, and remembers what one picture cannot show (visited, found, pushed)."""

    @property
    def name(self) -> str:
        """Return the name for the journal, e.g. "oracle"."""
        ...

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the cameras whose frames `perceive` needs in the observation."""
        ...

    def perceive(self, observation: Observation) -> Scene:
        """Return the scene now. Called before planning and after every skill."""
        ...
