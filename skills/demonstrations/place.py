"""Room skills: shows how to put down what the hand holds: over a free spot, down, open, up."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from grounding.extents import footprint, heights
from robots import Array
from robots.polygons import gap_between
from robots.transforms import inverse

from .demonstrator import Glance, Step, limited, towards

GAPS_M = (0.05, 0.03, 0.015)
"""Free distances to the neighbours that are tried in turn, [m]."""
GRID_M = 0.03
DROP_M = 0.006
CLEAR_M = 0.035
"""How far above everything near the spot the item is carried, [m]."""
SPARE_M = 0.035
RISE_M = 0.12
NEAR_M, FAR_M = 0.006, 0.02


class PlaceTeacher:
    """Puts the held item on the free spot that is nearest to where the hand is."""

    def __init__(self, p_start_spot: Array, hang: float, clear: float, held_width: float) -> None:
        """Aim at a spot.

        Args:
            p_start_spot: Point of the surface, start frame, [m], shape (3,).
            hang: How far the item reaches below the tool, [m].
            clear: Height of the tool, start frame, at which the item passes over everything near, [m].
            held_width: The pads' distance now, [m].
        """
        self.p_start_target = np.array(p_start_spot)
        self._low = float(p_start_spot[2]) + hang + DROP_M
        self._clear = clear
        self.held_width = held_width

    @classmethod
    def of(
        cls, scene: Scene, item: str, surface: str, T_world_start: Array, T_world_tool: Array, width: float
    ) -> PlaceTeacher | None:
        """Return a teacher for the held item, or None when there is no free spot in reach."""
        spot = free_spot(scene, item, surface, T_world_tool[:3, 3])
        if spot is None:
            return None
        thing = scene.items[item].item
        offset = thing.T_world_item[:2, 3] - T_world_tool[:2, 3]
        hang = float(T_world_tool[2, 3] - heights(thing)[0])
        others = [
            heights(o.item)[1] for n, o in scene.items.items() if n != item and _is_near(o.p_world_item, spot)
        ]
        clear = max([float(spot[2]) + 0.03, *others]) + CLEAR_M + hang
        p_world_tool = np.array([*(spot[:2] - offset), spot[2], 1.0])
        return cls((inverse(T_world_start) @ p_world_tool)[:3], hang, clear, width)

    def step(self, glance: Glance) -> Step:
        """Return what to do next."""
        T, stand = glance.T_start_tool, np.zeros(3)
        away = self.p_start_target[:2] - T[:2, 3]
        aside, opening = float(np.hypot(*away)), min(0.08, self.held_width + SPARE_M)
        if glance.width > self.held_width + 0.012:
            up = float(np.clip(0.6 * (self._low + RISE_M - T[2, 3]), -0.01, 0.03))
            return Step(move=np.array([0.0, 0.0, up]), turn=stand, width=opening, base=stand)
        if aside < 0.012 and T[2, 3] < self._low + 0.006:
            return Step(move=stand, turn=stand, width=opening, base=stand)
        share = float(np.clip((aside - NEAR_M) / (FAR_M - NEAR_M), 0.0, 1.0))
        goal = np.array(T)
        goal[:2, 3] += away
        goal[2, 3] = self._low - 0.002 + share * max(0.0, self._clear - self._low)
        move, _ = towards(T, goal)
        if T[2, 3] < goal[2, 3] - 0.02:
            move[:2] *= 0.3
        return Step(move=limited(move, 0.022), turn=stand, width=0.0, base=stand)


def _is_near(p_world: Array, spot: Array) -> bool:
    return float(np.hypot(*(p_world - spot)[:2])) < 0.3


def free_spot(scene: Scene, item: str, surface: str, p_world_hand: Array) -> Array | None:
    """Return the free point of a surface nearest below the hand, world frame, or None."""
    region = scene.fixtures[surface].region
    thing = scene.items[item].item
    own = footprint(thing) - thing.T_world_item[:2, 3]
    taken = [
        footprint(o.item)
        for n, o in scene.items.items()
        if n != item and _is_near(o.p_world_item, p_world_hand)
    ]
    T = region.T_world_region
    half = np.array(region.size[:2]) / 2
    xs, ys = (np.arange(-h, h + 1e-9, GRID_M) for h in half)
    points = np.array([(T @ [x, y, 0.0, 1.0])[:3] for x in xs for y in ys])
    order = np.argsort(np.hypot(*(points - p_world_hand)[:, :2].T))
    for gap in GAPS_M:
        for p in points[order][:60]:
            corners = own + p[:2]
            local = (
                np.column_stack([corners, np.zeros((len(corners), 1)), np.ones(len(corners))]) @ inverse(T).T
            )
            fits = bool((np.abs(local[:, :2]) < half - 0.01).all())
            if fits and all(gap_between(corners, other) >= gap for other in taken):
                return np.asarray(p)
    return None
