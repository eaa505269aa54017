"""Room grounding: perception by the simulator's truth, behind the interface that cameras will implement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robots import Observation, World, WorldState

from .facts import measured_facts, remembered_facts
from .memory import Memory, remember
from .scene import Scene, SceneItem

if TYPE_CHECKING:
    from robots.catalogue import Catalogue

_GRIP_FORCE = 1.0
"""Pads that press with less than this hold nothing, [N]."""


class OraclePerception:
    """Implements `Perception` over a `World`; it needs no camera."""

    name = "oracle"
    cameras: tuple[str, ...] = ()

    def __init__(self, world: World, catalogue: Catalogue) -> None:
        """Watch `world`, and know the types of the catalogue's categories."""
        self._world = world
        self._catalogue = catalogue
        self._memory = Memory()
        self._held: str | None = None

    def perceive(self, observation: Observation) -> Scene:
        """Return the true scene now, and remember what it shows."""
        state = self._world.state()
        items = {
            name: SceneItem(
                item=item,
                confidence=1.0,
                seen_at_s=state.time_s,
                types=self._catalogue.types_of(item.category),
            )
            for name, item in state.items.items()
        }
        self._held = self._held_item(state, observation)
        facts = measured_facts(
            items=items,
            fixtures=state.fixtures,
            observation=observation,
            held=self._held,
            opened=self._memory.opened,
        )
        self._memory = remember(
            self._memory,
            facts=facts,
            items=items,
            fixtures=state.fixtures,
            observation=observation,
            poured=state.poured,
        )
        return Scene(
            time_s=observation.time_s,
            items=items,
            fixtures=state.fixtures,
            observation=observation,
            facts=facts | remembered_facts(self._memory),
        )

    def _held_item(self, state: WorldState, observation: Observation) -> str | None:
        """Return what the hand holds; a held item that touches furniture as well is still held."""
        if state.held:
            return self._held if self._held in state.held else min(state.held)
        is_gripping = observation.gripper_force > _GRIP_FORCE
        return self._held if is_gripping and self._held in state.items else None
