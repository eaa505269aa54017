"""Room robots: homogeneous transforms, the few operations that every room needs."""

from __future__ import annotations

import math

import numpy as np

from .arrays import Array


def pose(x: float, y: float, z: float, *, roll: float = 0.0, pitch: float = 0.0, yaw: float = 0.0) -> Array:
    """Return the 4x4 transform of a translation, [m], and fixed-axis roll, pitch, yaw, [rad]."""
    cr, sr, cp, sp = math.cos(roll), math.sin(roll), math.cos(pitch), math.sin(pitch)
    cy, sy = math.cos(yaw), math.sin(yaw)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr, x],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr, y],
            [-sp, cp * sr, cp * cr, z],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def from_quaternion(position: tuple[float, ...], quaternion: tuple[float, ...]) -> Array:
    """Return the 4x4 transform of a position, [m], and a unit quaternion in (x, y, z, w) order."""
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), position[0]],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), position[1]],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), position[2]],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def to_quaternion(T_a_b: Array) -> tuple[float, float, float, float]:
    """Return the unit quaternion (x, y, z, w), w >= 0, of a transform's rotation.

    Source: Shepperd, Quaternion from rotation matrix (1978): divide by the largest component.
    """
    R = T_a_b[:3, :3]
    squares = np.array(  # (4,): 4 x², 4 y², 4 z², 4 w²
        [
            1 + R[0, 0] - R[1, 1] - R[2, 2],
            1 - R[0, 0] + R[1, 1] - R[2, 2],
            1 - R[0, 0] - R[1, 1] + R[2, 2],
            1 + R[0, 0] + R[1, 1] + R[2, 2],
        ]
    )
    K = np.array(
        [
            [squares[0], R[0, 1] + R[1, 0], R[0, 2] + R[2, 0], R[2, 1] - R[1, 2]],
            [R[0, 1] + R[1, 0], squares[1], R[1, 2] + R[2, 1], R[0, 2] - R[2, 0]],
            [R[0, 2] + R[2, 0], R[1, 2] + R[2, 1], squares[2], R[1, 0] - R[0, 1]],
            [R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1], squares[3]],
        ]
    )
    q = K[int(np.argmax(squares))]
    q = q / np.linalg.norm(q)
    q = -q if q[3] < 0 else q
    return float(q[0]), float(q[1]), float(q[2]), float(q[3])


def inverse(T_a_b: Array) -> Array:
    """Return T_b_a of a rigid transform T_a_b."""
    T_b_a = np.eye(4)
    T_b_a[:3, :3] = T_a_b[:3, :3].T
    T_b_a[:3, 3] = -T_a_b[:3, :3].T @ T_a_b[:3, 3]
    return T_b_a


def rotation_vector(T_a_b: Array) -> Array:
    """Return axis times angle, [rad], shape (3,), of a transform's rotation."""
    x, y, z, w = to_quaternion(T_a_b)
    axis = np.array([x, y, z])
    sine = float(np.linalg.norm(axis))
    if sine < 1e-12:
        return 2.0 * axis
    return axis / sine * 2.0 * math.atan2(sine, w)


def from_rotation_vector(vector: Array) -> Array:
    """Return the homogeneous rotation about a vector by its length, [rad], shape (4, 4) (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    T = np.eye(4)
    if angle > 1e-12:
        x, y, z = np.asarray(vector, dtype=np.float64) / angle
        K = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
        T[:3, :3] += np.sin(angle) * K + (1.0 - np.cos(angle)) * K @ K
    return T
