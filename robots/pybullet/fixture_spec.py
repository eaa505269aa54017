"""Room robots: a piece of furniture as data, in its own frame, before it is placed and simulated.

Fixture frame: origin on the floor at the middle of the front face; x into the furniture (away from a robot
that faces it), y to that robot's left, z up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from robots.arrays import Array
from robots.geometry import Solid


@dataclass(frozen=True, kw_only=True)
class RegionSpec:
    """Box in the fixture frame (at joint position 0): centre of the bottom face, and full extents, [m]."""

    bottom_centre: tuple[float, float, float]
    size: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class JointSpec:
    """The one joint of a door or drawer; it moves the solids whose part is `part`."""

    part: str
    kind: Literal["prismatic", "revolute"]
    T_fixture_joint: Array
    """Joint frame when closed: a drawer slides along x, a door turns about z, positive opens."""
    upper: float
    T_fixture_handle: Array
    """Handle bar when closed: x points out of the furniture, z along the bar."""
    handle_length: float
    handle_radius: float
    mass: float
    friction: float
    """Largest friction force or torque of the joint, [N] or [Nm]."""


@dataclass(frozen=True, kw_only=True)
class ButtonSpec:
    """A round push button with a spring."""

    T_fixture_button: Array
    """Centre of the face when released; x points out of the furniture."""
    radius: float = 0.018
    height: float = 0.02
    travel: float = 0.010
    spring_force: float = 4.0
    """Force that the finger works against, [N]."""


@dataclass(frozen=True, kw_only=True)
class FixtureSpec:
    """Everything needed to simulate a fixture and to report it."""

    name: str
    kinds: frozenset[str]
    at: tuple[float, float, float]
    """Fixture frame in the world: x, y, yaw, [m, m, rad]."""
    solids: tuple[Solid, ...]
    """Owner is the fixture frame, at joint position 0."""
    region: RegionSpec
    dock_xy: tuple[float, float]
    """Where the base stands, in the fixture frame, [m]; it faces along x."""
    station: str
    joint: JointSpec | None = None
    button: ButtonSpec | None = None
    region_moves: bool = False
    """Whether the region belongs to the moving part (a drawer)."""
    region_covered: bool = False
    """Whether something is right above the region, so that tall items must lie."""
    wipe_patch: RegionSpec | None = None
