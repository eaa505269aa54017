"""Room skills: when arm and base are where: a path driven at constant speed, smoothed by two moving averages.

The first average, as long as braking takes, turns jumps of velocity into ramps within the acceleration limit
and rounds the corners; the second does the same for acceleration and jerk. The result is checked by finite
differences at the control tick and smoothed more until it fits. A configuration is the arm's seven joints
followed by the base's x, y, yaw in the world frame: shape (10,).
"""

from __future__ import annotations

import numpy as np

from robots import Array, JointLimits, RobotLimits

ARM, BASE = slice(0, 7), slice(7, 10)
LIMIT_SHARE = 0.9
"""Share of each limit that is used."""
JERK_WINDOW_S = 0.08
LIMIT_NAMES = ("lower", "upper", "velocity", "acceleration", "jerk")


def body_limits(limits: RobotLimits) -> JointLimits:
    """Return the limits of arm and base together, arrays of shape (10,)."""
    both = [np.concatenate([getattr(p, n) for p in (limits.arm, limits.base)]) for n in LIMIT_NAMES]
    source = f"{limits.arm.source}; {limits.base.source}"
    return JointLimits(
        lower=both[0], upper=both[1], velocity=both[2], acceleration=both[3], jerk=both[4], source=source
    )


def time_path(path: Array, limits: JointLimits, *, tick_s: float, speed: float = 1.0) -> Array:
    """Return a configuration for every tick along `path`, from rest to rest, shape (k, 10).

    Args:
        path: Way points, shape (n, 10).
        limits: Of all ten joints, see `body_limits`.
        tick_s: Control period, [s].
        speed: Share of the allowed speed, 0 to 1.
    """
    smoothing = 1.0
    while True:
        configurations = _driven(path, limits, tick_s, speed, smoothing)
        excess = limit_excess(configurations, limits, tick_s)
        if excess <= 1.0:
            return configurations
        smoothing *= max(1.02, excess)


def limit_excess(configurations: Array, limits: JointLimits, tick_s: float) -> float:
    """Return the largest ratio of a finite difference to its limit, assuming rest before and after."""
    first, last = configurations[:1], configurations[-1:]
    padded = np.vstack([np.repeat(first, 3, axis=0), configurations, np.repeat(last, 3, axis=0)])
    velocity = np.diff(padded, axis=0) / tick_s
    acceleration = np.diff(velocity, axis=0) / tick_s
    jerk = np.diff(acceleration, axis=0) / tick_s
    ratios = (
        np.abs(velocity).max(axis=0) / limits.velocity,
        np.abs(acceleration).max(axis=0) / limits.acceleration,
        np.abs(jerk).max(axis=0) / limits.jerk,
    )
    return float(np.max(ratios))


def _driven(path: Array, limits: JointLimits, tick_s: float, speed: float, smoothing: float) -> Array:
    top = limits.velocity * LIMIT_SHARE * speed
    deltas = np.diff(path, axis=0)
    driving = np.linalg.norm(deltas[:, 7:9], axis=1) / min(top[7:9])  # not x and y apart
    durations = np.maximum(np.maximum(driving, (np.abs(deltas) / top).max(axis=1)), 1e-9)
    corners = np.concatenate([[0.0], np.cumsum(durations)])
    ticks = np.arange(0.0, corners[-1] + tick_s, tick_s)
    even = np.stack([np.interp(ticks, corners, column) for column in path.T], axis=1)
    moving = np.abs(deltas).max(axis=0) > 1e-9
    braking_s = float(np.max(top[moving] / (limits.acceleration * LIMIT_SHARE)[moving], initial=tick_s))
    for window_s in (braking_s, JERK_WINDOW_S):
        window = max(2, int(np.ceil(smoothing * window_s / tick_s)))
        first, last = np.repeat(even[:1], window, axis=0), np.repeat(even[-1:], window, axis=0)
        sums = np.cumsum(np.vstack([first, even, last]) - path[-1], axis=0)
        even = (sums[window:] - sums[:-window]) / window + path[-1]
    return np.asarray(np.vstack([even, path[-1:]]), dtype=np.float64)
