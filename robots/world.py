"""Room robots: the ground truth that a simulator can tell and a camera cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from .geometry import Fixture, Item


@dataclass(frozen=True, kw_only=True)
class WorldState:
    """Everything that is true in the simulated home at one instant."""

    time_s: float
    items: Mapping[str, Item]
    fixtures: Mapping[str, Fixture]
    held: frozenset[str]
    """Items that touch both finger pads and nothing else bears."""
    contacts: frozenset[tuple[str, str]]
    """(item, supporter) pairs in contact from below; the supporter is an item or a fixture."""
    poured: frozenset[tuple[str, str]]
    """(source item, target item or fixture) pairs between which something was poured since the start."""


class World(Protocol):
    """Something that knows the truth: the oracle perception and the benchmark's referee read it."""

    def state(self) -> WorldState:
        """Return the truth now."""
        ...
