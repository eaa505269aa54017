"""Room grounding: household facts from measured geometry, whoever measured it (a simulator or cameras).

`measured_facts` and `remembered_facts` are pure functions; what one look cannot show arrives as `Memory`. An
item on the floor has no `on` and no `in`; a held item has neither; an item inside a bowl is in the bowl, and
only the bowl is on the table. Thresholds are module constants, each with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from robots import Fixture, Item, Observation
from robots.polygons import gap_between

from .extents import (
    footprint,
    heights,
    in_region_frame,
    is_on_top,
    is_over,
    is_within,
    owned_box,
    rectangle_of,
)
from .formula import Fact
from .memory import Memory
from .scene import SceneItem

DOCK_DISTANCE = 0.60
"""A base farther than this from a dock cannot use the fixture, [m]; skills shift it by up to 0.45 m."""
DOCK_YAW = math.radians(50.0)
REST_GAP = 0.03
"""An item rests on what is at most this far below its lowest point, [m]: a plate may lie between."""
SINK_DEPTH = 0.015
"""How far below a surface a resting item may be measured, [m]."""
PILE = 0.05
"""How far above the rim of a bin or sink the centre of a heaped item may be, [m]."""
OPEN_ABOVE, CLOSED_BELOW = 0.6, 0.1
"""Open fractions: from 0.6 a laden hand passes; to 0.1 it is shut; between, it stays as it was."""
LARGEST = 1.5
"""Nothing is inside a fixture farther than this from its region, [m]; saves measuring."""
WIPED_ABOVE = 0.6
FILLED_ABOVE = 0.05
WIPE_MARGIN = 0.03
"""Items this close to the wiping patch are in the way of the sponge, [m]."""


def measured_facts(
    *,
    items: Mapping[str, SceneItem],
    fixtures: Mapping[str, Fixture],
    observation: Observation,
    held: str | None,
    opened: frozenset[str] = frozenset(),
) -> frozenset[Fact]:
    """Return the facts that one look shows (closed world).

    Args:
        items: Believed objects by name.
        fixtures: The home by name.
        observation: Where the robot stands.
        held: The item in the gripper, or None.
        opened: Doors and drawers that counted as open at the last look.
    """
    facts: set[Fact] = {("holding", held)} if held else {("gripper_empty",)}
    facts |= set(_where(items, fixtures, held))
    facts |= {("robot_at", place) for place in places_at(fixtures, observation)}
    facts |= set(static_facts(fixtures))
    for fixture in fixtures.values():
        facts |= set(_state(fixture, opened))
    for name, thing in items.items():
        if thing.types & {"receptacle", "pourable"} and thing.item.filled_fraction > FILLED_ABOVE:
            facts.add(("filled", name))
    return frozenset(facts)


def remembered_facts(memory: Memory) -> frozenset[Fact]:
    """Return the facts that stay true because they happened."""
    facts: set[Fact] = {("visited", place) for place in memory.visited}
    facts |= {("found", item) for item in memory.found}
    facts |= {("pushed", *pair) for pair in memory.pushed}
    facts |= {("poured", *pair) for pair in memory.poured}
    facts |= {("wiped", place) for place in memory.wiped}
    return frozenset(facts)


def places_at(fixtures: Mapping[str, Fixture], observation: Observation) -> frozenset[str]:
    """Return the fixtures that the robot can use from where it stands: those of the nearest dock.

    A base pose that is no number is no place.
    """
    x, y, yaw = (float(v) for v in observation.base)
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(yaw)):
        return frozenset()
    best: tuple[float, str] | None = None
    for name in sorted(fixtures):
        dock = fixtures[name].dock
        distance = math.hypot(dock[0] - x, dock[1] - y)
        turn = abs(math.remainder(dock[2] - yaw, math.tau))
        if distance <= DOCK_DISTANCE and turn <= DOCK_YAW and (best is None or distance < best[0] - 1e-9):
            best = (distance, fixtures[name].station)
    if best is None:
        return frozenset()
    return frozenset(name for name, fixture in fixtures.items() if fixture.station == best[1])


def static_facts(fixtures: Mapping[str, Fixture]) -> Iterator[Fact]:
    """Yield `same_station` and `above`, which no skill changes."""
    for a in fixtures.values():
        for b in fixtures.values():
            if a.name == b.name or a.station != b.station:
                continue
            yield ("same_station", a.name, b.name)
            both = "drawer" in a.kinds and "drawer" in b.kinds
            if both and a.region.T_world_region[2, 3] > b.region.T_world_region[2, 3] + 0.05:
                yield ("above", a.name, b.name)


def _state(fixture: Fixture, opened: frozenset[str]) -> Iterator[Fact]:
    if fixture.articulation is not None:
        fraction = fixture.articulation.open_fraction
        if fraction >= OPEN_ABOVE or (fraction > CLOSED_BELOW and fixture.name in opened):
            yield ("open", fixture.name)
    if fixture.button is not None and fixture.button.is_on:
        yield ("turned_on", fixture.name)
    if fixture.wiped_fraction >= WIPED_ABOVE:
        yield ("wiped", fixture.name)


def _where(
    items: Mapping[str, SceneItem], fixtures: Mapping[str, Fixture], held: str | None
) -> Iterator[Fact]:
    inside = {
        (name, host)
        for host, receptacle in items.items()
        if "receptacle" in receptacle.types
        for name, thing in items.items()
        if name not in (host, held) and is_inside_item(thing.item, receptacle.item)
    }
    yield from (("in", name, host) for name, host in inside)
    loose = {n: t.item for n, t in items.items() if n != held and n not in {name for name, _ in inside}}
    extent = {name: heights(item) for name, item in loose.items()}
    based = {name: place for name, item in loose.items() if (place := _base_of(item, extent[name], fixtures))}
    for name, item in loose.items():
        place = based.get(name) or _below(name, item, loose, extent, based)
        if place is None:
            continue
        kinds = fixtures[place].kinds
        if "surface" in kinds:
            yield ("on", name, place)
            yield from _blocks(name, item, fixtures[place])
        else:
            yield ("with_operator", name) if "person" in kinds else ("in", name, place)


def _base_of(item: Item, extent: tuple[float, float], fixtures: Mapping[str, Fixture]) -> str | None:
    """Return the fixture that the item directly rests on or is inside of."""
    for name in sorted(fixtures):
        fixture = fixtures[name]
        if "surface" in fixture.kinds or "person" in fixture.kinds:
            is_here = _rests_on(item, extent[0], fixture)
        else:
            is_here = "container" in fixture.kinds and is_inside_fixture(item, fixture)
        if is_here:
            return name
    return None


def _rests_on(item: Item, lowest: float, fixture: Fixture) -> bool:
    region = fixture.region
    height = float(region.T_world_region[2, 3])
    if not -SINK_DEPTH <= lowest - height <= REST_GAP:
        return False
    point = item.T_world_item[:3, 3]
    return is_over(region, point, margin=0.02) or is_on_top(fixture.solids, point, height)


def is_inside_fixture(item: Item, fixture: Fixture) -> bool:
    """Return whether the item's centre is inside a bin, sink, drawer or compartment."""
    point = item.T_world_item[:3, 3]
    x, y, z = in_region_frame(fixture.region, point)
    height = fixture.region.size[2]
    if fixture.articulation is None and is_over(fixture.region, point):
        height += PILE
    if not -0.01 <= z <= height or math.hypot(x, y) > LARGEST:
        return False
    low, high = owned_box(fixture)
    return bool(low[0] <= x <= high[0] and low[1] <= y <= high[1])


def is_inside_item(item: Item, receptacle: Item) -> bool:
    """Return whether an item stands or lies in an upright bowl or cup: its centre over the inside, its lowest
    point below the rim."""
    if receptacle.T_world_item[2, 2] < 0.7:
        return False
    p = receptacle.T_world_item[:3, :3].T @ (item.T_world_item[:3, 3] - receptacle.T_world_item[:3, 3])
    if math.hypot(p[0], p[1]) > min(receptacle.size[:2]) / 2:
        return False
    floor, rim = heights(receptacle)
    lowest, _ = heights(item)
    return floor - 0.005 <= lowest <= rim - 0.01


def _below(
    name: str,
    item: Item,
    loose: Mapping[str, Item],
    extent: Mapping[str, tuple[float, float]],
    based: Mapping[str, str],
) -> str | None:
    """Return the fixture that the item rests on by way of one other item (an apple on a box on the table)."""
    point = item.T_world_item[:2, 3]
    for other, place in sorted(based.items()):
        gap = extent[name][0] - extent[other][1]
        if abs(gap) <= REST_GAP and is_within(footprint(loose[other]), point, margin=0.01):
            return place
    return None


def _blocks(name: str, item: Item, fixture: Fixture) -> Iterator[Fact]:
    if fixture.wipe_patch is None:
        return
    if gap_between(footprint(item), rectangle_of(fixture.wipe_patch, margin=WIPE_MARGIN)) < 0:
        yield ("blocks", name, fixture.name)
