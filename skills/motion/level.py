"""Room skills: keep a vessel upright while the arm moves, so that nothing is spilt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grounding.collision import ArmCollision
from robots import Array, Item, Solid
from robots.panda_kinematics import TOOL, link_poses
from robots.panda_spheres import Spheres
from robots.transforms import inverse

LARGEST_TILT_RAD = 0.9
"""Tilt that a filled vessel may have on the way: well before the 75 degrees at which it empties."""
METRES_PER_COSINE = 0.2
"""Turns the margin in tilt into a distance that the planner can compare with its own margins."""


class LevelArmCollision(ArmCollision):
    """An arm that counts as in collision where the held vessel leans too far."""

    def __init__(
        self,
        obstacles: Sequence[Solid],
        base: Array,
        *,
        up: Array,
        gripper_width: float,
        held: Spheres | None = None,
    ) -> None:
        """Prepare the geometry; `up` is the vessel's own vertical in the tool frame, shape (3,)."""
        super().__init__(obstacles, base, gripper_width=gripper_width, held=held)
        self._up = np.array(up)

    def clearance(self, q: Array) -> Array:
        """Return the distance to obstacles, or the margin in tilt where that is smaller, shape (n,)."""
        cosines = link_poses(q)[:, TOOL, 2, :3] @ self._up
        margin = METRES_PER_COSINE * (cosines - np.cos(LARGEST_TILT_RAD))
        return np.asarray(np.minimum(super().clearance(q), margin), dtype=np.float64)


def upright_axis(item: Item, T_world_tool: Array) -> Array | None:
    """Return the held item's vertical in the tool frame if it has something to spill, else None."""
    if item.filled_fraction <= 0.0:
        return None
    return np.asarray((inverse(T_world_tool) @ item.T_world_item)[:3, 2], dtype=np.float64)
