"""Room skills: drive the base to a pose through the scene, around the furniture."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from robots import Array, Fixture

from .base_planner import MARGIN_M, NoBasePath, plan_base_path, wrapped
from .body import Body, Halt, failed
from .floor_map import floor_map_of

ARRIVED_M = 0.01
ARRIVED_RAD = 0.02
DOCK_SLACK_M = 0.40
"""How far behind its dock the base may stand, [m]: `robot_at` accepts 0.6."""


def drive_to(body: Body, scene: Scene, goal: Array, *, speed: float = 1.0) -> Halt | None:
    """Drive to a base pose x, y, yaw in the world frame, with the arm as it is."""
    distance, turn = float(np.hypot(*(goal - body.base)[:2])), wrapped(float(goal[2] - body.base[2]))
    if distance < ARRIVED_M and abs(turn) < ARRIVED_RAD:
        return None
    path = plan_base_path(floor_map_of(scene), body.base, goal)
    if isinstance(path, NoBasePath):
        return failed(f"{path.reason}: the base cannot drive to {goal[0]:.2f}, {goal[1]:.2f}")
    return body.move_base(path[1:], speed=speed)


def drive_to_dock(body: Body, scene: Scene, fixture: Fixture) -> Halt | None:
    """Drive to the pose from which the fixture is used, or just behind it where something juts out."""
    dock = np.array(fixture.dock)
    floor = floor_map_of(scene)
    ahead = np.array([np.cos(dock[2]), np.sin(dock[2]), 0.0])
    poses = dock - np.arange(0.0, DOCK_SLACK_M, 0.03)[:, None] * ahead
    free = np.flatnonzero(floor.footprint_clearance(poses) >= MARGIN_M)
    return drive_to(body, scene, poses[free[0]] if len(free) else dock)
