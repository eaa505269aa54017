"""Room grounding: perception by the simulator's truth, behind the interface that cameras will implement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from robots import Item, Observation, World, WorldState
from robots.panda_kinematics import arm_mount, tool_pose
from robots.transforms import inverse

from .facts import measured_facts, remembered_facts
from .memory import Memory, remember
from .scene import Scene, SceneItem

if TYPE_CHECKING:
    from robots.catalogue import Catalogue

_BESIDE = 0.02
"""How far beside an item the pads' middle may be measured, [m]."""
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
        """Return what the hand holds; what it still grips is held although furniture bears it too."""
        if state.held:
            return self._held if self._held in state.held else min(state.held)
        if self._held is None or observation.gripper_force <= _GRIP_FORCE:
            return None
        item = state.items.get(self._held)
        return item.name if item is not None and is_in_hand(item, observation) else None


def is_in_hand(item: Item, observation: Observation) -> bool:
    """Return whether the middle between the pads is in, or just beside, the item's bounding box."""
    T_world_tool = arm_mount(observation.base) @ tool_pose(observation.q_arm)
    p_item_tool = (inverse(item.T_world_item) @ T_world_tool)[:3, 3]
    return bool((abs(p_item_tool) <= np.asarray(item.size) / 2 + _BESIDE).all())
