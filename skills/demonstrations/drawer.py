"""Room skills: shows how to move a drawer: to the bar, around it, back or forth with the base."""

from __future__ import annotations

import numpy as np

from robots import Array, Articulation
from robots.transforms import inverse, rotation_vector

from .demonstrator import Glance, Step, limited, towards

BEFORE_M = 0.10
PULL_STEP_M = 0.018
OPEN_M = 0.06
LANE_M = 0.012
"""Distance from the line to the bar within which the hand goes forward, [m]."""


class DrawerTeacher:
    """Moves one drawer to where it shall be."""

    def __init__(self, T_start_grasp: Array, out: Array, bar: float, to_go: float) -> None:
        """Aim at a grasp of the bar.

        Args:
            T_start_grasp: The tool's pose around the bar as it is now, start frame.
            out: The way the drawer opens, start frame, unit, shape (3,).
            bar: Diameter of the bar, [m].
            to_go: How far the drawer has to come out; negative: to go in, [m].
        """
        self._T_goal = np.array(T_start_grasp)
        self._out = np.array(out)
        self.held_width = bar
        self._to_go = to_go
        self.p_start_target = np.array(T_start_grasp[:3, 3])

    @classmethod
    def of(
        cls, articulation: Articulation, T_world_start: Array, *, T_handle_tool: Array, wanted: float
    ) -> DrawerTeacher:
        """Return a teacher that brings a drawer, as it is now, to a joint position, [m]."""
        T_start_world = inverse(T_world_start)
        T = T_start_world @ articulation.T_world_handle @ T_handle_tool
        out = T_start_world[:3, :3] @ articulation.T_world_handle[:3, 0]
        return cls(T, out, 2.0 * articulation.handle_radius, wanted - articulation.position)

    def step(self, glance: Glance) -> Step:
        """Return what to do next."""
        T, stand = glance.T_start_tool, np.zeros(3)
        away = self._T_goal[:3, 3] - T[:3, 3]
        z = self._T_goal[:3, 2]
        along = float(away @ z)
        aside = away - along * z
        turn_left = float(np.linalg.norm(rotation_vector(self._T_goal @ inverse(T))))
        if glance.is_gripping and glance.width > 0.5 * self.held_width:
            gone = float(-away @ self._out)
            left = -away - gone * self._out
            pull = float(np.clip(0.4 * (self._to_go - gone), -PULL_STEP_M, PULL_STEP_M)) * self._out
            move = pull - limited(0.2 * left, 0.002)
            return Step(move=move, turn=stand, width=0.0, base=np.array([*pull[:2], 0.0]))
        is_there = abs(along) < 0.008 and float(np.linalg.norm(aside)) < LANE_M
        if is_there or (glance.width < self.held_width + 0.015 and np.linalg.norm(away) < 0.02):
            return Step(move=limited(0.3 * away, 0.004), turn=stand, width=0.0, base=stand)
        off = max(float(np.linalg.norm(aside)), 0.12 * (turn_left - 0.08))
        goal = np.array(self._T_goal)
        goal[:3, 3] -= BEFORE_M * float(np.clip((off - 0.006) / 0.02, 0.0, 1.0)) * z
        move, turn = towards(T, goal)
        return Step(move=move, turn=turn, width=OPEN_M, base=stand)
