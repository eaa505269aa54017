"""Room skills: shows how to push an item: closed fingers behind it, down, and along."""

from __future__ import annotations

import numpy as np

from grounding.extents import footprint, heights
from robots import Array, Item
from robots.transforms import inverse
from skills.motion.pushing import DIRECTION_RAD

from .demonstrator import Glance, Step, limited, towards

BEHIND_M = 0.045
"""Free distance between the item's side and the middle of the closed fingers before the push, [m]."""
TOOL_ABOVE_M = 0.035
"""Height of the tool above the surface while it pushes, [m]; less for flat things."""
HOVER_M = 0.11
PUSH_STEP_M = 0.009
LEAN_RAD = 0.35
"""How far the finger tips go ahead of the hand, so that the palm does not touch tall items."""
LANE_M = 0.018
"""Half width of the lane behind the item in which the fingers go down and forward, [m]."""


class PushTeacher:
    """Pushes one item in one direction, for as long as it is let."""

    held_width = 0.0

    def __init__(self, p_start_side: Array, forward: Array, height: float, T_start_hand: Array) -> None:
        """Aim at the middle of the side to push: a point and a direction in the start frame."""
        self._side, self._forward, self._height = p_start_side, forward, height
        self._T_hand = np.array(T_start_hand)
        self.p_start_target = np.array(p_start_side)

    @classmethod
    def of(
        cls, item: Item, direction: str, dock_yaw: float, T_world_start: Array, T_world_tool: Array
    ) -> PushTeacher:
        """Return a teacher for an item where it is now."""
        yaw = dock_yaw + DIRECTION_RAD[direction]
        forward = np.array([np.cos(yaw), np.sin(yaw)])
        corners = footprint(item)
        centre = item.T_world_item[:2, 3]
        reach = float(np.max((corners - centre) @ -forward))
        low, high = heights(item)
        side = np.array([*(centre - reach * forward), low + min(TOOL_ABOVE_M, 0.6 * (high - low) + 0.006)])
        T_start_world = inverse(T_world_start)
        p_start = (T_start_world @ np.array([*side, 1.0]))[:3]
        way = T_start_world[:2, :2] @ forward
        return cls(p_start, way, float(high - low), leaning(way, T_start_world @ T_world_tool))

    def step(self, glance: Glance) -> Step:
        """Return what to do next; the side is where it was when the teacher was made."""
        p, stand = glance.T_start_tool[:3, 3], np.zeros(3)
        along = float((p[:2] - self._side[:2]) @ self._forward)
        across = np.array([-self._forward[1], self._forward[0]])
        beside = float((p[:2] - self._side[:2]) @ across)
        goal = np.array(self._T_hand)
        goal[:3, 3] = self._side
        goal[:2, 3] -= BEHIND_M * self._forward
        is_behind = along < -0.5 * BEHIND_M and abs(beside) < LANE_M
        is_low = p[2] < self._side[2] + 0.02
        if is_low and abs(beside) < LANE_M and along > -BEHIND_M - 0.02:
            push = self._forward * PUSH_STEP_M - across * float(np.clip(0.4 * beside, -0.005, 0.005))
            move = np.array([*push, float(np.clip(0.5 * (self._side[2] - p[2]), -0.01, 0.01))])
            return Step(move=move, turn=stand, width=0.0, base=stand)
        off = float(np.linalg.norm(p[:2] - goal[:2, 3]))
        if not is_behind or off > 0.02:
            share = float(np.clip((off - 0.01) / 0.03, 0.0, 1.0))
            goal[2, 3] += max(HOVER_M, self._height + 0.05) * share
        move, turn = towards(glance.T_start_tool, goal)
        if p[2] < goal[2, 3] - 0.02:
            move[:2] *= 0.25
        return Step(move=limited(move, 0.03), turn=turn, width=0.0, base=stand)


def leaning(forward: Array, T_start_tool: Array) -> Array:
    """Return the hand's orientation with its narrow side to the item and its tips ahead, turned least."""
    ahead = np.array([*forward, 0.0])
    z = np.sin(LEAN_RAD) * ahead - np.cos(LEAN_RAD) * np.array([0.0, 0.0, 1.0])
    across = np.cross(np.array([0.0, 0.0, 1.0]), ahead)
    sign = 1.0 if float(across @ T_start_tool[:3, 1]) >= 0.0 else -1.0
    y = sign * across
    T = np.eye(4)
    T[:3, :3] = np.column_stack([np.cross(y, z), y, z])
    return T
