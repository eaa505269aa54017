"""Room tests: things move because they are touched: grasps, doors, drawers, buttons, wiping, pouring."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from robots import Array, Articulation
from robots.pybullet import PybulletKitchen, open_kitchen
from robots.setup import SceneSetup
from robots.transforms import inverse, pose
from tests.fakes.scripted_arm import TOP_DOWN, ScriptedArm

pytestmark = pytest.mark.sim


def home(setup: SceneSetup) -> Iterator[PybulletKitchen]:
    kitchen = open_kitchen(setup, seed=3)
    yield kitchen
    kitchen.close()


@pytest.fixture
def counter() -> Iterator[PybulletKitchen]:
    yield from home(SceneSetup(items={"coke_can_1": "close_counter"}, robot_at="close_counter"))


def in_front(kitchen: PybulletKitchen, item: str) -> Array:
    """Put the item where the arm reaches it from above, and return its position."""
    x, y, yaw = kitchen.robot.observe().base
    height = kitchen.items[item].pose()[2, 3]
    kitchen.move_item(item, pose(x, y, 0, yaw=yaw) @ pose(0.56, 0.0, height))
    return np.array([x, y, 0]) + pose(0, 0, 0, yaw=yaw)[:3, :3] @ np.array([0.56, 0.0, height])


def top_down(kitchen: PybulletKitchen, p_world_tool: Array) -> Array:
    T = pose(0, 0, 0, yaw=float(kitchen.robot.observe().base[2])) @ TOP_DOWN
    T[:3, 3] = p_world_tool
    return T


def articulation(kitchen: PybulletKitchen, fixture: str) -> Articulation:
    found = kitchen.state().fixtures[fixture].articulation
    assert found is not None
    return found


def handle_grasp(T_world_handle: Array, pitch: float) -> Array:
    """Return a tool pose that grasps a bar; a horizontal bar is approached from above by `pitch`."""
    out, bar = T_world_handle[:3, 0], T_world_handle[:3, 2]
    z = -out * np.cos(pitch) - np.array([0.0, 0.0, np.sin(pitch)])
    y = np.cross(bar, z) / np.linalg.norm(np.cross(bar, z))
    T = np.eye(4)
    T[:3, :3] = np.column_stack([np.cross(y, z), y, z])
    T[:3, 3] = T_world_handle[:3, 3]
    return T


def test_a_can_is_lifted_by_friction_and_falls_when_released(counter: PybulletKitchen) -> None:
    arm, p = ScriptedArm(counter), in_front(counter, "coke_can_1")
    grasp = top_down(counter, p + [0, 0, 0.03])
    arm.move(grasp @ pose(0, 0, -0.12))
    arm.move(grasp, speed=0.1)
    arm.grip(0.0)
    assert counter.robot.observe().gripper_force == pytest.approx(40.0, abs=4.0)
    assert counter.robot.observe().gripper_width == pytest.approx(0.066, abs=0.004)
    arm.shift(0, 0, 0.2)
    state = counter.state()
    assert state.held == {"coke_can_1"}
    assert state.items["coke_can_1"].T_world_item[2, 3] > p[2] + 0.19
    x, y, yaw = counter.robot.observe().base
    grip_before = inverse(counter.robot.hand_pose()) @ counter.items["coke_can_1"].pose()
    arm.drive(x + 0.4, y - 0.4, yaw + 0.8)
    grip_after = inverse(counter.robot.hand_pose()) @ counter.items["coke_can_1"].pose()
    assert np.linalg.norm((grip_after - grip_before)[:3, 3]) < 0.004
    arm.grip(0.08)
    assert counter.state().held == frozenset()
    assert counter.state().items["coke_can_1"].T_world_item[2, 3] < 0.3


def test_a_bowl_is_held_with_what_lies_in_it() -> None:
    items = {"bowl_1": "close_counter", "egg_1": "bowl_1"}
    kitchen = open_kitchen(SceneSetup(items=items, robot_at="close_counter"), seed=3)
    arm = ScriptedArm(kitchen)
    x, y, yaw = kitchen.robot.observe().base
    T_bowl_egg = inverse(kitchen.items["bowl_1"].pose()) @ kitchen.items["egg_1"].pose()
    T_world_bowl = pose(x, y, 0, yaw=yaw) @ pose(0.56, 0.0, kitchen.items["bowl_1"].pose()[2, 3])
    kitchen.move_item("bowl_1", T_world_bowl)
    kitchen.move_item("egg_1", T_world_bowl @ T_bowl_egg)
    arm.wait(300)  # long enough to fall asleep in the physics engine
    rim = T_world_bowl @ np.array([0.0, 0.073, 0.023, 1.0])
    grasp = top_down(kitchen, rim[:3])
    arm.move(grasp @ pose(0, 0, -0.1))
    arm.move(grasp, speed=0.1)
    arm.grip(0.0)
    arm.shift(0, 0, 0.15)
    state = kitchen.state()
    assert state.held == {"bowl_1"}
    assert state.contacts == {("egg_1", "bowl_1")}
    assert state.items["egg_1"].T_world_item[2, 3] > T_world_bowl[2, 3] + 0.1
    kitchen.close()


def test_a_loosened_grip_lets_the_item_slip() -> None:
    kitchen = open_kitchen(SceneSetup(holding="coke_can_1", robot_at="table"), seed=0)
    arm = ScriptedArm(kitchen)
    arm.grip(0.0, ticks=5)
    assert kitchen.state().held == {"coke_can_1"}
    kitchen.loosen_grip(60)
    arm.wait(60)
    assert kitchen.state().held == frozenset()
    kitchen.close()


@pytest.mark.parametrize(
    ("name", "pitch", "back"),
    [("top_drawer", 0.785, 0.11), ("middle_drawer", 0.785, 0.15), ("bottom_drawer", 0.35, 0.08)],
)
def test_a_drawer_is_pulled_open_by_its_handle(name: str, pitch: float, back: float) -> None:
    kitchen = open_kitchen(SceneSetup(items={"coke_can_1": name}, robot_at=name), seed=3)
    arm = ScriptedArm(kitchen)
    T_world_handle = articulation(kitchen, name).T_world_handle
    out = T_world_handle[:3, 0]
    x, y, yaw = kitchen.robot.observe().base
    arm.drive(x + out[0] * back, y + out[1] * back, yaw)
    grasp = handle_grasp(T_world_handle, pitch)
    arm.start_line(grasp @ pose(0, 0, -0.08), grasp)
    arm.move(grasp, speed=0.1)
    assert articulation(kitchen, name).position < 0.005
    arm.grip(0.0)
    arm.drive(x + out[0] * (back + 0.26), y + out[1] * (back + 0.26), yaw, speed=0.2)
    assert articulation(kitchen, name).position > 0.24
    arm.grip(0.08)
    arm.move(arm.T_world_tool() @ pose(0, 0, -0.08))
    arm.wait(60)
    state = kitchen.state()
    assert articulation(kitchen, name).position > 0.24
    assert ("coke_can_1", name) in state.contacts
    local = inverse(state.fixtures[name].region.T_world_region) @ state.items["coke_can_1"].T_world_item[:, 3]
    assert abs(local[0]) < 0.14, "the can rides in the drawer, and the region moves with it"
    kitchen.close()


@pytest.mark.parametrize(("name", "side"), [("fridge", -0.1), ("microwave", 0.1)])
def test_a_door_is_pulled_open_and_stays_where_it_is_left(name: str, side: float) -> None:
    kitchen = open_kitchen(SceneSetup(robot_at=name), seed=3)
    arm = ScriptedArm(kitchen)
    x, y, yaw = kitchen.robot.observe().base
    stand = pose(x, y, 0, yaw=yaw) @ pose(-0.2, side, 0)
    arm.drive(stand[0, 3], stand[1, 3], yaw)
    door = articulation(kitchen, name)
    grasp = handle_grasp(door.T_world_handle, 0.0)
    T_joint_grasp = inverse(door.T_world_joint) @ grasp
    arc = [door.T_world_joint @ pose(0, 0, 0, yaw=0.1 * k) @ T_joint_grasp for k in range(1, 9)]
    arm.start_line(grasp @ pose(0, 0, -0.1), grasp, *arc)
    arm.move(grasp, speed=0.1)
    arm.grip(0.0)
    for T in arc:
        arm.move(T, speed=0.12)
    assert articulation(kitchen, name).position == pytest.approx(0.8, abs=0.05)
    arm.grip(0.08)
    arm.move(arm.T_world_tool() @ pose(0, 0, -0.1))
    arm.wait(120)
    assert articulation(kitchen, name).position == pytest.approx(0.8, abs=0.05)
    kitchen.close()


@pytest.mark.parametrize("name", ["stove", "sink"])
def test_a_button_toggles_once_per_press(name: str) -> None:
    kitchen = open_kitchen(SceneSetup(robot_at=name), seed=3)
    arm = ScriptedArm(kitchen)
    arm.grip(0.0, ticks=100)
    button = kitchen.state().fixtures[name].button
    assert button is not None and not button.is_on
    tip = top_down(kitchen, button.T_world_button[:3, 3]) @ pose(0, 0, -0.009)
    arm.start_line(tip @ pose(0, 0, -0.06), tip)
    seen = []
    for depth in (0.004, 0.009, 0.009):
        arm.move(tip @ pose(0, 0, depth), speed=0.05)
        arm.wait(10)
        arm.move(tip @ pose(0, 0, -0.03), speed=0.1)
        now = kitchen.state().fixtures[name].button
        assert now is not None
        seen.append(now.is_on)
    assert seen == [False, True, False], "too shallow, on, off"
    kitchen.close()


def test_only_a_cleaning_item_wipes() -> None:
    for item, wipes in (("sponge_1", True), ("sandwich_1", False)):
        kitchen = open_kitchen(SceneSetup(items={item: "table"}, robot_at="sink"), seed=0)
        arm = ScriptedArm(kitchen)
        patch = kitchen.state().fixtures["table"].wipe_patch
        assert patch is not None
        half = kitchen.items[item].category.size[2] / 2
        for y in np.linspace(-0.15, 0.15, 5):
            kitchen.move_item(item, patch.T_world_region @ pose(0.0, float(y), half))
            arm.wait(8)
        fraction = kitchen.state().fixtures["table"].wiped_fraction
        assert (0.3 < fraction < 0.9) if wipes else fraction == 0.0
        kitchen.close()


def test_a_tilted_bottle_pours_into_the_vessel_below_its_mouth() -> None:
    kitchen = open_kitchen(
        SceneSetup(items={"water_bottle_1": "table", "mug_1": "table"}, robot_at="sink"), seed=0
    )
    arm = ScriptedArm(kitchen)
    full = kitchen.state()
    assert full.items["water_bottle_1"].filled_fraction == 1.0
    assert full.items["mug_1"].filled_fraction == 0.0
    T_world_mug = kitchen.items["mug_1"].pose()
    above = pose(*(T_world_mug[:3, 3] + [-0.09, 0.0, 0.16]), pitch=1.7)
    for _ in range(60):
        kitchen.move_item("water_bottle_1", above)
        arm.wait(1)
    half = kitchen.state()
    assert half.poured == {("water_bottle_1", "mug_1")}
    assert half.items["water_bottle_1"].filled_fraction == pytest.approx(0.5, abs=0.05)
    assert half.items["mug_1"].filled_fraction == pytest.approx(0.5, abs=0.05)
    kitchen.close()
