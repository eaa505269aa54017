"""Room skills: drive the base to a pose through the scene, around the furniture."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from robots import Array, Fixture

from .base_planner import NoBasePath, plan_base_path, wrapped
from .body import Body, Halt, failed
from .floor_map import floor_map_of

ARRIVED_M = 0.01
ARRIVED_RAD = 0.02


def drive_to(body: Body, scene: Scene, goal: Array, *, speed: float = 1.0) -> Halt | None:
    """Drive to a base pose x, y, yaw in the world frame, with the arm as it is."""
    distance, turn = float(np.hypot(*(goal - body.base)[:2])), wrapped(float(goal[2] - body.base[2]))
    if distance < ARRIVED_M and abs(turn) < ARRIVED_RAD:
        return None
    path = plan_base_path(floor_map_of(scene), body.base, goal)
    if isinstance(path, NoBasePath):
        return failed(f"{path.reason}: the base cannot drive to {goal[0]:.2f}, {goal[1]:.2f}")
    return body.move_base(path[1:], speed=speed)


def dock_of(fixture: Fixture) -> Array:
    """Return the base pose from which the fixture is used, shape (3,)."""
    return np.array(fixture.dock)
