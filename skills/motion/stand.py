"""Room skills: base poses near a dock from which the arm may work on a point; the place stays usable."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from grounding.facts import DOCK_DISTANCE
from robots import Array, Fixture

from .base_planner import MARGIN_M
from .floor_map import floor_map_of

FARTHEST_M = 0.46
"""Largest shift from the dock: safely below the distance at which the place stops being usable."""
COMFORT_M = 0.22
"""Sideways distance of the point from the base's axis that needs no shift."""
SIDES_M = (0.0, 0.12, -0.12, 0.25, -0.25, 0.4, -0.4)
BACKS_M = (0.0, 0.08, 0.16)


def stands_for(p_world: Array, fixture: Fixture, scene: Scene, base: Array) -> list[Array]:
    """Return free base poses from which to work on a point, the preferred first; never empty.

    Args:
        p_world: Point in the world frame, [m], shape (3,).
        fixture: The place that the point belongs to; its dock gives the heading.
        scene: What stands around.
        base: Present base pose x, y, yaw; tried first when the point is comfortably in front of it.
    """
    dock = np.array(fixture.dock)
    ahead = np.array([np.cos(dock[2]), np.sin(dock[2])])
    left = np.array([-ahead[1], ahead[0]])
    wanted = float((p_world[:2] - dock[:2]) @ left)
    wanted = float(np.clip(wanted, -FARTHEST_M, FARTHEST_M))
    poses = [
        np.array([*(dock[:2] + left * side - ahead * back), dock[2]])
        for back in BACKS_M
        for side in dict.fromkeys(float(np.clip(wanted + s, -FARTHEST_M, FARTHEST_M)) for s in SIDES_M)
        if np.hypot(side, back) <= FARTHEST_M + 1e-9
    ]
    poses.sort(key=lambda pose: _discomfort(pose, dock, wanted, left, ahead))
    poses = [pose for pose in poses if _serves(pose, fixture, scene)]
    floor = floor_map_of(scene)
    if poses:
        gaps = floor.footprint_clearance(np.stack(poses))
        poses = [pose for pose, gap in zip(poses, gaps, strict=True) if gap >= MARGIN_M]
    here = float((p_world[:2] - base[:2]) @ left)
    if abs(here) <= COMFORT_M and np.hypot(*(base - dock)[:2]) <= FARTHEST_M and abs(base[2] - dock[2]) < 0.3:
        poses.insert(0, base)
    return poses or [base]


def _discomfort(pose: Array, dock: Array, wanted: float, left: Array, ahead: Array) -> float:
    offset = pose[:2] - dock[:2]
    return abs(float(offset @ left) - wanted) + 1.5 * abs(float(offset @ ahead))


def _serves(pose: Array, fixture: Fixture, scene: Scene) -> bool:
    """Return whether the nearest dock is still the fixture's own."""
    distances = {
        name: float(np.hypot(*(np.array(f.dock) - pose)[:2]))
        for name, f in scene.fixtures.items()
        if abs(f.dock[2] - pose[2]) < 0.8
    }
    nearest = min(distances.values())
    return distances[fixture.name] <= min(nearest + 1e-6, DOCK_DISTANCE)
