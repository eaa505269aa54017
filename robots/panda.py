"""Room robots: published limits of the Franka Emika Panda (FER) and of our holonomic base."""

from __future__ import annotations

from .arrays import frozen
from .robot import JointLimits, RobotLimits

PANDA_ARM_LIMITS = JointLimits(
    lower=frozen([-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973]),
    upper=frozen([2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973]),
    velocity=frozen([2.1750, 2.1750, 2.1750, 2.1750, 2.6100, 2.6100, 2.6100]),
    acceleration=frozen([15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0]),
    jerk=frozen([7500.0, 3750.0, 5000.0, 6250.0, 7500.0, 10000.0, 10000.0]),
    source="frankaemika/docs source/control-parameters-joint-panda.csv @ cda9283",
)

HOLONOMIC_BASE_LIMITS = JointLimits(
    lower=frozen([-10.0, -10.0, -1e3]),
    upper=frozen([10.0, 10.0, 1e3]),
    velocity=frozen([1.0, 1.0, 1.8]),
    acceleration=frozen([1.5, 1.5, 3.0]),
    jerk=frozen([750.0, 750.0, 1500.0]),
    source="our own design of the simulated platform; jerk as 500 x acceleration, the Panda's own ratio",
)

PANDA_LIMITS = RobotLimits(
    arm=PANDA_ARM_LIMITS,
    base=HOLONOMIC_BASE_LIMITS,
    gripper_max_width=0.08,
    gripper_max_force=70.0,
    tick_s=1.0 / 120.0,
)
"""Gripper: Franka Hand data sheet, 80 mm opening, 70 N continuous force. Tick: two steps of 1/240 s."""

T_BASE_ARM_XYZ = (0.12, 0.0, 0.55)
"""Arm mount in the base frame, [m]: base origin on the floor under the platform's centre, x forward."""
