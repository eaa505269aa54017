"""A hand-built home without a simulator: a table, a counter, a fridge, drawers, a bin, a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from grounding import Memory, Scene, SceneItem, measured_facts, remember, remembered_facts
from robots import (
    Array,
    Articulation,
    Box,
    Button,
    Cylinder,
    Fixture,
    Item,
    Observation,
    Region,
    Solid,
    Sphere,
)
from robots.catalogue import Catalogue, load_catalogue
from robots.mobile_base import ARM_HOME
from robots.transforms import pose

CATALOGUE = load_catalogue()
NORTH, EAST, SOUTH = np.pi / 2, 0.0, -np.pi / 2


def block(low: Sequence[float], high: Sequence[float], *, part: str = "body") -> Solid:
    middle = np.add(low, high) / 2
    size = np.subtract(high, low)
    return Solid(
        shape=Box(size=(float(size[0]), float(size[1]), float(size[2]))),
        T_owner_solid=pose(float(middle[0]), float(middle[1]), float(middle[2])),
        part=part,
    )


def fixture(
    name: str,
    kinds: str,
    *,
    at: tuple[float, float, float],
    solids: Sequence[Solid],
    region: tuple[Sequence[float], tuple[float, float, float]],
    station: str = "",
    open_fraction: float | None = None,
    opening: float = 0.28,
) -> Fixture:
    """Place solids and a region given in the fixture frame; a drawer's region slides out of its front."""
    T_world_fixture = pose(at[0], at[1], 0.0, yaw=at[2])
    slide = 0.0 if open_fraction is None or "drawer" not in kinds else -opening * open_fraction
    moved = tuple(
        replace(
            s,
            T_owner_solid=T_world_fixture
            @ pose(slide if s.part == "drawer" else 0.0, 0.0, 0.0)
            @ s.T_owner_solid,
        )
        for s in solids
    )
    x, y, z = region[0]
    dock = T_world_fixture @ np.array([-0.33, 0.0, 0.0, 1.0])
    patch = pose(0.2, 0.0, z) if "surface" in kinds else None
    return Fixture(
        name=name,
        kinds=frozenset({"place", *kinds.split()}),
        solids=moved,
        region=Region(T_world_region=T_world_fixture @ pose(x + slide, y, z), size=region[1]),
        dock=(float(dock[0]), float(dock[1]), at[2]),
        station=station or name,
        articulation=None if open_fraction is None else _joint(T_world_fixture, open_fraction, opening),
        wipe_patch=None
        if patch is None
        else Region(T_world_region=T_world_fixture @ patch, size=(0.16, 0.40, 0.02)),
    )


def _joint(T_world_fixture: Array, open_fraction: float, opening: float) -> Articulation:
    return Articulation(
        kind="prismatic",
        T_world_joint=T_world_fixture,
        position=open_fraction * opening,
        upper=opening,
        T_world_handle=T_world_fixture @ pose(-0.07 - open_fraction * opening, 0.0, 0.8, yaw=np.pi),
        handle_length=0.16,
        handle_radius=0.009,
    )


def table(name: str, at: tuple[float, float, float]) -> Fixture:
    solids = [block((0, -0.55, 0.68), (0.8, 0.55, 0.72))]
    return fixture(name, "surface", at=at, solids=solids, region=((0.2, 0.0, 0.72), (0.3, 1.0, 0.3)))


def drawer(name: str, floor: float, *, open_fraction: float = 0.0) -> Fixture:
    solids = [
        block((0, -0.25, floor - 0.02), (0.45, 0.25, floor - 0.01)),
        block((0, -0.23, floor - 0.01), (0.42, 0.23, floor), part="drawer"),
    ]
    region = ((0.135, 0.0, floor), (0.25, 0.42, 0.20))
    at = (0.0, -1.5, SOUTH)
    return fixture(
        name,
        "drawer container openable",
        at=at,
        solids=solids,
        region=region,
        station="drawers",
        open_fraction=open_fraction,
    )


def fridge(open_fraction: float = 0.0) -> Fixture:
    solids = [
        block((0, -0.3, 0), (0.48, 0.3, 0.6)),
        block((0.45, -0.3, 0.6), (0.48, 0.3, 1.4)),
        block((0, -0.3, 1.35), (0.48, 0.3, 1.4)),
    ]
    region = ((0.16, 0.0, 0.6), (0.28, 0.44, 0.75))
    return fixture(
        "fridge",
        "fridge container openable",
        at=(-2.0, 1.5, NORTH),
        solids=solids,
        region=region,
        open_fraction=open_fraction,
        opening=2.0,
    )


def bin_() -> Fixture:
    solids = [block((0, -0.2, 0), (0.02, 0.2, 0.45)), block((0.38, -0.2, 0), (0.4, 0.2, 0.45))]
    region = ((0.2, 0.0, 0.02), (0.36, 0.36, 0.43))
    return fixture("trash_can", "bin container", at=(-1.3, -1.5, SOUTH), solids=solids, region=region)


def person() -> Fixture:
    solids = [block((0, -0.22, 0.835), (0.36, 0.22, 0.85))]
    region = ((0.18, 0.0, 0.85), (0.33, 0.42, 0.3))
    return fixture("operator", "person", at=(-2.0, -0.4, np.pi), solids=solids, region=region)


def sink() -> Fixture:
    solids = [block((0, -0.3, 0), (0.55, 0.3, 0.6)), block((0.42, -0.3, 0.6), (0.55, 0.3, 0.75))]
    region = ((0.245, 0.0, 0.61), (0.35, 0.40, 0.14))
    place = fixture("sink", "sink container switchable", at=(0.6, 1.5, NORTH), solids=solids, region=region)
    T_world_button = pose(0.6, 1.5, 0.0, yaw=NORTH) @ pose(0.12, -0.25, 0.765, pitch=-np.pi / 2)
    return replace(place, button=Button(T_world_button=T_world_button, travel=0.006, is_on=False))


def home(*changed: Fixture) -> dict[str, Fixture]:
    places = [
        table("table", (1.8, 0.0, EAST)),
        table("counter", (-0.5, 1.5, NORTH)),
        drawer("top_drawer", 0.68),
        drawer("bottom_drawer", 0.18),
        fridge(),
        bin_(),
        sink(),
        person(),
        *changed,
    ]
    return {place.name: place for place in places}


def item(name: str, T_world_item: Array, *, catalogue: Catalogue = CATALOGUE) -> SceneItem:
    category = catalogue.category_of(name)
    assert category is not None
    kind = catalogue.categories[category]
    x, y, z = kind.size
    shape = {
        "sphere": Sphere(radius=x / 2),
        "box": Box(size=kind.size),
    }.get(kind.shape, Cylinder(radius=x / 2, height=z))
    solid = Solid(shape=shape, T_owner_solid=np.eye(4), rgba=(*kind.colour, 1.0))
    thing = Item(name=name, category=category, T_world_item=T_world_item, solids=(solid,), size=kind.size)
    return SceneItem(item=thing, confidence=1.0, seen_at_s=0.0, types=catalogue.types_of(category))


def standing(
    name: str, place: Fixture, x: float = 0.0, y: float = 0.0, *, above: float = 0.0, yaw: float = 0.0
) -> SceneItem:
    """Return an item that stands in a region at x, y of its frame, its bottom `above` its floor."""
    category = CATALOGUE.category_of(name)
    assert category is not None
    height = CATALOGUE.categories[category].size[2]
    return item(name, place.region.T_world_region @ pose(x, y, above + height / 2, yaw=yaw))


def stands_at(place: Fixture | tuple[float, float, float], time_s: float = 0.0) -> Observation:
    base = place.dock if isinstance(place, Fixture) else place
    return Observation(
        time_s=time_s,
        q_arm=ARM_HOME,
        dq_arm=np.zeros(7),
        base=np.array(base),
        base_velocity=np.zeros(3),
        gripper_width=0.08,
        gripper_force=0.0,
    )


@dataclass
class Looker:
    """Perception over hand-built scenes, with memory."""

    memory: Memory = field(default_factory=Memory)

    def look(
        self,
        items: Sequence[SceneItem],
        fixtures: Mapping[str, Fixture],
        observation: Observation,
        *,
        held: str | None = None,
    ) -> Scene:
        things = {thing.item.name: thing for thing in items}
        facts = measured_facts(
            items=things,
            fixtures=fixtures,
            observation=observation,
            held=held,
            opened=self.memory.opened,
        )
        self.memory = remember(
            self.memory, facts=facts, items=things, fixtures=fixtures, observation=observation
        )
        return Scene(
            time_s=observation.time_s,
            items=things,
            fixtures=fixtures,
            observation=observation,
            facts=facts | remembered_facts(self.memory),
        )
