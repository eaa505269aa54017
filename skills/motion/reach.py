"""Room skills: from which base poses, with which arm configurations, the hand gets where it must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from robots import Array
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_ARM_LIMITS, T_BASE_ARM_XYZ
from robots.panda_kinematics import TOOL, arm_mount, link_poses, solve_ik, tool_jacobian, tool_pose
from robots.transforms import inverse, rotation_vector

from .cartesian import follow_tool_poses, straight_poses

MOST_REACHES = 60
"""Reaches that are worth a closer look."""
LIMIT_MARGIN_RAD = 0.05
"""Distance that every joint keeps from its limits."""


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A tool pose with a base pose from which it may be reached."""

    T_world_tool: Array
    base: Array
    """x, y, yaw in the world frame, shape (3,)."""

    @property
    def T_arm_tool(self) -> Array:
        """Return the tool pose in the frame of the arm's mount."""
        return np.asarray(inverse(arm_mount(self.base)) @ self.T_world_tool, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """A stand with an arm configuration that reaches it."""

    stand: Stand
    q_arm: Array
    discomfort: float
    """Joint travel from the carrying configuration, and nearness to joint limits; small is good, [rad]."""


def base_before(p_world: Array, heading: float, *, reach: float, side: float, turn: float) -> Array:
    """Return the base pose that has a point `reach` ahead and `side` to the left, shape (3,).

    Args:
        p_world: Point in the world frame; its x and y are used, [m].
        heading: Direction in which the hand works there, in the world frame, [rad].
        reach: Distance ahead of the base origin, [m].
        side: Distance to the left of the base's axis, [m].
        turn: Angle from the base's to the hand's heading, [rad].
    """
    yaw = heading - turn
    cos, sin = np.cos(yaw), np.sin(yaw)
    x = p_world[0] - cos * reach + sin * side
    y = p_world[1] - sin * reach - cos * side
    return np.array([x, y, yaw])


def reaches_of(stands: Sequence[Stand]) -> list[Reach]:
    """Return the stands that the arm reaches most comfortably, the best first."""
    if not stands:
        return []
    seeds = _seeds()
    targets = np.repeat(np.stack([stand.T_arm_tool for stand in stands]), len(seeds), axis=0)
    result = solve_ik(targets, np.tile(seeds, (len(stands), 1)))
    margins = np.minimum(result.q - PANDA_ARM_LIMITS.lower, PANDA_ARM_LIMITS.upper - result.q).min(axis=1)
    travel = np.abs(result.q - ARM_HOME).max(axis=1)
    discomfort = travel + 2.0 * np.maximum(0.0, 0.35 - margins)
    discomfort[~result.is_solved | (margins < LIMIT_MARGIN_RAD)] = np.inf
    table = discomfort.reshape(len(stands), len(seeds))
    best = table.argmin(axis=1)
    ranked = np.argsort(table.min(axis=1), kind="stable")[:MOST_REACHES]
    return [
        Reach(
            stand=stands[i],
            q_arm=polished(result.q[i * len(seeds) + best[i]], stands[i].T_arm_tool),
            discomfort=float(table[i, best[i]]),
        )
        for i in ranked
        if np.isfinite(table[i, best[i]])
    ]


def arm_line(q_start: Array, T_arm_goal: Array) -> Array | None:
    """Return joint positions (n, 7) that carry the tool straight and evenly turning to a pose, or None.

    The start is left out. None when a pose on the way is out of reach or needs another arm shape.
    """
    return arm_through(q_start, straight_poses(tool_pose(q_start), T_arm_goal)[1:])


def arm_through(q_start: Array, T_arm_tools: Array) -> Array | None:
    """Return joint positions (n, 7) along tool poses (n, 4, 4), without jumps; None if there are none."""
    lines = follow_tool_poses(T_arm_tools[None], q_start[None])
    return lines.q[0] if lines.is_solved[0] else None


def polished(q_arm: Array, T_arm_tool: Array) -> Array:
    """Return the configuration after a few more Newton steps: exact to micrometres, shape (7,)."""
    q: Array = np.array(q_arm)
    for _ in range(3):
        links = link_poses(q[None])
        T = links[0, TOOL]
        error = np.concatenate([T_arm_tool[:3, 3] - T[:3, 3], _rotation_between(T, T_arm_tool)])
        q = q + np.linalg.pinv(tool_jacobian(links)[0]) @ error
    return np.clip(q, PANDA_ARM_LIMITS.lower, PANDA_ARM_LIMITS.upper)


def shifted(T: Array, offset: Array) -> Array:
    """Return the pose moved by `offset` (3,) in the frame that it is given in."""
    moved = np.array(T)
    moved[:3, 3] += offset
    return moved


def lowest_link_height(q_arm: Array) -> float:
    """Return the height of the lowest of elbow, wrist and hand above the floor, [m]."""
    return float(link_poses(q_arm[None])[0, 3:8, 2, 3].min() + T_BASE_ARM_XYZ[2])


def _seeds() -> Array:
    """Return starts: the carrying configuration, and a hand that looks ahead or down, rolled three ways."""
    ahead = np.array([0.0, -0.3, 0.0, -2.3, 0.0, 3.2, np.pi / 4])
    down = np.array([0.0, 0.2, 0.0, -2.1, 0.0, 2.3, np.pi / 4])
    seeds = [ARM_HOME]
    for shape, roll in product((ahead, down), (0.0, np.pi / 2, -np.pi / 2)):
        q = shape.copy()
        q[6] += roll
        seeds.append(q)
    return np.array(seeds)


def _rotation_between(T_a: Array, T_b: Array) -> Array:
    difference = np.eye(4)
    difference[:3, :3] = T_b[:3, :3] @ T_a[:3, :3].T
    return rotation_vector(difference)
