"""Room planner: the scene as the offline model asks about it: what is where, and what is easiest to get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from grounding import Facts, Scene
from robots.catalogue import Catalogue

from .lexicon import Kinds


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Facts and names of one scene."""

    scene: Scene
    """For what only geometry can tell."""
    facts: Facts
    category: Mapping[str, str]
    """Item name -> category."""
    fixture_kinds: Mapping[str, frozenset[str]]
    """Fixture name -> its kinds."""
    catalogue: Catalogue
    troubled: frozenset[str] = frozenset()
    """Items that surprised us; they are chosen last."""

    @classmethod
    def of(cls, scene: Scene, catalogue: Catalogue, surprise: str | None = None) -> Sight:
        """Look at a scene; items that a surprise names are troubled."""
        words = set((surprise or "").replace("(", " ").replace(")", " ").replace(",", " ").split())
        return cls(
            scene=scene,
            facts=scene.facts,
            category={name: thing.item.category for name, thing in scene.items.items()},
            fixture_kinds={name: fixture.kinds for name, fixture in scene.fixtures.items()},
            catalogue=catalogue,
            troubled=frozenset(words & set(scene.items)),
        )

    @cached_property
    def _where(self) -> dict[str, str]:
        return {fact[1]: fact[2] for fact in self.facts if fact[0] in ("on", "in") and len(fact) == 3}

    @cached_property
    def held(self) -> str | None:
        """Return the item in the gripper."""
        return next((fact[1] for fact in sorted(self.facts) if fact[0] == "holding"), None)

    def support_of(self, item: str) -> str | None:
        """Return the fixture or receptacle that an item is on or in; "operator" when the person has it."""
        if ("with_operator", item) in self.facts:
            return next((n for n, kinds in self.fixture_kinds.items() if "person" in kinds), None)
        return self._where.get(item)

    def places_of(self, item: str) -> frozenset[str]:
        """Return the fixtures and receptacles that an item is on or in, directly or not."""
        found: set[str] = set()
        place = self.support_of(item)
        while place is not None and place not in found:
            found.add(place)
            place = self.support_of(place) if place in self.category else None
        return frozenset(found)

    def fixtures_of(self, kind: str) -> tuple[str, ...]:
        """Return the fixtures of a kind, sorted."""
        return tuple(sorted(n for n, kinds in self.fixture_kinds.items() if kind in kinds))

    def items_of(self, kinds: Kinds) -> tuple[str, ...]:
        """Return all items of these categories, sorted."""
        return tuple(sorted(n for n, category in self.category.items() if category in kinds))

    def has_type(self, item: str, type_name: str) -> bool:
        """Return whether an item is of a category or attribute."""
        category = self.category.get(item, "")
        return category in self.catalogue.categories and type_name in self.catalogue.types_of(category)

    @property
    def here(self) -> tuple[str, ...]:
        """Return the fixtures where the robot stands."""
        return tuple(sorted(fact[1] for fact in self.facts if fact[0] == "robot_at"))

    def effort(self, item: str) -> int:
        """Return how hard an item is to get: 0 held, 1 here, 2 in the open, 3 and more behind a door."""
        if item == self.held:
            return 0
        places = self.places_of(item)
        shut = any(
            "openable" in self.fixture_kinds.get(p, ()) and ("open", p) not in self.facts for p in places
        )
        inside = any(p in self.category for p in places)
        near = bool(places & set(self.here))
        lost = not places
        return 1 + (not near) + 2 * shut + inside + 4 * lost

    def ranked(self, items: Iterable[str], prefer: tuple[Kinds, ...] = ()) -> tuple[str, ...]:
        """Return the items, best choice first: untroubled, preferred, easiest, then by name."""

        def key(item: str) -> tuple[bool, bool, int, int, str]:
            liked = next((i for i, kinds in enumerate(prefer) if self.category[item] in kinds), len(prefer))
            effort = self.effort(item)
            discarded = any("bin" in self.fixture_kinds.get(p, ()) for p in self.places_of(item))
            return (item in self.troubled and effort > 0, discarded, liked, effort, item)

        return tuple(sorted(items, key=key))
