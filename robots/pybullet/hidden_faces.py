"""Room robots: boxes drawn without the top that a slab on them hides: hidden faces cost time too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from robots.geometry import Box, Solid

SIDES_FILE = "sides.obj"
SIDES_MESH = (
    "v -0.5 -0.5 -0.5\nv 0.5 -0.5 -0.5\nv 0.5 0.5 -0.5\nv -0.5 0.5 -0.5\n"
    "v -0.5 -0.5 0.5\nv 0.5 -0.5 0.5\nv 0.5 0.5 0.5\nv -0.5 0.5 0.5\n"
    "f 1 2 6\nf 1 6 5\nf 2 3 7\nf 2 7 6\nf 3 4 8\nf 3 8 7\nf 4 1 5\nf 4 5 8\n"
)
"""The four upright faces of a unit cube, seen from outside."""


def covered_boxes(solids: Sequence[Solid]) -> frozenset[int]:
    """Return the indices of boxes that stand on the floor, their whole top under another box."""
    found = set()
    for index, solid in enumerate(solids):
        bounds = _bounds(solid)
        if bounds is None or bounds[0][2] > 1e-6:
            continue
        others = (_bounds(s) for k, s in enumerate(solids) if k != index)
        if any(other is not None and _covers(other, bounds) for other in others):
            found.add(index)
    return frozenset(found)


_Bounds = tuple[tuple[float, ...], tuple[float, ...]]


def _bounds(solid: Solid) -> _Bounds | None:
    if not isinstance(solid.shape, Box) or not np.allclose(solid.T_owner_solid[:3, :3], np.eye(3)):
        return None
    centre, half = solid.T_owner_solid[:3, 3], np.array(solid.shape.size) / 2
    return tuple((centre - half).tolist()), tuple((centre + half).tolist())


def _covers(upper: _Bounds, lower: _Bounds) -> bool:
    is_wide = all(upper[0][k] <= lower[0][k] + 1e-6 and upper[1][k] >= lower[1][k] - 1e-6 for k in range(2))
    return is_wide and abs(upper[0][2] - lower[1][2]) < 1e-6
