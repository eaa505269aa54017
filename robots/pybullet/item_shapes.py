"""Room robots: the geometry of catalogued objects as convex solids in the item's frame.

Item frame: centre of the bounding box, z up when the item stands as catalogued.
"""

from __future__ import annotations

import math

from robots.arrays import frozen
from robots.catalogue import Category
from robots.geometry import Box, Cylinder, Solid, Sphere
from robots.transforms import pose

Colour = tuple[float, float, float, float]


def item_solids(category: Category) -> tuple[Solid, ...]:
    """Return the solids of one catalogue category."""
    x, y, z = category.size
    rgba: Colour = (*category.colour, 1.0)
    if category.shape == "box":
        return (Solid(shape=Box(size=category.size), T_owner_solid=frozen(pose(0, 0, 0)), rgba=rgba),)
    if category.shape == "sphere":
        return (Solid(shape=Sphere(radius=x / 2), T_owner_solid=frozen(pose(0, 0, 0)), rgba=rgba),)
    if category.shape == "cylinder":
        return (_disc(x / 2, -z / 2, z / 2, rgba),)
    if category.shape == "bottle":
        cap: Colour = (0.9, 0.9, 0.9, 1.0)
        shoulder = z * 0.22
        return (_disc(x / 2, -z / 2, shoulder, rgba), _disc(0.015, shoulder, z / 2, cap))
    if category.shape == "plate":
        foot = _disc(0.30 * x, -z / 2, -z / 2 + 0.010, rgba)
        disc = _disc(x / 2 - 0.008, -z / 2 + 0.006, -z / 2 + 0.012, rgba)
        return (foot, disc, *_ring(x / 2, -z / 2 + 0.006, z / 2, 0.007, 14, rgba))
    sides, wall = (12, 0.008) if category.shape == "bowl" else (10, 0.005)
    floor = _disc(x / 2 - wall, -z / 2, -z / 2 + 0.008, rgba)
    return (floor, *_ring(x / 2, -z / 2, z / 2, wall, sides, rgba))


def _disc(radius: float, low: float, high: float, rgba: Colour) -> Solid:
    shape = Cylinder(radius=radius, height=high - low)
    return Solid(shape=shape, T_owner_solid=frozen(pose(0.0, 0.0, (low + high) / 2)), rgba=rgba)


def _ring(radius: float, low: float, high: float, wall: float, sides: int, rgba: Colour) -> tuple[Solid, ...]:
    # Outer corners lie on `radius`, so that the ring never leaves the bounding box.
    flat = radius * math.cos(math.pi / sides)
    edge = 2 * radius * math.sin(math.pi / sides)
    solids = []
    for k in range(sides):
        T_item_side = pose(0, 0, 0, yaw=2 * math.pi * k / sides) @ pose(
            flat - wall / 2, 0.0, (low + high) / 2
        )
        size = (wall, edge, high - low)
        solids.append(Solid(shape=Box(size=size), T_owner_solid=frozen(T_item_side), rgba=rgba))
    return tuple(solids)
