"""Room skills: when the base is where: a path driven at constant speed, smoothed by two moving averages.

The first average, as long as braking takes, turns jumps of velocity into ramps within the acceleration limit
and rounds the corners; the second does the same for acceleration and jerk. The result is checked by finite
differences at the control tick and driven slower until it fits.
"""

from __future__ import annotations

import numpy as np

from robots import Array, JointLimits

LIMIT_SHARE = 0.9
"""Share of each limit that is used."""
JERK_WINDOW_S = 0.10


def time_base_path(path: Array, limits: JointLimits, *, tick_s: float, speed: float = 1.0) -> Array:
    """Return base poses for every tick along `path`, from rest to rest, shape (k, 3).

    Args:
        path: Way points x, y, yaw in the world frame, shape (n, 3).
        limits: Of the base's three joints.
        tick_s: Control period, [s].
        speed: Share of the allowed speed, 0 to 1.
    """
    scale = speed
    while True:
        poses = _driven(path, limits, tick_s, scale)
        excess = limit_excess(poses, limits, tick_s)
        if excess <= 1.0:
            return poses
        scale /= min(1.5, max(1.02, float(np.sqrt(excess))))


def limit_excess(poses: Array, limits: JointLimits, tick_s: float) -> float:
    """Return the largest ratio of a finite difference to its limit, assuming rest before and after."""
    padded = np.vstack([np.repeat(poses[:1], 3, axis=0), poses, np.repeat(poses[-1:], 3, axis=0)])
    velocity = np.diff(padded, axis=0) / tick_s
    acceleration = np.diff(velocity, axis=0) / tick_s
    jerk = np.diff(acceleration, axis=0) / tick_s
    ratios = (
        np.abs(velocity).max(axis=0) / limits.velocity,
        np.abs(acceleration).max(axis=0) / limits.acceleration,
        np.abs(jerk).max(axis=0) / limits.jerk,
    )
    return float(np.max(ratios))


def _driven(path: Array, limits: JointLimits, tick_s: float, scale: float) -> Array:
    top = limits.velocity * LIMIT_SHARE * scale
    deltas = np.diff(path, axis=0)
    translation = np.linalg.norm(deltas[:, :2], axis=1) / min(top[:2])
    durations = np.maximum(np.maximum(translation, np.abs(deltas[:, 2]) / top[2]), 1e-9)
    corners = np.concatenate([[0.0], np.cumsum(durations)])
    ticks = np.arange(0.0, corners[-1] + tick_s, tick_s)
    even = np.stack([np.interp(ticks, corners, path[:, i]) for i in range(3)], axis=1)
    braking_s = float(np.max(top / (limits.acceleration * LIMIT_SHARE)))
    windows = [max(2, int(np.ceil(w / tick_s))) for w in (braking_s, JERK_WINDOW_S)]
    for window in windows:
        padded = np.vstack([np.repeat(even[:1], window, axis=0), even, np.repeat(even[-1:], window, axis=0)])
        sums = np.cumsum(padded, axis=0)
        even = (sums[window:] - sums[:-window]) / window
    return np.asarray(np.vstack([even, path[-1:]]), dtype=np.float64)
