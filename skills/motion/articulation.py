"""Room skills: how a door or drawer moves, and where hand and base stand to move it.

The hand holds the bar; the arm keeps its shape; the base then drives the joint's own motion, a straight line
for a drawer and an arc about the hinge for a door. So hand and handle stay one rigid body, and nothing slips.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from robots import Array, Articulation
from robots.transforms import inverse, pose

from .base_planner import wrapped
from .reach import Stand, base_before

REACHES_M = (0.66, 0.60, 0.72, 0.54, 0.78)
"""Distances of the handle ahead of the base origin to try."""
SIDES_M = (0.0, 0.12, -0.12)
PITCHES_RAD = (0.35, 0.1, 0.6, 0.8)
"""How far the hand looks down when it grasps."""
TURNS_RAD = (0.0, 0.35, -0.35)
"""Angles between the robot's and the hand's heading to try."""


def joint_motion(articulation: Articulation, delta: float) -> Array:
    """Return the rigid motion of the moving part in the world frame when its joint advances, (4, 4)."""
    is_slide = articulation.kind == "prismatic"
    moved = pose(delta, 0.0, 0.0) if is_slide else pose(0.0, 0.0, 0.0, yaw=delta)
    T_world_joint = articulation.T_world_joint
    return np.asarray(T_world_joint @ moved @ inverse(T_world_joint), dtype=np.float64)


def base_along_joint(articulation: Articulation, base: Array, delta: float, *, step_m: float = 0.02) -> Array:
    """Return base poses that carry the base rigidly along with the joint, shape (n, 3); start excluded."""
    reach = float(np.hypot(*(base[:2] - articulation.T_world_joint[:2, 3])))
    length = abs(delta) * (1.0 if articulation.kind == "prismatic" else reach)
    steps = np.linspace(0.0, delta, max(2, int(np.ceil(length / step_m)) + 1))[1:]
    return np.stack([moved_base(joint_motion(articulation, float(step)), base) for step in steps])


def moved_base(motion: Array, base: Array) -> Array:
    """Return a base pose after a rigid motion about a vertical axis, yaw continuous."""
    moved = motion @ pose(base[0], base[1], 0.0, yaw=float(base[2]))
    turn = wrapped(float(np.arctan2(moved[1, 0], moved[0, 0]) - base[2]))
    return np.array([moved[0, 3], moved[1, 3], base[2] + turn])


def tool_on_bar(T_world_handle: Array, *, pitch: float, flip: bool = False) -> Array:
    """Return the tool pose that grasps a bar: z into the furniture and down by `pitch`, y across the bar."""
    out, bar = T_world_handle[:3, 0], T_world_handle[:3, 2]
    z = -np.cos(pitch) * out - np.sin(pitch) * np.array([0.0, 0.0, 1.0])
    y = np.cross(bar, z)
    y = y / np.linalg.norm(y) * (-1.0 if flip else 1.0)
    T_world_tool = np.eye(4)
    T_world_tool[:3, :3] = np.column_stack([np.cross(y, z), y, z])
    T_world_tool[:3, 3] = T_world_handle[:3, 3]
    return T_world_tool


def handle_bases(articulation: Articulation) -> Array:
    """Return base poses from which the handle is within reach, shape (n, 3)."""
    out = articulation.T_world_handle[:3, 0]
    heading = float(np.arctan2(-out[1], -out[0]))
    options = product(TURNS_RAD, SIDES_M, REACHES_M)
    handle = articulation.T_world_handle[:2, 3]
    return np.stack([base_before(handle, heading, reach=r, side=s, turn=t) for t, s, r in options])


def handle_stands(articulation: Articulation, base: Array) -> list[Stand]:
    """Return the ways to grasp the handle from a base pose."""
    handle = articulation.T_world_handle
    return [
        Stand(T_world_tool=tool_on_bar(handle, pitch=pitch, flip=flip), base=base)
        for pitch, flip in product(PITCHES_RAD, (False, True))
    ]
