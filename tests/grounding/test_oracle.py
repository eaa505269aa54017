"""The oracle reports the simulated home as it was set up."""

from __future__ import annotations

import pytest

from grounding import OraclePerception
from robots.catalogue import load_catalogue
from robots.setup import SceneSetup

pytestmark = pytest.mark.sim

ITEMS = {
    "apple_1": "bowl_1",
    "bowl_1": "table",
    "coke_can_1": "close_counter",
    "kettle_chips_1": "far_counter",
    "sponge_1": "sink",
    "milk_carton_1": "fridge",
    "knife_1": "top_drawer",
    "fork_1": "middle_drawer",
    "energy_bar_1": "bottom_drawer",
    "plate_1": "microwave",
    "mug_1": "stove",
    "orange_1": "trash_can",
    "redbull_can_1": "operator",
}


@pytest.mark.parametrize("seed", [0, 1])
def test_everything_is_seen_where_it_was_put(seed: int) -> None:
    from robots.pybullet import open_kitchen

    setup = SceneSetup(
        items=ITEMS,
        robot_at="fridge",
        holding="lemon_1",
        opened=frozenset({"fridge", "top_drawer"}),
        powered_on=frozenset({"stove"}),
    )
    kitchen = open_kitchen(setup, seed=seed)
    try:
        perception = OraclePerception(kitchen, load_catalogue())
        scene = perception.perceive(kitchen.robot.observe())
    finally:
        kitchen.close()
    where = {f[1]: f[2] for f in scene.facts if f[0] in ("on", "in")}
    where |= {f[1]: "operator" for f in scene.facts if f[0] == "with_operator"}
    assert where == ITEMS
    assert {f for f in scene.facts if f[0] in ("open", "turned_on", "holding", "robot_at", "visited")} == {
        ("open", "fridge"),
        ("open", "top_drawer"),
        ("turned_on", "stove"),
        ("holding", "lemon_1"),
        ("robot_at", "fridge"),
    }
    assert ("filled", "milk_carton_1") in scene.facts
    assert {f[1] for f in scene.facts if f[0] == "found"} >= {"milk_carton_1", "lemon_1"}
