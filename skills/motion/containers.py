"""Room skills: where to let go of an item so that it ends up inside a container or receptacle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grounding import Scene
from grounding.extents import footprint, heights
from grounding.placements import Spot
from robots import Fixture, Item, Region, frozen
from robots.transforms import pose

from .grasping import supporting_fixture
from .placing import surface_spot

ABOVE_RIM_M = 0.025
"""How far above a rim a falling item's lowest point starts."""
INTO_BOWL_M = 0.03
"""How far below a receptacle's rim an item's lowest point is let go when the hand fits."""


def fixture_of(container: str, scene: Scene) -> Fixture | None:
    """Return the fixture where a container is used: itself, or what a bowl or cup stands on."""
    if container in scene.fixtures:
        return scene.fixtures[container]
    name = supporting_fixture(container, scene) if container in scene.items else None
    return None if name is None else scene.fixtures[name]


def container_spots(scene: Scene, item: str, container: str) -> list[Spot]:
    """Return spots inside a container, the gentlest first."""
    if container in scene.items:
        return _receptacle_spots(scene.items[container].item)
    fixture = scene.fixtures[container]
    region = fixture.region
    if "bin" in fixture.kinds:
        return [_drop(region, region.T_world_region[2, 3] + region.size[2] + ABOVE_RIM_M)]
    inside = surface_spot(scene, item, fixture)
    if fixture.articulation is not None and "drawer" not in fixture.kinds:
        return [inside]
    rim = float(region.T_world_region[2, 3]) + region.size[2]
    there = [
        thing
        for name, thing in scene.items.items()
        if name != item and ("in", name, container) in scene.facts
    ]
    pile = max((heights(thing.item)[1] for thing in there), default=0.0)
    # What falls into a bowl in the sink is in the bowl, not in the sink; on a plate it is fine.
    open_ones = tuple(frozen(footprint(thing.item)) for thing in there if "receptacle" in thing.types)
    low, high = max(rim - 0.06, pile + 0.01), max(rim, pile) + ABOVE_RIM_M
    drops = [replace(_drop(region, lowest), taken=open_ones) for lowest in (low, high)]
    return [inside, replace(inside, is_crowded=True), *drops]


def _drop(region: Region, lowest: float) -> Spot:
    return Spot(region=region, lowest=float(lowest), is_drop=True)


def _receptacle_spots(receptacle: Item) -> list[Spot]:
    """Return spots over an upright bowl or cup: into it, then just above its rim."""
    p = receptacle.T_world_item[:3, 3]
    floor, rim = heights(receptacle)
    yaw = float(np.arctan2(receptacle.T_world_item[1, 0], receptacle.T_world_item[0, 0]))
    region = Region(
        T_world_region=frozen(pose(float(p[0]), float(p[1]), floor, yaw=yaw)),
        size=(receptacle.size[0], receptacle.size[1], rim - floor),
    )
    return [_drop(region, rim - INTO_BOWL_M), _drop(region, rim - 0.01), _drop(region, rim + ABOVE_RIM_M)]
