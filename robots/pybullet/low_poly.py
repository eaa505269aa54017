"""Room robots: triangle meshes with fewer corners, because the software renderer is paid per triangle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robots.arrays import Array

Faces = NDArray[np.intp]
"""Indices of a triangle's corners, shape (n, 3)."""


def read_obj(path: Path) -> tuple[Array, Faces]:
    """Return the corners, [m], shape (m, 3), and the triangles of a Wavefront file."""
    vertices, faces = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *words = line.split() or [""]
        if kind == "v":
            vertices.append([float(word) for word in words[:3]])
        elif kind == "f":
            faces.append([int(word.split("/")[0]) - 1 for word in words])
    return np.array(vertices), np.array(faces, dtype=np.intp)


def obj_text(vertices: Array, faces: Faces) -> str:
    """Return a mesh as a Wavefront file without normals: Bullet then shades every face flat."""
    corners = [f"v {x:.5f} {y:.5f} {z:.5f}\n" for x, y, z in vertices.tolist()]
    return "".join(corners + [f"f {a} {b} {c}\n" for a, b, c in (faces + 1).tolist()])


def decimated(vertices: Array, faces: Faces, corners: int) -> tuple[Array, Faces]:
    """Return a mesh of at most so many corners, a subset of the old ones.

    Corners are kept farthest point first, so that extremities stay; the others move to the nearest kept one.

    Source: Gonzalez, Clustering to minimize the maximum intercluster distance (1985).
    """
    kept = [int(np.argmax(np.linalg.norm(vertices - vertices.mean(axis=0), axis=1)))]
    gap = np.linalg.norm(vertices - vertices[kept[0]], axis=1)  # (m,)
    while len(kept) < corners and gap.max() > 0.0:
        kept.append(int(gap.argmax()))
        gap = np.minimum(gap, np.linalg.norm(vertices - vertices[kept[-1]], axis=1))
    nearest = np.linalg.norm(vertices[:, None] - vertices[kept], axis=2).argmin(axis=1)
    moved = nearest[faces]
    is_flat = (moved == np.roll(moved, 1, axis=1)).any(axis=1)
    return vertices[kept], moved[~is_flat]
