"""Room grounding: is there a base pose near the dock from which the hand gets to a point?

The base may shift along the fixture's front; the hand comes from the front and above, as the primitives do.
"""

from __future__ import annotations

import math

import numpy as np

from robots import Array, Fixture
from robots.panda import T_BASE_ARM_XYZ

from .chance import CERTAIN, Chance, impossible

SHIFT = 0.40
"""How far a skill moves the base along the front of a fixture, [m]."""
ADVANCE = (-0.12, 0.04)
"""How far it moves back from and towards the fixture, [m]: 4 cm are left of the 8 cm before the furniture."""
SHOULDER_Z = 0.333
"""Height of joint 2 above the mount, [m]. Source: frankaemika/docs, control parameters."""
WRIST = 0.107 + 0.1034
"""Distance from joint 7's origin to the tool along the approach direction, [m]."""
ARM_LENGTH = 0.316 + 0.384 + 0.02
"""Shoulder to wrist with a straight elbow, [m]; the offsets of 8.25 cm at the elbow and 8.8 cm at the flange
add 2 cm at best."""
COMFORT = 0.66
"""Shoulder to wrist up to which the elbow keeps room to choose, [m]."""
PITCHES = (math.radians(45.0), math.radians(60.0), math.radians(25.0), math.radians(90.0))
"""Angles of the approach below the horizon, in order of preference."""


def arm_targets(fixture: Fixture, p_world: Array) -> Array:
    """Return the point in the arm frame from the best base pose near the dock, shape (3,)."""
    x, y, yaw = fixture.dock
    c, s = math.cos(yaw), math.sin(yaw)
    dx, dy = float(p_world[0]) - x, float(p_world[1]) - y
    ahead, side = c * dx + s * dy, -s * dx + c * dy
    ahead -= T_BASE_ARM_XYZ[0]
    wanted = min(max(0.48 - ahead, -ADVANCE[1]), -ADVANCE[0])  # the hand works best 48 cm before the mount
    lateral = math.copysign(max(0.0, abs(side) - SHIFT), side)
    return np.array([ahead + wanted, lateral, float(p_world[2]) - T_BASE_ARM_XYZ[2]])


def shoulder_to_wrist(p_arm: Array, pitch: float) -> float:
    """Return the distance that the arm must span when the hand points at `p_arm` under `pitch`, [m]."""
    heading = math.atan2(float(p_arm[1]), float(p_arm[0]))
    level = math.cos(pitch)
    approach = np.array([level * math.cos(heading), level * math.sin(heading), -math.sin(pitch)])
    wrist = p_arm - WRIST * approach
    return float(np.linalg.norm(wrist - np.array([0.0, 0.0, SHOULDER_Z])))


def reach_chance(fixture: Fixture, p_world: Array, *, subject: str) -> Chance:
    """Return how likely an arm configuration exists for a hand at `p_world` in front of a fixture."""
    p_arm = arm_targets(fixture, p_world)
    span = min(shoulder_to_wrist(p_arm, pitch) for pitch in PITCHES)
    if span > ARM_LENGTH:
        return impossible(f"{subject} is {100 * (span - ARM_LENGTH):.0f} cm out of reach from {fixture.name}")
    if span > COMFORT:
        share = (ARM_LENGTH - span) / (ARM_LENGTH - COMFORT)
        return Chance(0.5 + 0.5 * share, (f"{subject} is at the edge of the arm's reach",))
    return CERTAIN
