"""Room skills: the floor plan that the base drives on, as distances to what stands in its way.

Built from the scene's fixtures, so it works for any world that reports its furniture. Boxes become rotated
rectangles and everything round becomes discs; frame: world, [m].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from grounding import Scene
from robots import Array, Box, Cylinder, Solid, Sphere, frozen

LOWEST_OBSTACLE_TOP_M = 0.03
"""What is lower can be driven over (the floor, a threshold)."""
ROBOT_HEIGHT_M = 1.5
"""Top of the head camera's mast; what hangs higher is passed under."""

FOOTPRINT_HALF_SIZE = (0.26, 0.24)
"""Half of the platform's length and width, [m], with 1 cm to spare."""
FOOTPRINT_RADIUS_M = 0.37
"""Disc in which the platform can turn, [m]: its half diagonal and 2 cm to spare."""
ARM_RADIUS_M = 0.52
"""Disc in which the folded arm turns with it, [m]."""
LOWEST_ARM_M = 0.85
"""The folded arm, and what it holds, pass over what is lower."""


@dataclass(frozen=True, kw_only=True)
class FloorMap:
    """Obstacles seen from above: m rectangles and n discs in the world frame."""

    rectangle_centres: Array
    """Shape (m, 2)."""
    rectangle_axes: Array
    """Unit x and y axes as rows, shape (m, 2, 2)."""
    rectangle_half_sizes: Array
    """Shape (m, 2)."""
    discs: Array
    """Centre x, y and radius, shape (n, 3)."""
    tall: FloorMap | None = None
    """What stands in the way of the arm too; None if nothing is looked at apart."""

    def clearance(self, points: Array) -> Array:
        """Return the signed distance of `points` (k, 2) to the nearest obstacle, [m], shape (k,)."""
        nearest = np.full(len(points), np.inf)
        if len(self.rectangle_centres):
            offsets = points[:, None, :] - self.rectangle_centres[None]  # (k, m, 2)
            local = (
                np.abs(np.einsum("kmi,mji->kmj", offsets, self.rectangle_axes)) - self.rectangle_half_sizes
            )
            outside = np.linalg.norm(np.maximum(local, 0.0), axis=2)
            nearest = np.min(outside + np.minimum(local.max(axis=2), 0.0), axis=1)
        if len(self.discs):
            gaps = np.linalg.norm(points[:, None, :] - self.discs[None, :, :2], axis=2) - self.discs[:, 2]
            nearest = np.minimum(nearest, gaps.min(axis=1))
        return nearest

    def turning_gap(self, points: Array) -> Array:
        """Return the distance that platform and folded arm keep when they turn at `points` (k, 2), (k,)."""
        gap = self.clearance(points) - FOOTPRINT_RADIUS_M
        return gap if self.tall is None else np.minimum(gap, self.tall.clearance(points) - ARM_RADIUS_M)

    def footprint_clearance(self, poses: Array) -> Array:
        """Return the smallest distance of the platform's outline, for base poses (k, 3), shape (k,).

        Where the turning disc is free, the disc's own clearance is returned, which is a lower bound.
        """
        result = np.asarray(self.clearance(poses[:, :2]) - FOOTPRINT_RADIUS_M, dtype=np.float64)
        tight = np.flatnonzero(result < 0.02)
        if len(tight) == 0:
            return result
        outline, near = _outline(), poses[tight]  # (o, 2), (t, 3)
        cos, sin = np.cos(near[:, 2:]), np.sin(near[:, 2:])
        x = near[:, :1] + cos * outline[:, 0] - sin * outline[:, 1]
        y = near[:, 1:2] + sin * outline[:, 0] + cos * outline[:, 1]
        points = np.stack([x, y], axis=2).reshape(-1, 2)
        result[tight] = self.clearance(points).reshape(len(near), -1).min(axis=1)
        return result


def floor_map_of(scene: Scene) -> FloorMap:
    """Return the floor plan of the scene's fixtures at their current joint positions."""
    solids = chain.from_iterable(fixture.solids for fixture in scene.fixtures.values())
    return floor_map_from(tuple(solids))


def floor_map_from(solids: Sequence[Solid]) -> FloorMap:
    """Return the floor plan of `solids` given in the world frame, with the tall ones apart."""
    return replace(_plan(solids, above=LOWEST_OBSTACLE_TOP_M), tall=_plan(solids, above=LOWEST_ARM_M))


def _plan(solids: Sequence[Solid], *, above: float) -> FloorMap:
    centres, axes, half_sizes, discs = [], [], [], []
    for solid in solids:
        T, half = solid.T_owner_solid, _half_extents(solid)
        reach = np.abs(T[2, :3]) @ half
        if T[2, 3] + reach < above or T[2, 3] - reach > ROBOT_HEIGHT_M:
            continue
        if isinstance(solid.shape, Box) and abs(T[2, 2]) > 0.99:
            centres.append(T[:2, 3])
            axes.append(T[:2, :2].T)
            half_sizes.append(half[:2])
        elif isinstance(solid.shape, Box):
            centres.append(T[:2, 3])
            axes.append(np.eye(2))
            half_sizes.append((np.abs(T[:3, :3]) @ half)[:2])
        else:
            discs.append((T[0, 3], T[1, 3], max(np.abs(T[:2, :3]) @ half)))
    return FloorMap(
        rectangle_centres=frozen(np.reshape(centres, (-1, 2))),
        rectangle_axes=frozen(np.reshape(axes, (-1, 2, 2))),
        rectangle_half_sizes=frozen(np.reshape(half_sizes, (-1, 2))),
        discs=frozen(np.reshape(discs, (-1, 3))),
    )


def _half_extents(solid: Solid) -> Array:
    match solid.shape:
        case Box(size=size):
            return np.array(size) / 2
        case Cylinder(radius=radius, height=height):
            return np.array([radius, radius, height / 2])
        case Sphere(radius=radius):
            return np.full(3, radius)


def _outline() -> Array:
    """Return points along the platform's edge, at most 7 cm apart, shape (o, 2)."""
    a, b = FOOTPRINT_HALF_SIZE
    side = np.linspace(-1.0, 1.0, 9)
    ones = np.ones_like(side)
    corners = [np.stack(pair, axis=1) for pair in ((side, ones), (side, -ones), (ones, side), (-ones, side))]
    return np.asarray(np.concatenate(corners) * np.array([a, b]), dtype=np.float64)
