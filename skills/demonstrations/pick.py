"""Room skills: shows how to take an item from above: over it, down on it, close, lift."""

from __future__ import annotations

import numpy as np

from grounding.extents import heights
from grounding.grasps import PALM, Grasp, sample_grasps
from robots import Array, Item
from robots.transforms import inverse, rotation_vector

from .demonstrator import Glance, Step, limited, towards

STEEP = 0.985
"""Cosine of the largest angle between an approach from above and the vertical."""
SPARE_M = 0.005
"""Air between the palm and the item's top, [m]."""
HOVER_M = 0.035
"""Height of the tool above the item's top while it goes there, [m]; the finger tips reach 12 mm further."""
NEAR_M, FAR_M = 0.004, 0.012
"""Sideways distances from the grasp at which the hand is all the way down, and all the way up, [m]."""
READY_M, READY_RAD = 0.007, 0.12
"""Within so little of the grasp the fingers close."""
LIFT_M = 0.13
OPEN_M = 0.08
GRASPED_M = 0.0035
"""Pads that are closer than this hold nothing, [m]."""


class PickTeacher:
    """Takes one item with the grasp from above that turns the hand least."""

    def __init__(self, T_start_grasp: Array, width: float, top: float) -> None:
        """Aim at a grasp.

        Args:
            T_start_grasp: The tool's pose there, start frame.
            width: The pads' distance when they hold the item, [m].
            top: Height of the item's top above the tool there, [m].
        """
        self._hover = max(0.0, top) + HOVER_M
        self._T_goal = np.array(T_start_grasp)
        self.p_start_target = np.array(T_start_grasp[:3, 3])
        self.held_width = width

    @classmethod
    def of(cls, item: Item, T_world_start: Array, T_world_tool: Array) -> PickTeacher | None:
        """Return a teacher for an item where it is now, or None when no grasp from above fits."""
        grasp = grasp_from_above(item, T_world_start, T_world_tool)
        if grasp is None:
            return None
        top = heights(item)[1] - float(grasp.T_world_tool[2, 3])
        return cls(inverse(T_world_start) @ grasp.T_world_tool, grasp.width, top)

    def step(self, glance: Glance) -> Step:
        """Return what to do next."""
        T, stand = glance.T_start_tool, np.zeros(3)
        away = self._T_goal[:3, 3] - T[:3, 3]
        turn_left = float(np.linalg.norm(rotation_vector(self._T_goal @ inverse(T))))
        aside = float(np.hypot(*away[:2]))
        has_it = glance.is_gripping and glance.width > GRASPED_M
        is_closing = glance.width < self.held_width + 0.012
        if has_it:
            up = self._T_goal[2, 3] + LIFT_M - T[2, 3]
            return Step(
                move=np.array([0.0, 0.0, np.clip(0.6 * up, -0.01, 0.03)]), turn=stand, width=0.0, base=stand
            )
        is_there = aside < READY_M and abs(away[2]) < READY_M and turn_left < READY_RAD
        if is_there or (is_closing and glance.width > GRASPED_M and np.linalg.norm(away) < 0.02):
            return Step(move=limited(0.3 * away, 0.004), turn=stand, width=0.0, base=stand)
        height = self._hover * float(
            np.clip((max(aside, 0.1 * (turn_left - 0.1)) - NEAR_M) / (FAR_M - NEAR_M), 0.0, 1.0)
        )
        goal = np.array(self._T_goal)
        goal[2, 3] += height
        move, turn = towards(T, goal)
        if T[2, 3] < goal[2, 3] - 0.02:  # too low and beside it: up before sideways
            move[:2] *= 0.3
        return Step(move=move, turn=turn, width=OPEN_M, base=stand)


def grasp_from_above(item: Item, T_world_start: Array, T_world_tool: Array) -> Grasp | None:
    """Return the grasp with the hand pointing down that turns it least, near the item's middle."""
    heading = float(np.arctan2(T_world_start[1, 0], T_world_start[0, 0]))
    grasps = sample_grasps(item, heading=heading, rng=np.random.default_rng(0))
    top = heights(item)[1]
    steep = [
        g
        for g in grasps
        if g.T_world_tool[2, 2] < -STEEP and top - float(g.T_world_tool[2, 3]) < PALM - SPARE_M
    ]
    if not steep:
        return None
    to_tool = inverse(T_world_tool)

    def cost(grasp: Grasp) -> float:
        turn = float(np.linalg.norm(rotation_vector(to_tool @ grasp.T_world_tool)))
        aside = float(np.linalg.norm((grasp.T_world_tool[:3, 3] - item.T_world_item[:3, 3])[:2]))
        return turn + 10.0 * aside + 4.0 * abs(float(grasp.T_world_tool[2, 3] - item.T_world_item[2, 3]))

    return min(steep, key=cost)
