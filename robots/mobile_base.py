"""Room robots: the body that carries the arm, as convex solids in the base frame.

Base frame: on the floor under the platform's centre, x forward, z up. The same numbers build the simulated
robot and the collision model of the motion planner.
"""

from __future__ import annotations

import math

from .arrays import frozen
from .geometry import Box, Solid
from .panda import T_BASE_ARM_XYZ
from .transforms import pose

_GREY = (0.25, 0.27, 0.30, 1.0)
_PLATFORM_HEIGHT = 0.40
_MAST_HEIGHT = 1.50
_MAST_Y = 0.17

PLATFORM = Solid(
    shape=Box(size=(0.50, 0.46, _PLATFORM_HEIGHT - 0.03)),
    T_owner_solid=frozen(pose(0.0, 0.0, 0.03 + (_PLATFORM_HEIGHT - 0.03) / 2)),
    rgba=_GREY,
    part="platform",
)
PEDESTAL = Solid(
    shape=Box(size=(0.20, 0.20, T_BASE_ARM_XYZ[2] - _PLATFORM_HEIGHT)),
    T_owner_solid=frozen(pose(T_BASE_ARM_XYZ[0], 0.0, (T_BASE_ARM_XYZ[2] + _PLATFORM_HEIGHT) / 2)),
    rgba=(0.85, 0.85, 0.87, 1.0),
    part="pedestal",
)
MAST = Solid(
    shape=Box(size=(0.05, 0.05, _MAST_HEIGHT - _PLATFORM_HEIGHT)),
    T_owner_solid=frozen(pose(-0.20, _MAST_Y, (_MAST_HEIGHT + _PLATFORM_HEIGHT) / 2)),
    rgba=_GREY,
    part="mast",
)
HEAD = Solid(
    shape=Box(size=(0.06, 0.16, 0.06)),
    T_owner_solid=frozen(pose(-0.19, _MAST_Y, _MAST_HEIGHT)),
    rgba=(0.1, 0.1, 0.12, 1.0),
    part="head",
)

BASE_SOLIDS: tuple[Solid, ...] = (PLATFORM, PEDESTAL, MAST, HEAD)
"""Everything that moves rigidly with the base, without the arm."""

BASE_RADIUS = math.hypot(0.25, 0.23)
"""Radius of the circle around the base origin that contains the footprint, [m]."""

HEAD_CAMERA_XYZ = (-0.155, _MAST_Y, _MAST_HEIGHT)
"""Head camera in the base frame, [m]; beside the arm, so that the arm hides little."""

HEAD_CAMERA_PITCH_YAW = (math.radians(40.0), math.radians(-10.0))
"""How far the head camera looks below the horizon and to the left, [rad]."""

ARM_HOME = frozen([0.0, -math.pi / 4, 0.0, -3 * math.pi / 4, 0.0, math.pi / 2, math.pi / 4])
"""Carrying configuration of the arm, [rad]: the hand points straight down in front of the platform."""
