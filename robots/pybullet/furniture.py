"""Room robots: parametric open furniture (counters, table, bin, sink, stove, person) made of boxes.

Every builder returns a `FixtureSpec` in the fixture frame (see `fixture_spec`); `at` is its world pose.
"""

from __future__ import annotations

import math

from robots.arrays import frozen
from robots.geometry import Box, Cylinder, Solid, Sphere
from robots.transforms import pose

from .fixture_spec import ButtonSpec, FixtureSpec, RegionSpec

Colour = tuple[float, float, float, float]
Pose2 = tuple[float, float, float]

WOOD: Colour = (0.72, 0.58, 0.42, 1.0)
WHITE: Colour = (0.92, 0.92, 0.90, 1.0)
STONE: Colour = (0.62, 0.62, 0.65, 1.0)
STEEL: Colour = (0.70, 0.72, 0.75, 1.0)
DARK: Colour = (0.18, 0.18, 0.20, 1.0)

DOCK_GAP = 0.33
"""Distance from a front face to the base origin, [m]: 8 cm between platform and furniture."""
STRIP = (0.05, 0.35)
"""Part of a surface within easy reach, [m] behind its front edge."""


def slab(
    x: tuple[float, float], y: tuple[float, float], z: tuple[float, float], rgba: Colour, part: str = "body"
) -> Solid:
    """Return the box that spans the given intervals of its owner's frame, [m]."""
    centre = [(low + high) / 2 for low, high in (x, y, z)]
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    return Solid(shape=Box(size=size), T_owner_solid=frozen(pose(*centre)), rgba=rgba, part=part)


def surface_region(width: float, height: float, *, margin: float = 0.06) -> RegionSpec:
    """Return the strip of a surface within easy reach; its height is nominal."""
    depth = STRIP[1] - STRIP[0]
    return RegionSpec(bottom_centre=(sum(STRIP) / 2, 0.0, height), size=(depth, width - 2 * margin, 0.30))


def wipe_patch(height: float) -> RegionSpec:
    """Return the patch of a surface that a wipe covers."""
    return RegionSpec(bottom_centre=(0.20, 0.0, height), size=(0.16, 0.40, 0.02))


def counter(
    name: str, at: Pose2, *, width: float = 1.2, depth: float = 0.55, height: float = 0.75
) -> FixtureSpec:
    """Build a closed cabinet with a worktop."""
    half = width / 2
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "surface"}),
        at=at,
        solids=(
            slab((0.0, depth), (-half, half), (height - 0.04, height), STONE),
            slab((0.02, depth), (-half, half), (0.0, height - 0.04), WOOD),
        ),
        region=surface_region(width, height),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
        wipe_patch=wipe_patch(height),
    )


def table(
    name: str, at: Pose2, *, width: float = 1.1, depth: float = 0.8, height: float = 0.72
) -> FixtureSpec:
    """Build a four-legged table."""
    half, leg = width / 2, 0.06
    legs = tuple(
        slab((x, x + leg), (y, y + leg), (0.0, height - 0.04), WOOD)
        for x in (0.02, depth - leg - 0.02)
        for y in (-half + 0.02, half - leg - 0.02)
    )
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "surface"}),
        at=at,
        solids=(slab((0.0, depth), (-half, half), (height - 0.04, height), WOOD), *legs),
        region=surface_region(width, height),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
        wipe_patch=wipe_patch(height),
    )


def stove(
    name: str, at: Pose2, *, width: float = 0.6, depth: float = 0.55, height: float = 0.75
) -> FixtureSpec:
    """Build a cooker with a flat hob and a push button at its front right corner."""
    half = width / 2
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "surface", "switchable", "stove", "appliance"}),
        at=at,
        solids=(
            slab((0.0, depth), (-half, half), (height - 0.02, height), DARK),
            slab((0.0, depth), (-half, half), (0.0, height - 0.02), WHITE),
        ),
        region=RegionSpec(bottom_centre=(0.20, 0.07, height), size=(0.30, 0.38, 0.30)),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
        button=ButtonSpec(T_fixture_button=frozen(pose(0.10, -0.23, height + 0.015, pitch=-math.pi / 2))),
        wipe_patch=RegionSpec(bottom_centre=(0.20, 0.07, height), size=(0.16, 0.34, 0.02)),
    )


def sink(
    name: str, at: Pose2, *, width: float = 0.6, depth: float = 0.55, height: float = 0.75
) -> FixtureSpec:
    """Build a counter with a sunken basin, a tap behind it and a tap button on its right rim."""
    half, wide, front, back, floor = width / 2, 0.20, 0.07, 0.42, height - 0.14
    top = (floor, height)
    spout = slab((0.32, 0.47), (-0.012, 0.012), (height + 0.20, height + 0.224), STEEL)
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "sink", "container", "switchable"}),
        at=at,
        solids=(
            slab((0.02, depth), (-half, half), (0.0, floor - 0.02), WOOD),
            slab((0.0, front), (-half, half), top, STONE),
            slab((back, depth), (-half, half), top, STONE),
            slab((front, back), (wide, half), top, STONE),
            slab((front, back), (-half, -wide), top, STONE),
            slab((front, back), (-wide, wide), (floor - 0.02, floor), STEEL),
            slab((0.445, 0.469), (-0.012, 0.012), (height, height + 0.20), STEEL),
            spout,
        ),
        region=RegionSpec(
            bottom_centre=((front + back) / 2, 0.0, floor), size=(back - front, 2 * wide, 0.14)
        ),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
        button=ButtonSpec(T_fixture_button=frozen(pose(0.12, -0.25, height + 0.015, pitch=-math.pi / 2))),
    )


def open_bin(name: str, at: Pose2, *, opening: float = 0.36, rim: float = 0.45) -> FixtureSpec:
    """Build an open box that things are dropped into."""
    wall, half = 0.02, opening / 2
    outer = opening + 2 * wall
    sides = (
        slab((0.0, wall), (-half - wall, half + wall), (0.0, rim), STEEL),
        slab((outer - wall, outer), (-half - wall, half + wall), (0.0, rim), STEEL),
        slab((wall, outer - wall), (half, half + wall), (0.0, rim), STEEL),
        slab((wall, outer - wall), (-half - wall, -half), (0.0, rim), STEEL),
    )
    floor = slab((wall, outer - wall), (-half, half), (0.0, 0.02), DARK)
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "bin", "container"}),
        at=at,
        solids=(*sides, floor),
        region=RegionSpec(bottom_centre=(outer / 2, 0.0, 0.02), size=(opening, opening, rim - 0.02)),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
    )


def person(name: str, at: Pose2, *, tray_height: float = 0.80) -> FixtureSpec:
    """Build a standing person who holds out a shallow tray; the tray's front edge is the fixture's front."""
    deep, half, rim, wall = 0.36, 0.225, 0.02, 0.012
    z, skin, shirt = tray_height, (0.85, 0.68, 0.55, 1.0), (0.20, 0.35, 0.60, 1.0)
    tray = (
        slab((0.0, deep), (-half, half), (z - 0.015, z), WOOD),
        slab((0.0, wall), (-half, half), (z, z + rim), WOOD),
        slab((deep - wall, deep), (-half, half), (z, z + rim), WOOD),
        slab((0.0, deep), (half - wall, half), (z, z + rim), WOOD),
        slab((0.0, deep), (-half, -half + wall), (z, z + rim), WOOD),
    )

    def cylinder(x: float, y: float, low: float, high: float, radius: float, rgba: Colour) -> Solid:
        shape = Cylinder(radius=radius, height=high - low)
        return Solid(shape=shape, T_owner_solid=frozen(pose(x, y, (low + high) / 2)), rgba=rgba)

    body = (
        cylinder(0.56, 0.09, 0.0, 0.85, 0.07, DARK),
        cylinder(0.56, -0.09, 0.0, 0.85, 0.07, DARK),
        cylinder(0.56, 0.0, 0.80, 1.40, 0.16, shirt),
        Solid(shape=Sphere(radius=0.11), T_owner_solid=frozen(pose(0.56, 0.0, 1.55)), rgba=skin),
        slab((0.25, 0.56), (0.17, 0.225), (z - 0.065, z - 0.015), skin),
        slab((0.25, 0.56), (-0.225, -0.17), (z - 0.065, z - 0.015), skin),
    )
    inner = 2 * (half - wall)
    return FixtureSpec(
        name=name,
        kinds=frozenset({"place", "person"}),
        at=at,
        solids=(*tray, *body),
        region=RegionSpec(bottom_centre=(deep / 2, 0.0, z), size=(deep - 2 * wall, inner, 0.30)),
        dock_xy=(-DOCK_GAP, 0.0),
        station=name,
    )
