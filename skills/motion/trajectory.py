"""Room skills: when the arm is where: time-optimal path parametrisation, checked at the control tick.

Source: Pham and Pham, A new approach to time-optimal path parameterization (2018).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from robots import Array, JointLimits

from .arm_planner import edge_points
from .whole_body import limit_excess

LIMIT_SHARE = 0.9
"""Share of each limit that is used."""
CORNER_STEP_RAD = 0.05
GRIDPOINTS = 80


@dataclass(frozen=True, kw_only=True)
class ArmTrajectory:
    """Joint targets, one per tick, from rest to rest."""

    q: Array
    """Shape (k, 7), [rad]."""
    stretch: float
    """How much slower than first computed it was made to fit the limits; 1 is unchanged."""


def time_arm_path(
    path: Array, limits: JointLimits, *, tick_s: float, speed: float = 1.0, is_dense: bool = False
) -> ArmTrajectory:
    """Return targets along a path within 0.9 of the limits.

    Args:
        path: Way points, shape (n, 7), [rad].
        limits: Of the arm.
        tick_s: Control period, [s].
        speed: Share of the allowed speed, 0 to 1; accelerations fall with its square.
        is_dense: The points are close together and already smooth; otherwise corners are rounded.
    """
    points = _distinct(path if is_dense else rounded(path))
    if len(points) < 2:
        return ArmTrajectory(q=np.repeat(path[-1:], 2, axis=0), stretch=1.0)
    trajectory = _parametrised(points, limits)
    duration = float(trajectory.duration) / speed
    stretch = 1.0
    while True:
        q = _sampled(trajectory, duration * stretch, tick_s)
        excess = limit_excess(q, limits, tick_s)
        if excess <= 0.995:
            return ArmTrajectory(q=q, stretch=stretch)
        stretch *= min(1.5, max(1.02, float(np.sqrt(excess))))


def rounded(path: Array) -> Array:
    """Return the path with even steps and its corners rounded by a moving average, shape (m, 7)."""
    pieces = [edge_points(a, b, step=CORNER_STEP_RAD)[1:] for a, b in zip(path[:-1], path[1:], strict=True)]
    even = np.vstack([path[:1], *pieces])
    if len(path) == 2 or len(even) < 7:
        return even
    half = 3
    padded = np.vstack([np.repeat(even[:1], half, axis=0), even, np.repeat(even[-1:], half, axis=0)])
    smooth = np.mean([padded[k : k + len(even)] for k in range(2 * half + 1)], axis=0)
    return np.vstack([even[:1], smooth[1:-1], even[-1:]])


def _distinct(points: Array) -> Array:
    keep = np.concatenate([[True], np.abs(np.diff(points, axis=0)).max(axis=1) > 1e-5])
    kept = points[keep]
    return kept if len(kept) < 2 else np.vstack([kept[:-1], points[-1:]])


class _Parametrised:
    """A TOPP-RA trajectory: the path and when each part of it is passed."""

    def __init__(self, inner: object, duration: float) -> None:
        self.inner = inner
        self.duration = duration

    def at(self, times: Array) -> Array:
        """Return positions at times, shape (k, 7)."""
        return np.asarray(self.inner(times), dtype=np.float64)  # type: ignore[operator]  # toppra ships no types


def _parametrised(points: Array, limits: JointLimits) -> _Parametrised:
    import toppra
    from toppra import algorithm, constraint

    logging.getLogger("toppra").setLevel(logging.ERROR)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    spline = toppra.SplineInterpolator(lengths, points)
    velocity = limits.velocity * LIMIT_SHARE
    acceleration = limits.acceleration * LIMIT_SHARE
    bounds = [
        constraint.JointVelocityConstraint(np.stack([-velocity, velocity], axis=1)),
        constraint.JointAccelerationConstraint(np.stack([-acceleration, acceleration], axis=1)),
    ]
    grid = np.linspace(0.0, lengths[-1], max(GRIDPOINTS, len(points)))
    instance = algorithm.TOPPRA(bounds, spline, gridpoints=grid, parametrizer="ParametrizeConstAccel")
    trajectory = instance.compute_trajectory(0.0, 0.0)
    if trajectory is None:
        raise ValueError(f"the path of {len(points)} points cannot be timed; its first point is {points[0]}")
    return _Parametrised(trajectory, float(trajectory.duration))


def _sampled(trajectory: _Parametrised, duration: float, tick_s: float) -> Array:
    count = max(2, int(np.ceil(duration / tick_s)))
    q = trajectory.at(np.linspace(0.0, trajectory.duration, count + 1))
    return np.vstack([q, q[-1:]])
