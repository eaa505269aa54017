"""Room grounding: the `Scene`, what the robot believes is around it, with confidence and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from robots import Array, Fixture, Item, Observation

from .extents import Outline, outline_of
from .formula import Facts, Formula, Universe, holds


@dataclass(frozen=True, kw_only=True)
class SceneItem:
    """A movable object with what perception knows about it."""

    item: Item
    confidence: float
    """Probability that it is what and where we say, 0 to 1."""
    seen_at_s: float
    """Robot clock when it was last perceived, [s]."""
    types: frozenset[str]
    """Category, attributes and "item"."""

    @property
    def p_world_item(self) -> Array:
        """Return its centre in the world frame, [m], shape (3,)."""
        return self.item.T_world_item[:3, 3]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Objects, places and relations at one instant. Immutable: perceiving again makes a new one."""

    time_s: float
    items: Mapping[str, SceneItem]
    fixtures: Mapping[str, Fixture]
    observation: Observation
    """Proprioception (and pictures, if any) that the scene was made from."""
    facts: Facts
    """Closed-world facts in household predicates (`grounding.predicates`), static ones included."""

    @cached_property
    def universe(self) -> Universe:
        """Return the names that formulas range over, with their types."""
        types = {name: thing.types for name, thing in self.items.items()}
        types |= {name: fixture.kinds | {name} for name, fixture in self.fixtures.items()}
        types |= {name: frozenset({"direction"}) for name in DIRECTIONS}
        return Universe(types)

    @cached_property
    def outlines(self) -> Mapping[str, Outline]:
        """Return the shadow on the floor and the heights of every item, measured once."""
        return {name: outline_of(thing.item) for name, thing in self.items.items()}

    @property
    def held_item(self) -> str | None:
        """Return the item in the gripper, or None."""
        return next((fact[1] for fact in self.facts if fact[0] == "holding"), None)

    def holds(self, formula: Formula) -> bool:
        """Return whether `formula` is true in this scene."""
        return holds(formula, self.facts, self.universe)

    def age_s(self, now_s: float) -> float:
        """Return how old the scene is on the robot's clock, [s]."""
        return now_s - self.time_s


DIRECTIONS = ("away", "closer", "left", "right")
"""Directions as seen by a robot that faces the surface from its dock."""
