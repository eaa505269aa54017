"""Room robots: parametric furniture that opens (drawer modules, fridge, microwave)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from robots.arrays import Array, frozen
from robots.geometry import Cylinder, Solid
from robots.transforms import pose

from .fixture_spec import ButtonSpec, FixtureSpec, JointSpec, RegionSpec
from .furniture import STEEL, WHITE, WOOD, Colour, Pose2, slab

DRAWER_WALL = 0.018
CUPBOARD_WALL = 0.025
"""Thickness of the boards, [m]."""
HANDLE_RADIUS = 0.009
HANDLE_CLEARANCE = 0.05
"""Free space between a handle bar and the front behind it, [m]: with 4 cm a finger hits the front."""


def handle(T_fixture_handle: Array, *, length: float, part: str) -> tuple[Solid, ...]:
    """Return a bar along z of the handle frame, and two posts that carry it (x points out)."""
    reach = HANDLE_CLEARANCE + HANDLE_RADIUS
    posts = tuple(
        Solid(
            shape=Cylinder(radius=0.006, height=reach),
            T_owner_solid=frozen(T_fixture_handle @ pose(-reach / 2, 0.0, z, pitch=math.pi / 2)),
            rgba=STEEL,
            part=part,
        )
        for z in (-length / 2 + 0.006, length / 2 - 0.006)
    )
    bar = Solid(
        shape=Cylinder(radius=HANDLE_RADIUS, height=length),
        T_owner_solid=frozen(T_fixture_handle),
        rgba=STEEL,
        part=part,
    )
    return (bar, *posts)


def drawer(
    name: str,
    at: Pose2,
    *,
    floor: float,
    station: str = "drawers",
    width: float = 0.50,
    module_height: float = 0.25,
    below: float = 0.0,
) -> FixtureSpec:
    """Build one drawer module: sides, back and top of a carcass, and the drawer that slides out of it.

    Args:
        name: Fixture name.
        at: World pose of the fixture frame, x, y, yaw.
        floor: Height of the drawer's inner floor, [m].
        station: Docking place shared by the drawers of one unit.
        width: Outer width, [m].
        module_height: Height of the module, [m].
        below: Height of a solid plinth under the module, [m].
    """
    low, high = floor - 0.022, floor - 0.022 + module_height
    inner = width / 2 - DRAWER_WALL - 0.006
    solids = _drawer_solids(width, (low, high), floor, below)
    out = -0.018 - HANDLE_CLEARANCE - HANDLE_RADIUS
    # x out of the furniture (fixture -x), z along the bar (fixture y)
    T_fixture_handle = np.eye(4)
    T_fixture_handle[:3, :3] = np.array([[-1.0, 0, 0], [0, 0, 1.0], [0, 1.0, 0]])
    T_fixture_handle[:3, 3] = (out, 0.0, floor + 0.10)
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "drawer", "container", "openable"}),
        at=at,
        solids=(*solids, *handle(T_fixture_handle, length=0.16, part="drawer")),
        region=RegionSpec(bottom_centre=(0.115, 0.0, floor), size=(0.21, 2 * (inner - 0.04), 0.20)),
        region_moves=True,
        region_covered=True,
        dock_xy=(-0.70, 0.0),
        station=station,
        joint=JointSpec(
            part="drawer",
            kind="prismatic",
            T_fixture_joint=frozen(pose(0.0, 0.0, floor, yaw=math.pi)),
            upper=0.28,
            T_fixture_handle=frozen(T_fixture_handle),
            handle_length=0.16,
            handle_radius=HANDLE_RADIUS,
            mass=1.0,
            friction=2.0,
        ),
    )


def _drawer_solids(width: float, span: tuple[float, float], floor: float, below: float) -> tuple[Solid, ...]:
    """Return the carcass from `span[0]` to `span[1]` above the floor, and the drawer in it."""
    wall, depth, half = DRAWER_WALL, 0.45, width / 2
    low, high = span
    inner = half - wall - 0.006
    # Higher sides leave no room for the wrist when a hand reaches in.
    side, front_top = 0.08, floor + 0.115
    carcass = [
        slab((0.0, depth), (half - wall, half), (low, high), WOOD),
        slab((0.0, depth), (-half, -half + wall), (low, high), WOOD),
        slab((depth - wall, depth), (-half + wall, half - wall), (low, high), WOOD),
        slab((0.0, depth), (-half + wall, half - wall), (high - wall, high), WOOD),
    ]
    if below > 0:
        carcass.append(slab((0.0, depth), (-half, half), (0.0, below), WOOD))
    return (
        *carcass,
        slab((0.0, 0.42), (-inner, inner), (floor - 0.012, floor), WHITE, "drawer"),
        slab((0.0, 0.42), (inner - 0.012, inner), (floor, floor + side), WHITE, "drawer"),
        slab((0.0, 0.42), (-inner, -inner + 0.012), (floor, floor + side), WHITE, "drawer"),
        slab((0.408, 0.42), (-inner, inner), (floor, floor + side), WHITE, "drawer"),
        slab((-0.018, 0.0), (-half + 0.004, half - 0.004), (low + 0.004, front_top), WOOD, "drawer"),
    )


def cupboard(
    name: str,
    at: Pose2,
    *,
    kinds: frozenset[str],
    inner: tuple[float, float, float],
    floor: float,
    hinge: Literal["left", "right"],
    panel: float = 0.0,
    handle_z: float,
    handle_length: float,
    colour: Colour = WHITE,
    joint_friction: float = 0.6,
) -> FixtureSpec:
    """Build a box with one hinged door: a fridge, or with a button panel a microwave.

    Args:
        name: Fixture name.
        at: World pose of the fixture frame, x, y, yaw.
        kinds: Type names besides place, container and openable.
        inner: Free depth, width and height of the compartment, [m].
        floor: Height of the compartment's floor, [m].
        hinge: Side of the hinge for a robot that faces the door.
        panel: Width of a panel with a button beside the door, on the handle's side, [m].
        handle_z: Height of the handle's middle, [m].
        handle_length: Length of the handle bar, [m].
        colour: Of the housing.
        joint_friction: Largest friction torque of the hinge, [Nm].
    """
    _, width, height = inner
    side = 1.0 if hinge == "left" else -1.0
    door_width = width + 2 * CUPBOARD_WALL
    across = _Across(side=side, edge=(door_width + panel) / 2)
    front = -0.03
    handle_y = sum(across(door_width - 0.07, door_width - 0.07)) / 2
    out = front - HANDLE_CLEARANCE - HANDLE_RADIUS
    T_fixture_handle = frozen(pose(out, handle_y, handle_z, yaw=math.pi))
    hinge_y = side * (door_width + panel) / 2
    T_fixture_joint = frozen(pose(-0.004, hinge_y, floor, roll=math.pi if hinge == "left" else 0.0))
    middle = sum(across(CUPBOARD_WALL, CUPBOARD_WALL + width)) / 2
    panel_y = sum(across(door_width, door_width + panel)) / 2
    return FixtureSpec(
        name=name,
        kinds=kinds | {"place", "container", "openable"},
        at=at,
        solids=(
            *_cupboard_solids(inner, floor, panel, front, across, colour),
            *handle(T_fixture_handle, length=handle_length, part="door"),
        ),
        region=RegionSpec(bottom_centre=(0.16, middle, floor), size=(0.28, width - 0.06, height)),
        region_covered=True,
        dock_xy=(-0.66, middle - side * 0.22),
        station=name,
        joint=JointSpec(
            part="door",
            kind="revolute",
            T_fixture_joint=T_fixture_joint,
            upper=2.0,
            T_fixture_handle=T_fixture_handle,
            handle_length=handle_length,
            handle_radius=HANDLE_RADIUS,
            mass=1.5,
            friction=joint_friction,
        ),
        button=ButtonSpec(T_fixture_button=frozen(pose(-0.015, panel_y, floor + 0.15, yaw=math.pi)))
        if panel
        else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Across:
    """Stretches along y, measured from the hinge's outer edge towards the handle."""

    side: float
    edge: float

    def __call__(self, a: float, b: float) -> tuple[float, float]:
        """Return the lower and the upper y of the stretch from `a` to `b`."""
        ends = (self.side * (self.edge - a), self.side * (self.edge - b))
        return min(ends), max(ends)


def _cupboard_solids(
    inner: tuple[float, float, float],
    floor: float,
    panel: float,
    front: float,
    across: _Across,
    colour: Colour,
) -> tuple[Solid, ...]:
    """Return the box around the compartment, and the door before it."""
    depth, width, height = inner
    wall, whole, top = CUPBOARD_WALL, width + 2 * CUPBOARD_WALL + panel, floor + height
    return (
        slab((0.0, depth + wall), across(0.0, whole), (0.0, floor), colour),
        slab((0.0, depth + wall), across(0.0, whole), (top, top + wall), colour),
        slab((depth, depth + wall), across(0.0, whole), (floor, top), colour),
        slab((0.0, depth), across(0.0, wall), (floor, top), colour),
        slab((0.0, depth), across(wall + width, whole), (floor, top), colour),
        slab((front, -0.004), across(0.0, width + 2 * wall), (floor - wall, top + wall), colour, "door"),
    )


def fridge(name: str, at: Pose2, *, hinge: Literal["left", "right"] = "left") -> FixtureSpec:
    """Build a fridge with one compartment above its motor."""
    return cupboard(
        name,
        at,
        kinds=frozenset({"fridge", "appliance"}),
        inner=(0.45, 0.50, 0.75),
        floor=0.60,
        hinge=hinge,
        handle_z=0.95,
        handle_length=0.26,
        colour=(0.86, 0.88, 0.90, 1.0),
    )


def microwave(name: str, at: Pose2, *, hinge: Literal["left", "right"] = "right") -> FixtureSpec:
    """Build a microwave on its own stand."""
    return cupboard(
        name,
        at,
        kinds=frozenset({"microwave", "appliance", "switchable"}),
        inner=(0.36, 0.42, 0.34),
        floor=0.80,
        hinge=hinge,
        panel=0.14,
        handle_z=0.97,
        handle_length=0.20,
        colour=(0.45, 0.46, 0.50, 1.0),
    )
