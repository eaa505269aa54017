"""Room grounding: is there free room for an item on a surface or in a container?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grounding.extents import Outline
from grounding.scene import Scene
from robots import Array, Fixture, Region

from .chance import CERTAIN, Chance, impossible

CELL = 0.02
"""Spacing of the tested positions, [m]."""
MARGIN = 0.012
"""Free distance that is kept to neighbours, [m]."""
EASY_CELLS = 40
"""With so many free positions the choice is easy: 160 cm²."""


def room_chance(scene: Scene, place: str, item: str) -> Chance:
    """Return how likely a free position for `item` is found in the region of a fixture."""
    fixture = scene.fixtures[place]
    if "bin" in fixture.kinds:
        return _heap_chance(scene, fixture)
    size = scene.items[item].item.size
    if fixture.articulation is not None and min(size) > fixture.region.size[2] - 0.01:
        return impossible(f"{item} is too tall for {place}")
    free = free_positions(fixture.region, _radius(size), _neighbours(scene, fixture, item))
    if free == 0:
        return impossible(f"there is no free room for {item} at {place}")
    if free < EASY_CELLS:
        return Chance(0.70 + 0.30 * free / EASY_CELLS, (f"there is little room at {place}",))
    return CERTAIN


def free_positions(region: Region, radius: float, neighbours: Iterable[Outline]) -> int:
    """Return how many grid positions of a region are free for a disc of `radius`, [m]."""
    half = np.maximum(0.0, np.asarray(region.size[:2]) / 2 - radius)
    axes = [np.linspace(-h, h, 1 + int(2 * h / CELL)) for h in half]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)  # (n, 2), region frame
    T = region.T_world_region
    points = T[:2, 3] + grid @ T[:2, :2].T
    free = np.ones(len(points), dtype=np.bool_)
    for outline in neighbours:
        free &= distance_to_rectangle(points, outline.corners) >= radius + MARGIN
    return int(free.sum())


def distance_to_rectangle(points: Array, corners: Array) -> Array:
    """Return the distance of points (n, 2) to a rectangle (4, 2), 0 inside it, shape (n,)."""
    centre = corners.mean(axis=0)
    sides = np.stack([corners[0] - corners[1], corners[1] - corners[2]])  # (2, 2)
    lengths = np.linalg.norm(sides, axis=1)
    local = np.abs((points - centre) @ (sides / lengths[:, None]).T) - lengths / 2
    distance: Array = np.linalg.norm(np.maximum(local, 0.0), axis=1)
    return distance


def _radius(size: tuple[float, float, float]) -> float:
    """Return the radius that an item needs; long things are laid along the free direction."""
    return min(max(size[:2]), 1.6 * min(size[:2])) / 2


def _neighbours(scene: Scene, fixture: Fixture, item: str) -> list[Outline]:
    floor = float(fixture.region.T_world_region[2, 3])
    top = floor + fixture.region.size[2]
    return [
        outline
        for name, outline in scene.outlines.items()
        if name != item and name != scene.held_item and outline.low < top and outline.high > floor
    ]


def _heap_chance(scene: Scene, fixture: Fixture) -> Chance:
    """Things are dropped into a bin in a heap: it fills up by volume."""
    inside = [f[1] for f in scene.facts if f[0] == "in" and f[2] == fixture.name]
    volume = sum(float(np.prod(scene.items[name].item.size)) for name in inside)
    share = volume / float(np.prod(fixture.region.size))
    if share > 0.5:
        return impossible(f"{fixture.name} is full")
    return CERTAIN if share < 0.3 else Chance(0.8, (f"{fixture.name} is nearly full",))
