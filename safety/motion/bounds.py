"""Room safety: how fast may it be: pure functions of distance, limits and time, all in SI units."""

from __future__ import annotations

import math

import numpy as np

from robots import Array

PERSON_SPEED = 1.6
"""Walking speed of a person who is not measured, [m/s]. Source: ISO 13855, quoted in ISO/TS 15066."""


def braking_bound(distance: Array, acceleration: Array, jerk: Array, cycle_s: float) -> Array:
    """Return the speed at which a joint can still stop before its position limit.

    Args:
        distance: To the limit in the direction of motion, shape (n,); negative is beyond it.
        acceleration: Largest deceleration, shape (n,).
        jerk: Largest jerk, shape (n,).
        cycle_s: Control period, [s].

    Returns:
        v = sqrt(a^2 tau^2 + 2 a d) - a tau with tau = cycle + 2 a / j, at least 0, shape (n,): the joint may
        still be accelerating when the order to brake comes.
    """
    tau = cycle_s + 2.0 * acceleration / jerk
    d = np.maximum(distance, 0.0)
    bound: Array = np.sqrt((acceleration * tau) ** 2 + 2.0 * acceleration * d) - acceleration * tau
    return np.maximum(bound, 0.0)


def distance_scale(distance: float, threshold: float) -> float:
    """Return the share of speed that is left near an obstacle: 1 at the threshold, 0.001 at contact, then 0.

    Source: the scaling of MoveIt Servo's collision monitor, k = -ln(0.001) / threshold.
    """
    if not distance > 0.0:
        return 0.0
    return min(1.0, math.exp(-math.log(0.001) / threshold * (distance - threshold)))


def protective_distance(
    speed: float,
    reaction_s: float,
    stopping_s: float,
    *,
    person_speed: float = PERSON_SPEED,
    intrusion: float = 0.0,
    uncertainty: float = 0.105,
) -> float:
    """Return the least distance between robot and person at a robot speed, [m].

    Args:
        speed: Of the fastest point of the robot, [m/s].
        reaction_s: From the person being somewhere to the robot beginning to brake, [s].
        stopping_s: From then to rest, [s].
        person_speed: Towards the robot, [m/s].
        intrusion: How far somebody is in before the sensor sees them, [m].
        uncertainty: Of both positions together, [m].

    Source: ISO/TS 15066, S_p = S_h + S_r + S_s + C + Z_d + Z_r, as discussed by Marvel and Norcross (2017).
    """
    walked = person_speed * (reaction_s + stopping_s)
    return walked + speed * reaction_s + speed * stopping_s / 2.0 + intrusion + uncertainty


def separation_speed(
    distance: float,
    reaction_s: float,
    stopping_s: float,
    *,
    person_speed: float = PERSON_SPEED,
    intrusion: float = 0.0,
    uncertainty: float = 0.105,
) -> float:
    """Return the fastest that the robot may be at a distance to a person, [m/s]; the inverse of the above."""
    free = distance - person_speed * (reaction_s + stopping_s) - intrusion - uncertainty
    return max(0.0, free / (reaction_s + stopping_s / 2.0))


def separation_scale(
    distance: float,
    speed: float,
    reaction_s: float,
    stopping_s: float,
    *,
    person_speed: float = PERSON_SPEED,
    uncertainty: float = 0.105,
) -> float:
    """Return the share of a motion's speed at which the separation still holds, 0 to 1.

    A slower motion also stops sooner, so the share s solves
    d = v_h (T_r + s T_s) + s v T_r + s v s T_s / 2 + Z.

    Args:
        distance: Between robot and person, [m].
        speed: Of the fastest point of the robot at full speed, [m/s].
        reaction_s: Reaction time, one control period of braking late included, [s].
        stopping_s: Stopping time from full speed, [s].
        person_speed: Towards the robot, [m/s].
        uncertainty: Of both positions together, [m].
    """
    c = person_speed * reaction_s + uncertainty - distance
    if not c < 0.0:
        return 0.0
    a, b = speed * stopping_s / 2.0, person_speed * stopping_s + speed * reaction_s
    if a + b + c <= 0.0:
        return 1.0
    root = (-b + math.sqrt(b * b - 4.0 * a * c)) / (2.0 * a) if a > 0.0 else -c / b
    return min(1.0, max(0.0, root))


def shortest_time(distance: Array, velocity: Array, acceleration: Array, jerk: Array) -> float:
    """Return the shortest duration of a quintic from rest to rest inside the limits, [s].

    Args:
        distance: To move, shape (n,); its sign does not matter.
        velocity: Largest, shape (n,); the quintic peaks at 1.875 d / T.
        acceleration: Largest, shape (n,); it peaks at 5.774 d / T^2.
        jerk: Largest, shape (n,); it peaks at 60 d / T^3.
    """
    d = np.abs(distance)
    times = (1.875 * d / velocity, np.sqrt(5.774 * d / acceleration), np.cbrt(60.0 * d / jerk))
    return float(np.max(times))


def rest_to_rest(seconds: float, tick_s: float) -> Array:
    """Return the share of the way of a quintic after each tick, shape (n,), 1 at the end."""
    ticks = math.ceil(seconds / tick_s) + 1
    t = np.arange(1, ticks + 1) / ticks
    shares: Array = 10 * t**3 - 15 * t**4 + 6 * t**5
    return shares
