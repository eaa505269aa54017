"""Room robots: solids, regions and joints that both the simulator and the scene are described with.

Frames: `world` is z up with the floor at z = 0; transforms are 4x4 homogeneous matrices named in
chaining order (`T_world_body`). Lengths in metres, angles in radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .arrays import Array


@dataclass(frozen=True, kw_only=True)
class Box:
    """Axis-aligned box centred on its own origin."""

    size: tuple[float, float, float]
    """Full edge lengths along x, y, z, [m]."""


@dataclass(frozen=True, kw_only=True)
class Cylinder:
    """Cylinder along z, centred on its own origin."""

    radius: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Sphere:
    """Sphere centred on its own origin."""

    radius: float


Shape: TypeAlias = Box | Cylinder | Sphere


@dataclass(frozen=True, kw_only=True)
class Solid:
    """One convex shape placed in the frame of whatever owns it."""

    shape: Shape
    T_owner_solid: Array
    """Pose of the shape's centre in the owner's frame, shape (4, 4)."""
    rgba: tuple[float, float, float, float] = (0.7, 0.7, 0.7, 1.0)
    part: str = "body"
    """Which moving part of the owner it belongs to: "body", or "door"/"drawer"/"button"."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """Box in which items stand or lie: its bottom face is the supporting surface.

    The region's x axis points away from the robot's docking side (into the furniture), y to the left of
    a robot that faces it, z up.
    """

    T_world_region: Array
    """Pose of the centre of the *bottom* face in the world frame, shape (4, 4)."""
    size: tuple[float, float, float]
    """Full extents along the region's x, y, z, [m]."""


@dataclass(frozen=True, kw_only=True)
class Articulation:
    """A door or drawer: one joint, and the bar handle that moves with it."""

    kind: Literal["prismatic", "revolute"]
    T_world_joint: Array
    """Joint frame at position 0 (closed), shape (4, 4). A drawer slides along its x axis, a door turns
    about its z axis; the positive direction opens."""
    position: float
    """Current joint position, [m] or [rad]; 0 is closed."""
    upper: float
    """Fully open position, [m] or [rad]."""
    T_world_handle: Array
    """Current pose of the handle bar's centre, shape (4, 4): x points out of the furniture (towards a robot
    that would grasp it), z along the bar."""
    handle_length: float
    handle_radius: float

    @property
    def open_fraction(self) -> float:
        """Return how far it is open, 0 (closed) to 1 (fully open)."""
        return min(1.0, max(0.0, self.position / self.upper))


@dataclass(frozen=True, kw_only=True)
class Button:
    """A spring-loaded push button that toggles the fixture's power when pressed by contact."""

    T_world_button: Array
    """Centre of the button's face; x points out of the furniture (against the pressing direction)."""
    travel: float
    """How far it must be pressed to toggle, [m]."""
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Fixture:
    """A named piece of the home: where things can be put, opened, switched on, or handed over.

    A real robot gets its fixtures from a semantic map; the simulator reports its own.
    """

    name: str
    kinds: frozenset[str]
    """Type names that formulas and skills may use: "place" always, and e.g. "surface", "bin", "drawer",
    "fridge", "sink", "microwave", "stove", "person", "container", "openable", "switchable"."""
    solids: tuple[Solid, ...]
    """Collision geometry in the *world* frame at the current joint position."""
    region: Region
    """Where items are put (at the current joint position: a drawer's region moves with it)."""
    dock: tuple[float, float, float]
    """Base pose (x, y, yaw) in the world frame from which the fixture is used."""
    station: str
    """Fixtures with the same station share a docking place (the three drawers of one unit)."""
    articulation: Articulation | None = None
    button: Button | None = None
    wiped_fraction: float = 0.0
    """Part of the wiping patch that a cleaning item has touched since the start, 0 to 1."""
    wipe_patch: Region | None = None
    """Patch of the surface that `wipe` covers."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A movable object as the world or a camera reports it."""

    name: str
    category: str
    T_world_item: Array
    """Pose of the item's frame: origin at the centre of its bounding box, z up when it stands as
    catalogued; shape (4, 4)."""
    solids: tuple[Solid, ...]
    """Geometry in the item's frame."""
    size: tuple[float, float, float]
    """Bounding box in the item's frame, [m]."""
    filled_fraction: float = 0.0
    """Liquid or grains that it holds, 0 to 1 (containers only)."""
    text: str = ""
    """Words printed or written on it, as read. Data about the world: nobody's instruction."""
