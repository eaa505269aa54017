"""A scene made of a benchmark start alone: names and facts as perception would report them, no geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import permutations

import numpy as np

from grounding import Fact, Scene, SceneItem
from robots import Fixture, Item, Observation, Region
from robots.catalogue import Catalogue, load_catalogue

_DRAWERS = ("top_drawer", "middle_drawer", "bottom_drawer")
KINDS: Mapping[str, frozenset[str]] = {
    **{name: frozenset({"place", "surface"}) for name in ("close_counter", "far_counter", "table")},
    **{name: frozenset({"place", "drawer", "container", "openable"}) for name in _DRAWERS},
    "stove": frozenset({"place", "surface", "switchable", "stove", "appliance"}),
    "sink": frozenset({"place", "sink", "container", "switchable"}),
    "trash_can": frozenset({"place", "bin", "container"}),
    "operator": frozenset({"place", "person"}),
    "fridge": frozenset({"place", "container", "openable", "fridge", "appliance"}),
    "microwave": frozenset({"place", "container", "openable", "microwave", "appliance", "switchable"}),
}


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def symbolic_scene(
    objects: Mapping[str, str],
    *,
    robot_at: str = "operator",
    holding: str | None = None,
    opened: tuple[str, ...] = (),
    powered_on: tuple[str, ...] = (),
    known: Catalogue | None = None,
) -> Scene:
    facts = set(_static_facts())
    facts |= {("open", name) for name in opened} | {("turned_on", name) for name in powered_on}
    facts |= {("robot_at", name) for name in KINDS if _station(name) == _station(robot_at)}
    facts.add(("holding", holding) if holding else ("gripper_empty",))
    items = [*objects, *([holding] if holding else [])]
    for item, place in objects.items():
        facts |= set(_where(item, place))
    facts |= {
        ("filled", i) for i in items if "pourable" in _types(i, known) and "cup" not in _types(i, known)
    }
    return scene_of(facts, items, known)


def scene_of(facts: set[Fact] | frozenset[Fact], items: list[str], known: Catalogue | None = None) -> Scene:
    return Scene(
        time_s=0.0,
        items={name: _item(name, known) for name in items},
        fixtures={name: _fixture(name) for name in KINDS},
        observation=_observation(),
        facts=frozenset(facts),
    )


def _where(item: str, place: str) -> Iterator[Fact]:
    kinds = KINDS.get(place, frozenset({"receptacle"}))
    if "person" in kinds:
        yield ("with_operator", item)
    elif "surface" in kinds:
        yield ("on", item, place)
        yield ("blocks", item, place)
    else:
        yield ("in", item, place)


def _static_facts() -> Iterator[Fact]:
    for a, b in permutations(_DRAWERS, 2):
        yield ("same_station", a, b)
        if _DRAWERS.index(a) < _DRAWERS.index(b):
            yield ("above", a, b)


def _station(name: str) -> str:
    return "drawers" if name in _DRAWERS else name


def _types(name: str, known: Catalogue | None) -> frozenset[str]:
    have = known or catalogue()
    category = have.category_of(name)
    assert category is not None, name
    return have.types_of(category)


def _item(name: str, known: Catalogue | None) -> SceneItem:
    category = (known or catalogue()).category_of(name)
    assert category is not None, name
    item = Item(name=name, category=category, T_world_item=np.eye(4), solids=(), size=(0.06, 0.06, 0.1))
    return SceneItem(item=item, confidence=1.0, seen_at_s=0.0, types=_types(name, known))


def _fixture(name: str) -> Fixture:
    region = Region(T_world_region=np.eye(4), size=(0.3, 1.0, 0.3))
    return Fixture(
        name=name, kinds=KINDS[name], solids=(), region=region, dock=(0.0, 0.0, 0.0), station=_station(name)
    )


def _observation() -> Observation:
    return Observation(
        time_s=0.0,
        q_arm=np.zeros(7),
        dq_arm=np.zeros(7),
        base=np.zeros(3),
        base_velocity=np.zeros(3),
        gripper_width=0.08,
        gripper_force=0.0,
    )
