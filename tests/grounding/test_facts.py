"""Facts follow geometry: what rests, what is inside, what is held, where the robot stands."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import Facts, places_at
from grounding.facts import CLOSED_BELOW, DOCK_DISTANCE, DOCK_YAW, OPEN_ABOVE
from robots.transforms import pose
from tests.fakes.household_scene import (
    Looker,
    drawer,
    fridge,
    home,
    item,
    standing,
    stands_at,
)

HOME = home()


def _about(facts: Facts, name: str) -> set[tuple[str, ...]]:
    return {f for f in facts if f[0] in ("on", "in", "with_operator", "holding") and f[1] == name}


@pytest.mark.parametrize(
    ("place", "fact"),
    [
        ("table", ("on", "apple_1", "table")),
        ("counter", ("on", "apple_1", "counter")),
        ("top_drawer", ("in", "apple_1", "top_drawer")),
        ("fridge", ("in", "apple_1", "fridge")),
        ("trash_can", ("in", "apple_1", "trash_can")),
        ("operator", ("with_operator", "apple_1")),
    ],
)
@given(x=st.floats(-0.09, 0.09), y=st.floats(-0.14, 0.14), yaw=st.floats(-3, 3))
def test_an_item_is_where_it_stands_and_nowhere_else(
    place: str, fact: tuple[str, ...], x: float, y: float, yaw: float
) -> None:
    apple = standing("apple_1", HOME[place], x, y, yaw=yaw)
    scene = Looker().look([apple], HOME, stands_at((0, 0, 0)))
    assert _about(scene.facts, "apple_1") == {fact}


@given(
    p=st.tuples(st.floats(-3, 3), st.floats(-2, 2), st.floats(0, 1.5)),
    tilt=st.floats(-3, 3),
    is_held=st.booleans(),
)
def test_an_item_is_in_at_most_one_place_and_a_held_one_in_none(
    p: tuple[float, float, float], tilt: float, is_held: bool
) -> None:
    can = item("coke_can_1", pose(*p, roll=tilt))
    scene = Looker().look([can], HOME, stands_at((0, 0, 0)), held="coke_can_1" if is_held else None)
    found = _about(scene.facts, "coke_can_1")
    assert len(found) <= 1
    assert found == {("holding", "coke_can_1")} if is_held else ("holding", "coke_can_1") not in found
    assert (("gripper_empty",) in scene.facts) is not is_held


def test_an_item_on_the_floor_has_no_place() -> None:
    scene = Looker().look([item("apple_1", pose(0.3, 0.2, 0.035))], HOME, stands_at((0, 0, 0)))
    assert not _about(scene.facts, "apple_1")


def test_an_item_beyond_the_easy_strip_is_still_on_the_table() -> None:
    scene = Looker().look([standing("apple_1", HOME["table"], 0.4)], HOME, stands_at((0, 0, 0)))
    assert ("on", "apple_1", "table") in scene.facts
    scene = Looker().look([standing("apple_1", HOME["table"], 0.7)], HOME, stands_at((0, 0, 0)))
    assert not _about(scene.facts, "apple_1")


def test_what_is_in_the_bowl_is_not_also_on_the_table() -> None:
    bowl, apple = standing("bowl_1", HOME["table"]), standing("apple_1", HOME["table"], above=0.008)
    scene = Looker().look([bowl, apple], HOME, stands_at(HOME["table"]))
    assert _about(scene.facts, "apple_1") == {("in", "apple_1", "bowl_1")}
    assert _about(scene.facts, "bowl_1") == {("on", "bowl_1", "table")}
    assert ("found", "apple_1") in scene.facts


def test_what_stands_on_a_box_is_on_the_table() -> None:
    box, apple = standing("cereal_box_1", HOME["table"]), standing("apple_1", HOME["table"], above=0.2)
    scene = Looker().look([box, apple], HOME, stands_at(HOME["table"]))
    assert _about(scene.facts, "apple_1") == {("on", "apple_1", "table")}


@pytest.mark.parametrize("fraction", [CLOSED_BELOW, (CLOSED_BELOW + OPEN_ABOVE) / 2, OPEN_ABOVE])
def test_between_open_and_shut_a_door_stays_what_it_was(fraction: float) -> None:
    at = stands_at((0, 0, 0))
    opening, closing = Looker(), Looker()
    opening.look([], home(fridge(0.0)), at)
    closing.look([], home(fridge(1.0)), at)
    is_open = [("open", "fridge") in w.look([], home(fridge(fraction)), at).facts for w in (opening, closing)]
    assert is_open == [fraction >= OPEN_ABOVE, fraction > CLOSED_BELOW]


def test_a_drawer_takes_along_what_is_in_it() -> None:
    for fraction in np.linspace(0.0, 1.0, 5):
        places = home(drawer("top_drawer", 0.68, open_fraction=float(fraction)))
        scene = Looker().look(
            [standing("fork_1", places["top_drawer"], yaw=1.5)], places, stands_at((0, 0, 0))
        )
        assert _about(scene.facts, "fork_1") == {("in", "fork_1", "top_drawer")}


def test_the_upper_drawer_is_above_the_lower_one() -> None:
    facts = Looker().look([], HOME, stands_at((0, 0, 0))).facts
    assert ("above", "top_drawer", "bottom_drawer") in facts
    assert ("above", "bottom_drawer", "top_drawer") not in facts
    assert {
        ("same_station", "top_drawer", "bottom_drawer"),
        ("same_station", "bottom_drawer", "top_drawer"),
    } <= facts


@given(angle=st.floats(0, 6.2), distance=st.floats(0, 0.9), turn=st.floats(-1.2, 1.2))
def test_the_robot_is_at_a_place_only_near_its_dock(angle: float, distance: float, turn: float) -> None:
    x, y, yaw = HOME["table"].dock
    base = (x + distance * np.cos(angle), y + distance * np.sin(angle), yaw + turn)
    is_near = distance <= DOCK_DISTANCE and abs(turn) <= DOCK_YAW
    assert places_at(HOME, stands_at(base)) == (frozenset({"table"}) if is_near else frozenset())


def test_drawers_share_a_dock() -> None:
    assert places_at(HOME, stands_at(HOME["top_drawer"])) == {"top_drawer", "bottom_drawer"}


def test_a_place_is_visited_when_it_is_reached_and_for_ever() -> None:
    looker = Looker()
    stops = [(HOME["table"], 0.0), (HOME["counter"], 9.0), (HOME["fridge"], 20.0)]
    visited = [
        {f[1] for f in looker.look([], HOME, stands_at(p, t)).facts if f[0] == "visited"} for p, t in stops
    ]
    assert visited[0] == set()
    assert all(earlier <= later for earlier, later in pairwise(visited))
    assert visited[-1] == {"counter", "fridge"}


def test_only_what_is_in_sight_and_reachable_is_found() -> None:
    things = [
        standing("apple_1", HOME["table"]),
        standing("coke_can_1", HOME["counter"]),
        standing("milk_carton_1", HOME["fridge"]),
    ]
    looker = Looker()
    looker.look(things, HOME, stands_at(HOME["table"]))
    scene = looker.look(things, HOME, stands_at(HOME["fridge"], 5.0))
    assert {f[1] for f in scene.facts if f[0] == "found"} == {"apple_1"}
    open_home = home(fridge(1.0))
    scene = looker.look(things, open_home, stands_at(open_home["fridge"], 9.0))
    assert {f[1] for f in scene.facts if f[0] == "found"} == {"apple_1", "milk_carton_1"}


@pytest.mark.parametrize(
    ("x", "y", "direction"),
    [(0.06, 0, "away"), (-0.06, 0.01, "closer"), (0, 0.07, "left"), (0, -0.07, "right")],
)
def test_a_push_is_seen_from_where_the_item_was_put(x: float, y: float, direction: str) -> None:
    counter = HOME["counter"]
    looker, at = Looker(), stands_at(counter)
    looker.look([standing("sponge_1", counter)], HOME, at)
    half = looker.look([standing("sponge_1", counter, x * 0.6, y * 0.6)], HOME, at)
    assert not [f for f in half.facts if f[0] == "pushed"]
    done = looker.look([standing("sponge_1", counter, x, y)], HOME, at)
    assert [f for f in done.facts if f[0] == "pushed"] == [("pushed", "sponge_1", direction)]


def test_carrying_is_not_pushing() -> None:
    counter = HOME["counter"]
    looker, at = Looker(), stands_at(counter)
    looker.look([standing("sponge_1", counter)], HOME, at)
    looker.look([standing("sponge_1", counter, above=0.2)], HOME, at, held="sponge_1")
    scene = looker.look([standing("sponge_1", counter, 0.1, 0.2)], HOME, at)
    assert not [f for f in scene.facts if f[0] == "pushed"]


@pytest.mark.parametrize(("y", "blocks"), [(0.0, True), (0.25, True), (0.27, False), (-0.4, False)])
def test_an_item_blocks_the_wiping_patch_when_it_reaches_into_it(y: float, blocks: bool) -> None:
    scene = Looker().look([standing("apple_1", HOME["table"], 0.0, y)], HOME, stands_at(HOME["table"]))
    assert (("blocks", "apple_1", "table") in scene.facts) is blocks
