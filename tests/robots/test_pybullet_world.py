"""Room tests: starts, truth, and bit-for-bit repetition of the simulated home."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from robots import Command, WorldState
from robots.catalogue import load_catalogue
from robots.mobile_base import ARM_HOME
from robots.pybullet import PybulletKitchen, open_kitchen
from robots.setup import ImpossibleStart, SceneSetup
from robots.transforms import inverse
from tests.fakes.scripted_arm import ScriptedArm, smooth

pytestmark = pytest.mark.sim

BUSY: Mapping[str, str] = {
    "coke_can_1": "close_counter",
    "pepsi_can_1": "close_counter",
    "apple_1": "close_counter",
    "kettle_chips_1": "close_counter",
    "sponge_1": "close_counter",
    "mug_1": "close_counter",
    "knife_1": "close_counter",
    "water_bottle_1": "close_counter",
    "bowl_1": "table",
    "orange_1": "bowl_1",
    "plate_1": "sink",
    "milk_carton_1": "fridge",
    "soup_can_1": "bottom_drawer",
    "spray_cleaner_1": "top_drawer",
    "banana_1": "trash_can",
    "sandwich_1": "microwave",
    "redbull_can_1": "operator",
}


def digest(kitchen: PybulletKitchen) -> bytes:
    items = b"".join(i.T_world_item.tobytes() for i in kitchen.state().items.values())
    return items + kitchen.robot.observe().q_arm.tobytes()


def swing(kitchen: PybulletKitchen, ticks: int) -> bytes:
    for k in range(1, ticks + 1):
        q = ARM_HOME + 0.3 * smooth(k / ticks)
        kitchen.robot.command(Command(q_arm=q, gripper_width=0.03))
    return digest(kitchen)


def test_items_start_supported_in_their_places_with_room_for_fingers() -> None:
    kitchen = open_kitchen(SceneSetup(items=BUSY, robot_at="table"), seed=5)
    state = kitchen.state()
    kitchen.close()
    for item, place in BUSY.items():
        assert (item, place) in state.contacts
        if place in state.fixtures:
            region = state.fixtures[place].region
            local = inverse(region.T_world_region) @ state.items[item].T_world_item[:, 3]
            assert abs(local[0]) <= region.size[0] / 2 and abs(local[1]) <= region.size[1] / 2
    cans = [state.items[name].T_world_item[:3, 3] for name in ("coke_can_1", "pepsi_can_1")]
    assert np.linalg.norm(cans[0] - cans[1]) > 0.066 + 0.049
    assert state.held == frozenset()


def test_at_rest_nothing_moves() -> None:
    kitchen = open_kitchen(SceneSetup(items=BUSY), seed=5)
    before = kitchen.state()
    for _ in range(120):
        kitchen.robot.command(Command())
    after = kitchen.state()
    kitchen.close()
    for name, item in after.items.items():
        moved = item.T_world_item[:3, 3] - before.items[name].T_world_item[:3, 3]
        assert np.linalg.norm(moved) < 1e-3, name


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> None:
    runs = []
    for seed in (7, 7, 8):
        kitchen = open_kitchen(SceneSetup(items=BUSY, holding="lemon_1"), seed=seed)
        runs.append(swing(kitchen, 90))
        kitchen.close()
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_restored_moment_continues_bit_for_bit() -> None:
    items = {**BUSY, "plate_1": "table"}
    kitchen = open_kitchen(
        SceneSetup(items=items, holding="lemon_1", powered_on=frozenset({"stove"})), seed=1
    )
    saved = kitchen.save()
    first = swing(kitchen, 90)
    kitchen.move_item("apple_1", np.eye(4))
    kitchen.fixtures["stove"].set_power(False)
    kitchen.restore(saved)
    button = kitchen.state().fixtures["stove"].button
    assert button is not None and button.is_on
    assert swing(kitchen, 90) == first
    kitchen.forget(saved)
    kitchen.close()


@pytest.mark.parametrize("category", sorted(load_catalogue().categories))
def test_every_category_can_be_held_by_friction_at_the_start(category: str) -> None:
    name = f"{category}_1"
    kitchen = open_kitchen(SceneSetup(holding=name, robot_at="operator"), seed=0)
    before = kitchen.state()
    for _ in range(60):
        kitchen.robot.command(Command())
    after = kitchen.state()
    kitchen.close()
    assert after.held == {name}
    assert abs(after.items[name].T_world_item[2, 3] - before.items[name].T_world_item[2, 3]) < 1e-3


def test_opened_and_powered_fixtures_start_that_way() -> None:
    setup = SceneSetup(opened=frozenset({"fridge", "top_drawer"}), powered_on=frozenset({"microwave"}))
    kitchen = open_kitchen(setup, seed=0)
    fixtures = kitchen.state().fixtures
    kitchen.close()
    for name in ("fridge", "top_drawer", "middle_drawer"):
        articulation = fixtures[name].articulation
        assert articulation is not None
        assert (articulation.open_fraction > 0.8) == (name in setup.opened)
    microwave, stove = fixtures["microwave"].button, fixtures["stove"].button
    assert microwave is not None and microwave.is_on
    assert stove is not None and not stove.is_on


@pytest.mark.parametrize(
    ("setup", "sentence"),
    [
        (SceneSetup(scene="moon"), "scene 'moon' does not exist; valid choices: saycan_kitchen"),
        (SceneSetup(items={"unicorn_1": "table"}), "'unicorn_1' is not a <category>_<number>"),
        (SceneSetup(items={"apple_1": "roof"}), "apple_1 cannot start at 'roof'"),
        (SceneSetup(robot_at="roof"), "the robot cannot start at 'roof'"),
        (SceneSetup(opened=frozenset({"stove"})), "'stove' cannot open; valid choices: fridge,"),
        (SceneSetup(items={"apple_1": "table"}, holding="apple_1"), "cannot be both held and at table"),
        (SceneSetup(items={f"plate_{i}": "microwave" for i in range(9)}), "there is no free place left"),
        (
            SceneSetup(items={"bowl_1": "table", "plate_1": "bowl_1"}),
            "plate_1 is too large to start in bowl_1",
        ),
    ],
)
def test_an_impossible_start_is_one_sentence(setup: SceneSetup, sentence: str) -> None:
    with pytest.raises(ImpossibleStart) as caught:
        open_kitchen(setup, seed=0)
    assert sentence in str(caught.value)


def test_two_homes_live_side_by_side() -> None:
    one = open_kitchen(SceneSetup(items={"apple_1": "table"}), seed=0)
    two = open_kitchen(SceneSetup(items={"apple_1": "sink"}), seed=0)
    ScriptedArm(one).wait(5)

    def height(kitchen: PybulletKitchen) -> float:
        state: WorldState = kitchen.state()
        return float(state.items["apple_1"].T_world_item[2, 3])

    assert height(one) > height(two)
    one.close()
    assert two.state().time_s == 0.0
    two.close()
