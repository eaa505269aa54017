"""Room robots: convex polygons in the plane, for footprints on surfaces."""

from __future__ import annotations

import math

import numpy as np

from .arrays import Array


def gap_between(P: Array, Q: Array) -> float:
    """Return a lower bound of the distance between two convex polygons, shape (n, 2); negative: they overlap.

    Source: separating axis theorem; Ericson, Real-Time Collision Detection (2005), ch. 5.
    """
    best = -math.inf
    for polygon in (P, Q):
        edges = np.roll(polygon, -1, axis=0) - polygon
        normals = np.column_stack([edges[:, 1], -edges[:, 0]])
        normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
        p, q = P @ normals.T, Q @ normals.T  # (corners, edges)
        apart = np.maximum(q.min(axis=0) - p.max(axis=0), p.min(axis=0) - q.max(axis=0))
        best = max(best, float(apart.max()))
    return best
