"""Room skills: straight and curved motions of the tool by continuous inverse kinematics, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from robots import Array
from robots.panda_kinematics import solve_ik
from robots.transforms import inverse, rotation_vector

STEP_M = 0.012
JUMP_RAD = 0.35
"""Largest joint motion per step that still counts as continuous."""


@dataclass(frozen=True, kw_only=True)
class ToolLines:
    """Joint paths of n tool motions with s steps each."""

    q: Array
    """Shape (n, s, 7), [rad]."""
    is_solved: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Whether the whole motion was followed without a jump, shape (n,)."""


def follow_tool_poses(T_arm_tool: Array, q_start: Array) -> ToolLines:
    """Return joint paths along tool poses (n, s, 4, 4) in the arm frame, starting near `q_start` (n, 7)."""
    n, steps = T_arm_tool.shape[:2]
    q = np.empty((n, steps, 7))
    ok = np.ones(n, dtype=bool)
    last = np.asarray(q_start, dtype=np.float64)
    for k in range(steps):
        result = solve_ik(T_arm_tool[:, k], last, iterations=12)
        ok &= result.is_solved & (np.abs(result.q - last).max(axis=1) < JUMP_RAD)
        q[:, k] = last = result.q
    return ToolLines(q=q, is_solved=ok)


def straight_poses(T_from: Array, T_to: Array, *, step_m: float = STEP_M, step_rad: float = 0.06) -> Array:
    """Return poses from one to the other, position and rotation at even rates, shape (s, 4, 4)."""
    angle = float(np.linalg.norm(rotation_vector(inverse(T_from) @ T_to)))
    distance = float(np.linalg.norm(T_to[:3, 3] - T_from[:3, 3]))
    return even_poses(T_from, T_to, max(1, int(np.ceil(max(distance / step_m, angle / step_rad)))))


def even_poses(T_from: Array, T_to: Array, count: int) -> Array:
    """Return `count` equal steps from one pose to another, both included, shape (count + 1, 4, 4)."""
    turn = rotation_vector(inverse(T_from) @ T_to)
    fractions = np.linspace(0.0, 1.0, count + 1)
    poses = np.tile(np.eye(4), (count + 1, 1, 1))
    poses[:, :3, 3] = T_from[:3, 3] + fractions[:, None] * (T_to[:3, 3] - T_from[:3, 3])
    for k, fraction in enumerate(fractions):
        poses[k, :3, :3] = T_from[:3, :3] @ rotation_of(turn * fraction)
    return poses


def shifted_lines(T_arm_tool: Array, shift: Array, *, step_m: float = STEP_M) -> Array:
    """Return poses that move n tools by the same or their own shift (3,) or (n, 3), shape (n, s, 4, 4)."""
    shifts = np.broadcast_to(shift, (len(T_arm_tool), 3))
    count = max(1, int(np.ceil(float(np.linalg.norm(shifts, axis=1).max()) / step_m)))
    fractions = np.linspace(0.0, 1.0, count + 1)
    poses = np.repeat(T_arm_tool[:, None], count + 1, axis=1)
    poses[:, :, :3, 3] += fractions[:, None] * shifts[:, None]
    return poses


def rotation_of(turn: Array) -> Array:
    """Return the 3x3 rotation of axis times angle (Rodrigues)."""
    angle = float(np.linalg.norm(turn))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = turn / angle
    K = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * K + (1 - np.cos(angle)) * (K @ K))
