"""Room safety: how far the arm and the palm stay from what stands in the scene, for a motion as a whole.

Fingers are left out, because touching is their work: force limits watch them. So is what a step is about.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence

import numpy as np

from grounding import Scene
from grounding.collision import Shapes, item_solids_in_world, shapes_of
from robots import Array, Solid
from robots.panda import T_BASE_ARM_XYZ
from robots.panda_kinematics import link_poses
from robots.panda_spheres import ARM_COUNT, panda_spheres

_SPHERES = panda_spheres(0.08)
_ARM = np.flatnonzero((_SPHERES.links >= 2) & (np.arange(len(_SPHERES.links)) < ARM_COUNT))
REACH_M = 1.5
"""Nothing of the arm is farther from the base's axis than this, [m]."""


class SceneClearance:
    """Measures configurations against solids that stay where they are."""

    def __init__(self, solids: Sequence[Solid]) -> None:
        """Take what stands in the scene, in the world frame."""
        self._solids = tuple(solids)

    def __call__(self, q: Array) -> Array:
        """Return the smallest distance of arm and palm to the solids, [m], for configurations (n, 10)."""
        T = link_poses(q[:, :7])[:, _SPHERES.links[_ARM]]
        local = np.einsum("nsij,sj->nsi", T[..., :3, :3], _SPHERES.centres[_ARM]) + T[..., :3, 3]
        local += np.array(T_BASE_ARM_XYZ)
        cos, sin = np.cos(q[:, 9])[:, None], np.sin(q[:, 9])[:, None]
        points = np.stack(
            [
                q[:, 7, None] + cos * local[..., 0] - sin * local[..., 1],
                q[:, 8, None] + sin * local[..., 0] + cos * local[..., 1],
                local[..., 2],
            ],
            axis=2,
        )
        near, centre = self._near(q[:, 7:9])
        gaps = near.distance((points - centre).reshape(-1, 3)).reshape(points.shape[:2])
        least: Array = (gaps - _SPHERES.radii[_ARM]).min(axis=1)
        return least

    def _near(self, places: Array) -> tuple[Shapes, Array]:
        """Return what a base that passes through places (n, 2) can reach, and the origin of its frame."""
        low, high = places.min(axis=0), places.max(axis=0)
        centre = np.array([*(low + high) / 2, 0.0])
        T_near_world = np.eye(4)
        T_near_world[:3, 3] = -centre
        return shapes_of(self._solids, T_near_world, reach=math.dist(low, high) / 2 + REACH_M), centre


def around(scene: Scene, spared: Container[str]) -> SceneClearance:
    """Return the clearance to a scene without the things `spared`: what is in the hand or worked on."""
    solids = [s for name, f in scene.fixtures.items() if name not in spared for s in f.solids]
    for name, thing in scene.items.items():
        if name not in spared:
            solids += item_solids_in_world(thing.item)
    return SceneClearance(solids)
