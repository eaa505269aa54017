"""Room tests: thinned meshes stay closed, keep their extremities, and survive the file format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from robots.pybullet.low_poly import Faces, decimated, obj_text, read_obj


def sphere(rings: int = 12, sectors: int = 16) -> tuple[np.ndarray, Faces]:
    polar = np.arange(1, rings) * np.pi / rings
    turn = np.arange(sectors) * 2 * np.pi / sectors
    circles = [[np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)] for p in polar for t in turn]
    top, bottom = len(circles), len(circles) + 1
    faces = []
    for j in range(sectors):
        k = (j + 1) % sectors
        faces += [(top, j, k), (bottom, bottom - 2 - j, bottom - 2 - k)]
        for i in range(rings - 2):
            a, b, c, d = (i * sectors + j, i * sectors + k, (i + 1) * sectors + j, (i + 1) * sectors + k)
            faces += [(a, c, d), (a, d, b)]
    return np.array([*circles, [0, 0, 1.0], [0, 0, -1.0]]), np.array(faces, dtype=np.intp)


@pytest.mark.parametrize("corners", [24, 40])
def test_a_thinned_mesh_has_no_holes_and_few_corners(corners: int) -> None:
    vertices, faces = sphere()
    thin_vertices, thin_faces = decimated(vertices, faces, corners)
    assert len(thin_vertices) == corners
    assert len(thin_faces) <= 2 * corners
    edges = np.concatenate([thin_faces[:, [0, 1]], thin_faces[:, [1, 2]], thin_faces[:, [2, 0]]])
    _, counts = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    assert (counts % 2 == 0).all()
    assert np.ptp(thin_vertices, axis=0) == pytest.approx([2.0, 2.0, 2.0], abs=0.3)


def test_enough_corners_change_nothing() -> None:
    vertices, faces = sphere()
    thin_vertices, thin_faces = decimated(vertices, faces, 10_000)
    assert len(thin_faces) == len(faces)
    assert np.array_equal(thin_vertices[thin_faces], vertices[faces])


def test_a_mesh_survives_its_file(tmp_path: Path) -> None:
    vertices, faces = sphere()
    (tmp_path / "ball.obj").write_text(obj_text(vertices, faces), encoding="utf-8")
    read_vertices, read_faces = read_obj(tmp_path / "ball.obj")
    assert np.allclose(read_vertices, vertices, atol=1e-5)
    assert np.array_equal(read_faces, faces)
