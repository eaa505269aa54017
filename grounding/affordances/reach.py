"""Room grounding: is there a base pose near the dock, and an arm configuration, for a hand at a point?

The base may shift along the fixture's front; the hand comes from the front and above, as the primitives do.
Turning the hand's heading only turns joint 1, so the answer depends on distance and height alone; it is
computed once per centimetre and kept.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from robots import Array, Fixture
from robots.mobile_base import ARM_HOME
from robots.panda import T_BASE_ARM_XYZ
from robots.panda_kinematics import solve_ik

from .chance import CERTAIN, Chance, impossible

SHIFT = 0.40
"""How far a skill moves the base along the front of a fixture, [m]."""
BACK, AHEAD = 0.12, 0.04
"""How far it moves away from and towards the fixture, [m]: 4 cm are left of the 8 cm before the furniture."""
BEST_DISTANCE = 0.55
"""Horizontal distance from the mount at which the arm has most freedom, [m]."""
PITCHES = tuple(math.radians(p) for p in (90.0, 65.0, 50.0, 35.0))
"""Angles of the approach below the horizon."""
BY_PITCHES = (0.0, 0.88, 0.97, 1.0, 1.0)
"""Chance by how many of the pitches have an arm configuration: the fewer, the likelier something is in the
way of the only one."""
ITERATIONS = 8
"""Where a solution exists, the search from `_seed` has it by then; measured over the arm's whole range."""
CELL = 0.01
"""Resolution of the kept answers, [m]."""


def arm_target(fixture: Fixture, p_world: Array) -> tuple[float, float]:
    """Return horizontal distance and height of a point from the mount, from the best base pose, [m]."""
    x, y, yaw = fixture.dock
    c, s = math.cos(yaw), math.sin(yaw)
    dx, dy = float(p_world[0]) - x, float(p_world[1]) - y
    ahead, side = c * dx + s * dy - T_BASE_ARM_XYZ[0], -s * dx + c * dy
    ahead = min(max(BEST_DISTANCE, ahead - AHEAD), ahead + BACK)
    lateral = max(0.0, abs(side) - SHIFT)
    return math.hypot(ahead, lateral), float(p_world[2]) - T_BASE_ARM_XYZ[2]


def reach_chance(fixture: Fixture, p_world: Array, *, subject: str) -> Chance:
    """Return how likely an arm configuration exists for a hand at `p_world` in front of a fixture."""
    distance, height = arm_target(fixture, p_world)
    pitches = solvable_pitches(round(distance / CELL), round(height / CELL))
    if pitches == 0:
        return impossible(f"no inverse kinematics for {subject}")
    if pitches == len(PITCHES) or BY_PITCHES[pitches] == 1.0:
        return CERTAIN
    return Chance(BY_PITCHES[pitches], (f"{subject} is near the edge of the arm's reach",))


@lru_cache(maxsize=4096)
def solvable_pitches(distance_cells: int, height_cells: int) -> int:
    """Return under how many of `PITCHES` the tool reaches a point in front of the arm."""
    p_arm = np.array([distance_cells * CELL, 0.0, height_cells * CELL])
    targets = np.stack([_tool_pose(p_arm, pitch) for pitch in PITCHES])
    seeds = np.stack([_seed(pitch) for pitch in PITCHES])
    return int(solve_ik(targets, seeds, iterations=ITERATIONS).is_solved.sum())


def _seed(pitch: float) -> Array:
    """Return a stretched elbow-up configuration whose hand looks `pitch` down."""
    shoulder, elbow = 0.3, -2.0
    wrist = shoulder - elbow + math.pi / 2 - pitch
    return np.array([0.0, shoulder, 0.0, elbow, 0.0, min(wrist, 3.7), ARM_HOME[6]])


def _tool_pose(p_arm: Array, pitch: float) -> Array:
    """Return T_arm_tool of a hand that looks ahead and `pitch` down, fingers level, palm like at home."""
    T = np.eye(4)
    approach = np.array([math.cos(pitch), 0.0, -math.sin(pitch)])
    closing = np.array([0.0, -1.0, 0.0])
    T[:3, :3] = np.column_stack([np.cross(closing, approach), closing, approach])
    T[:3, 3] = p_arm
    return T
