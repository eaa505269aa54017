"""Room skills: from where and how the hand reaches one of many tool poses, with free ways in and out.

A target is a tool pose with a straight way in and a straight way out. Many targets are tried at once: inverse
kinematics, collisions there, then both lines. The first base pose with an acceptable target wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grounding.collision import ArmCollision, hand_clearance
from robots import Array, Solid
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_ARM_LIMITS
from robots.panda_kinematics import arm_mount, solve_ik
from robots.panda_spheres import Spheres
from robots.transforms import inverse

from .cartesian import follow_tool_poses, shifted_lines

TOUCH_MARGIN_M = 0.001
"""Distance from everything that need not be touched, at the target and on the lines."""
END_MARGIN_M = 0.008
"""Distance at the outer ends of the ways, from where the arm must find on."""
LIMIT_MARGIN_RAD = 0.03
BATCH = 48
MOST_BATCHES = 2
"""Batches looked at from each base pose."""
_SHAPES = np.array(
    [
        ARM_HOME,
        [0.0, -0.3, 0.0, -2.3, 0.0, 2.9, np.pi / 4],
        [0.0, 0.3, 0.0, -2.0, 0.0, 2.3, np.pi / 4],
    ]
)


@dataclass(frozen=True, kw_only=True)
class ToolTarget:
    """Where the tool shall be, and how it comes and goes; world frame."""

    T_world_tool: Array
    opening: float
    """Distance between the pads on the way in, [m]."""
    way_in: Array
    """Where the way in starts, relative to the target, [m], shape (3,)."""
    way_out: Array
    """Where the way out ends, relative to the target, [m], shape (3,)."""
    cost: float


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What must not be hit."""

    obstacles: Sequence[Solid]
    """In the world frame."""
    touched: Sequence[Solid] = ()
    """Solids that only the fingers may touch (what is grasped or let go)."""
    held: Spheres | None = None
    """What the hand carries on the way in, in the tool frame."""
    opening_out: float | None = None
    """Distance between the pads on the way out, [m]; None: as on the way in."""


@dataclass(frozen=True, kw_only=True)
class Approach:
    """An acceptable target with its joint paths from one base pose."""

    index: int
    """Which target."""
    base: Array
    q_in: Array
    """From the start of the way in to the target, shape (s, 7), [rad]."""
    q_out: Array
    """From the target to the end of the way out, shape (t, 7), [rad]."""
    clearance: float
    tried: int
    """How many targets were looked at."""


@dataclass(frozen=True, kw_only=True)
class NoApproach:
    """Why no target can be reached: "no inverse kinematics" or "goal in collision"."""

    reason: str
    tried: int


def find_approach(
    targets: Sequence[ToolTarget], bases: Sequence[Array], around: Surroundings, q_now: Array
) -> Approach | NoApproach:
    """Return the cheapest acceptable target from the first base pose that has one."""
    tried, reason = 0, "no inverse kinematics"
    order = _free_for_the_hand(targets, around)
    order.sort(key=lambda i: targets[i].cost)
    if not order:
        return NoApproach(reason="goal in collision", tried=len(targets))
    for base in bases:
        for start in range(0, min(len(order), MOST_BATCHES * BATCH), BATCH):
            batch = order[start : start + BATCH]
            tried += len(batch)
            found = _from_base([targets[i] for i in batch], base, around, q_now)
            if isinstance(found, str):
                reason = found if found != "no inverse kinematics" else reason
                continue
            k, q_in, q_out, clearance = found
            return Approach(
                index=batch[k], base=base, q_in=q_in, q_out=q_out, clearance=clearance, tried=tried
            )
    return NoApproach(reason=reason, tried=tried)


def _free_for_the_hand(targets: Sequence[ToolTarget], around: Surroundings) -> list[int]:
    """Return the targets where a free-flying hand fits, at the target and at both ends of its ways."""
    T = np.stack([t.T_world_tool for t in targets])
    free = np.ones(len(T), dtype=bool)
    for shift in (None, "way_in", "way_out"):
        moved = T.copy()
        if shift is not None:
            moved[:, :3, 3] += _ways(targets, np.arange(len(T)), shift)
        gaps = hand_clearance(
            moved, around.obstacles, around.touched, gripper_width=max(t.opening for t in targets)
        )
        free &= gaps >= TOUCH_MARGIN_M
    return [int(i) for i in np.flatnonzero(free)]


def _from_base(
    targets: Sequence[ToolTarget], base: Array, around: Surroundings, q_now: Array
) -> tuple[int, Array, Array, float] | str:
    T_arm_world = inverse(arm_mount(base))
    T = np.stack([T_arm_world @ t.T_world_tool for t in targets])  # (n, 4, 4)
    owners, q = _configurations(T, q_now)
    if not len(q):
        return "no inverse kinematics"
    rigid = ArmCollision(
        around.obstacles, base, gripper_width=max(t.opening for t in targets), touched=around.touched
    )
    gaps = rigid.clearance(q)
    keep = gaps >= TOUCH_MARGIN_M
    if not keep.any():
        return "goal in collision"
    owners, q, gaps = owners[keep], q[keep], gaps[keep]
    costs = np.array([targets[int(i)].cost for i in owners])
    costs = costs + 0.12 * np.abs(q - q_now).max(axis=1) + 8.0 * np.maximum(0.0, 0.02 - gaps)
    order = np.argsort(costs, kind="stable")[:24]
    owners, q, gaps = owners[order], q[order], gaps[order]
    R = T_arm_world[:3, :3]
    ins = follow_tool_poses(shifted_lines(T[owners], _ways(targets, owners, "way_in") @ R.T), q)
    outs = follow_tool_poses(shifted_lines(T[owners], _ways(targets, owners, "way_out") @ R.T), q)
    for k in np.flatnonzero(ins.is_solved & outs.is_solved):
        if _lines_are_free(rigid, ins.q[k], outs.q[k], base, around):
            return int(owners[k]), ins.q[k][::-1], outs.q[k], float(gaps[k])
    return "goal in collision" if (ins.is_solved & outs.is_solved).any() else "no inverse kinematics"


def _ways(
    targets: Sequence[ToolTarget], owners: np.ndarray[tuple[int], np.dtype[np.int64]], end: str
) -> Array:
    return np.stack([np.asarray(getattr(targets[int(i)], end), dtype=np.float64) for i in owners])


def _configurations(T: Array, q_now: Array) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Array]:
    """Return target indices and configurations that reach them, from a few starting shapes each."""
    bearing = np.arctan2(T[:, 1, 3], T[:, 0, 3])
    starts = np.repeat(np.vstack([_SHAPES, q_now[None]])[None], len(T), axis=0)  # (n, s, 7)
    starts[:, :3, 0] = bearing[:, None]
    count = starts.shape[1]
    result = solve_ik(np.repeat(T, count, axis=0), starts.reshape(-1, 7), iterations=30)
    limits = PANDA_ARM_LIMITS
    inside = np.minimum(result.q - limits.lower, limits.upper - result.q).min(axis=1) > LIMIT_MARGIN_RAD
    good = np.flatnonzero(result.is_solved & inside)
    return good // count, result.q[good]


def _lines_are_free(
    rigid: ArmCollision, q_in: Array, q_out: Array, base: Array, around: Surroundings
) -> bool:
    gaps = rigid.clearance(q_in)
    if np.any(gaps < TOUCH_MARGIN_M) or gaps[-1] < END_MARGIN_M:
        return False
    leaving = rigid
    if around.opening_out is not None:
        leaving = ArmCollision(
            around.obstacles, base, gripper_width=around.opening_out, touched=around.touched
        )
    gaps = leaving.clearance(q_out)
    if np.any(gaps < TOUCH_MARGIN_M) or gaps[-1] < END_MARGIN_M:
        return False
    if around.held is None:
        return True
    # The carried item may touch what it is put on, but only at the end of the line.
    carrying = ArmCollision(around.obstacles, base, gripper_width=0.04, held=around.held)
    return bool(np.all(carrying.clearance(q_in[len(q_in) // 2 :]) >= TOUCH_MARGIN_M))
