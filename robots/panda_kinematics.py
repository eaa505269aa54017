"""Room robots: batched forward and inverse kinematics of the Panda, in NumPy.

Frames: `arm` is the mount (link 0), `tool` the midpoint between the finger pads: z is the approach direction,
y the closing direction of the fingers. Every function works on n configurations at once, (n, 7), [rad].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .arrays import Array, frozen
from .mobile_base import ARM_HOME
from .panda import PANDA_ARM_LIMITS, T_BASE_ARM_XYZ
from .transforms import pose

_DH = (
    (0.0, 0.333, 0.0),
    (0.0, 0.0, -math.pi / 2),
    (0.0, 0.316, math.pi / 2),
    (0.0825, 0.0, math.pi / 2),
    (-0.0825, 0.384, -math.pi / 2),
    (0.0, 0.0, math.pi / 2),
    (0.088, 0.0, math.pi / 2),
)
"""a, d, alpha of joints 1 to 7. Source: frankaemika/docs, control parameters, Craig's convention."""

T_LINK7_HAND = frozen(pose(0.0, 0.0, 0.107, yaw=-math.pi / 4))
T_HAND_TOOL = frozen(pose(0.0, 0.0, 0.1034))
TOOL = 8
"""Index of the tool in the result of `link_poses`; 0 to 6 are links 1 to 7, and 7 is the hand."""

_FIXED = frozen([pose(a, -d * math.sin(al), d * math.cos(al), roll=al) for a, d, al in _DH])  # (7, 4, 4)
POSITION_TOLERANCE_M = 5e-4
ANGLE_TOLERANCE_RAD = 5e-3
LIMIT_MARGIN_RAD = 0.008
"""Solutions stay this far inside the joint limits, so that a spline through them does too."""
_SEED_SPREAD = frozen([0.9, 0.6, 0.9, 0.6, 0.9, 0.7, 0.9])


def link_poses(q: Array) -> Array:
    """Return T_arm_link of links 1 to 7, the hand and the tool, shape (n, 9, 4, 4)."""
    n = len(q)
    local = np.tile(_FIXED, (n, 1, 1, 1))  # (n, 7, 4, 4)
    cos, sin = np.cos(q)[..., None], np.sin(q)[..., None]  # (n, 7, 1)
    x, y = _FIXED[:, :3, 0], _FIXED[:, :3, 1]
    local[:, :, :3, 0] = cos * x + sin * y
    local[:, :, :3, 1] = cos * y - sin * x
    out = np.empty((n, 9, 4, 4))
    out[:, 0] = local[:, 0]
    for i in range(1, 7):
        out[:, i] = out[:, i - 1] @ local[:, i]
    out[:, 7] = out[:, 6] @ T_LINK7_HAND
    out[:, 8] = out[:, 7] @ T_HAND_TOOL
    return out


def tool_pose(q: Array) -> Array:
    """Return T_arm_tool of one configuration, shape (4, 4)."""
    return np.asarray(link_poses(np.asarray(q, dtype=np.float64)[None])[0, TOOL])


def tool_jacobian(links: Array) -> Array:
    """Return d(position, rotation)/dq of the tool in the arm frame, shape (n, 6, 7), from `link_poses`."""
    axes = links[:, :7, :3, 2]  # (n, 7, 3)
    arms = links[:, TOOL, None, :3, 3] - links[:, :7, :3, 3]
    return np.asarray(np.concatenate([np.cross(axes, arms), axes], axis=2).transpose(0, 2, 1))


def arm_mount(base: Array) -> Array:
    """Return T_world_arm for a base pose x, y, yaw in the world frame."""
    return pose(float(base[0]), float(base[1]), 0.0, yaw=float(base[2])) @ pose(*T_BASE_ARM_XYZ)


@dataclass(frozen=True, kw_only=True)
class IkResult:
    """Configurations found for n targets."""

    q: Array
    """Best configuration found, inside the joint limits, shape (n, 7), [rad]."""
    is_solved: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Whether the tool is within tolerance there, shape (n,)."""


def solve_ik(T_arm_tool: Array, q_start: Array, *, iterations: int = 40) -> IkResult:
    """Return configurations near `q_start` that bring the tool to the targets, by damped least squares.

    Args:
        T_arm_tool: Targets, shape (n, 4, 4).
        q_start: Where each search starts, shape (n, 7).
        iterations: Bound on the number of steps.

    Source: Buss, Introduction to inverse kinematics (2009), section 6, with steps projected on the limits.
    """
    q, n = np.array(q_start, dtype=np.float64), len(T_arm_tool)
    best, solved = q.copy(), np.zeros(n, dtype=bool)
    active = np.arange(n)
    lower, upper = PANDA_ARM_LIMITS.lower + LIMIT_MARGIN_RAD, PANDA_ARM_LIMITS.upper - LIMIT_MARGIN_RAD
    for _ in range(iterations):
        links = link_poses(q[active])
        error = _tool_error(links[:, TOOL], T_arm_tool[active])  # (k, 6)
        distance, angle = np.linalg.norm(error[:, :3], axis=1), np.linalg.norm(error[:, 3:], axis=1)
        done = (distance < POSITION_TOLERANCE_M) & (angle < ANGLE_TOLERANCE_RAD)
        solved[active[done]] = True
        best[active[done]] = q[active[done]]
        if done.all():
            return IkResult(q=best, is_solved=solved)
        active, error, links = active[~done], error[~done], links[~done]
        J = tool_jacobian(links)  # (k, 6, 7)
        damping = 1e-5 + 0.02 * np.minimum(np.sum(error**2, axis=1), 1.0)
        A = J @ J.transpose(0, 2, 1) + damping[:, None, None] * np.eye(6)
        step = (J.transpose(0, 2, 1) @ np.linalg.solve(A, error[..., None]))[..., 0]
        largest = np.abs(step).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, 0.6 / np.maximum(largest, 1e-9))
        q[active] = np.clip(q[active] + step, lower, upper)
    best[active] = q[active]
    return IkResult(q=best, is_solved=solved)


def ik_seeds(count: int, rng: np.random.Generator, *, near: Array = ARM_HOME) -> Array:
    """Return starts for `solve_ik`: `near`, its neighbours, then the whole range, shape (count, 7)."""
    limits = PANDA_ARM_LIMITS
    spread = near + rng.normal(size=(count, 7)) * _SEED_SPREAD
    wide = rng.uniform(limits.lower, limits.upper, size=(count, 7))
    seeds = np.where(np.arange(count)[:, None] < max(2, count * 2 // 3), spread, wide)
    seeds[0] = near
    return np.clip(seeds, limits.lower + 0.05, limits.upper - 0.05)


def find_configurations(T_arm_tool: Array, rng: np.random.Generator, *, seeds: int = 24) -> Array:
    """Return configurations that reach one target, without near duplicates, shape (k, 7); k = 0 if none.

    Tries `seeds` starts, and when none of them leads anywhere, up to four times as many.
    """
    found = np.empty((0, 7))
    for round_ in range(4):
        if round_ and len(found):
            break
        chunk = ik_seeds(seeds, rng)
        result = solve_ik(np.tile(T_arm_tool, (len(chunk), 1, 1)), chunk)
        for q in result.q[result.is_solved]:
            if not len(found) or np.abs(found - q).max(axis=1).min() > 0.1:
                found = np.vstack([found, q])
    return found


def _tool_error(T_now: Array, T_wanted: Array) -> Array:
    """Return position and rotation-vector errors in the arm frame, shape (n, 6)."""
    R_error = T_wanted[:, :3, :3] @ T_now[:, :3, :3].transpose(0, 2, 1)
    skew = np.stack(
        [
            R_error[:, 2, 1] - R_error[:, 1, 2],
            R_error[:, 0, 2] - R_error[:, 2, 0],
            R_error[:, 1, 0] - R_error[:, 0, 1],
        ],
        axis=1,
    )
    sine = np.linalg.norm(skew, axis=1) / 2
    angle = np.arctan2(sine, (np.trace(R_error, axis1=1, axis2=2) - 1) / 2)
    factor = np.where(sine > 1e-9, angle / np.maximum(2 * sine, 1e-9), 0.5)
    turn = skew * factor[:, None]
    for i in np.flatnonzero((sine < 1e-6) & (angle > 1.0)):  # half a turn: the axis is a column of R + 1
        columns = R_error[i] + np.eye(3)
        axis = columns[:, np.linalg.norm(columns, axis=0).argmax()]
        turn[i] = angle[i] * axis / np.linalg.norm(axis)
    return np.concatenate([T_wanted[:, :3, 3] - T_now[:, :3, 3], turn], axis=1)
