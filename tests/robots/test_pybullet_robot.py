"""Room tests: the simulated robot obeys its commands, its limits, and nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from robots import Array, Command, Robot
from robots.panda import PANDA_LIMITS
from robots.pybullet import CameraModel, PybulletKitchen, open_kitchen
from robots.setup import SceneSetup

pytestmark = pytest.mark.sim
DT = PANDA_LIMITS.tick_s


@pytest.fixture
def kitchen() -> Iterator[PybulletKitchen]:
    home = open_kitchen(SceneSetup(items={"apple_1": "table"}, robot_at="close_counter"), seed=0)
    yield home
    home.close()


def wave(q_start: Array, base_start: Array, tick: int) -> Command:
    """Return a fast smooth motion of all ten joints."""
    t = tick * DT
    ramp = min(1.0, t / 2) ** 2 * (3 - 2 * min(1.0, t / 2))
    amplitude = np.array([0.6, 0.4, 0.5, 0.5, 0.6, 0.6, 0.8])
    rate = np.array([2.0, 2.0, 2.2, 2.1, 2.4, 2.6, 2.0])
    base = base_start + np.array([0.0, -0.25, 0.3]) * (0.5 - 0.5 * math.cos(1.2 * t)) * ramp
    return Command(q_arm=q_start + amplitude * np.sin(rate * t) * ramp, base=base)


def test_it_is_a_robot(kitchen: PybulletKitchen) -> None:
    robot: Robot = kitchen.robot
    assert robot.limits is PANDA_LIMITS
    assert robot.camera_names == ("head", "wrist")


def test_joints_follow_within_5_mrad_and_under_the_published_speed(kitchen: PybulletKitchen) -> None:
    start = kitchen.robot.observe()
    worst, fastest = 0.0, np.zeros(7)
    for tick in range(1, 360):
        command = wave(start.q_arm, start.base, tick)
        assert kitchen.robot.command(command).violations == ()
        now = kitchen.robot.observe()
        assert command.q_arm is not None
        worst = max(worst, float(np.abs(now.q_arm - command.q_arm).max()))
        fastest = np.maximum(fastest, np.abs(now.dq_arm))
    assert worst < 0.005
    assert np.all(fastest <= PANDA_LIMITS.arm.velocity)
    assert np.any(fastest > 0.5 * PANDA_LIMITS.arm.velocity)


def test_a_refused_command_leaves_a_resting_robot_where_it_is(kitchen: PybulletKitchen) -> None:
    before = kitchen.robot.observe()
    for bad in (np.full(7, np.nan), before.q_arm + 0.5, np.full(7, 4.0)):
        report = kitchen.robot.command(Command(q_arm=bad))
        assert report.was_refused
        assert report.executed.q_arm is not None
        np.testing.assert_allclose(report.executed.q_arm, before.q_arm, atol=1e-4)
    after = kitchen.robot.observe()
    np.testing.assert_allclose(after.q_arm, before.q_arm, atol=1e-4)
    assert np.all(np.isfinite(after.q_arm))


def test_a_refused_command_brakes_a_moving_robot_within_its_limits(kitchen: PybulletKitchen) -> None:
    start = kitchen.robot.observe()
    for tick in range(1, 150):
        kitchen.robot.command(wave(start.q_arm, start.base, tick))
    moving = kitchen.robot.observe()
    assert np.abs(moving.dq_arm).max() > 0.5
    targets = []
    for _ in range(40):
        report = kitchen.robot.command(Command(q_arm=np.full(7, np.nan)))
        assert report.violations[0].rule == "finite"
        targets.append(report.executed.q_arm)
    acceleration = np.diff(np.array(targets), n=2, axis=0) / DT**2
    assert np.all(np.abs(acceleration) <= PANDA_LIMITS.arm.acceleration * 1.001)
    assert np.abs(kitchen.robot.observe().dq_arm).max() < 1e-3


def test_stop_brings_it_to_rest_and_may_be_repeated(kitchen: PybulletKitchen) -> None:
    start = kitchen.robot.observe()
    for tick in range(1, 150):
        kitchen.robot.command(wave(start.q_arm, start.base, tick))
    kitchen.robot.stop()
    at_rest = kitchen.robot.observe()
    kitchen.robot.stop()
    kitchen.robot.stop()
    later = kitchen.robot.observe()
    np.testing.assert_allclose(later.q_arm, at_rest.q_arm, atol=1e-3)
    np.testing.assert_allclose(later.base, at_rest.base, atol=1e-3)


def test_the_hand_opens_and_closes_at_the_fingers_speed(kitchen: PybulletKitchen) -> None:
    widths = []
    for _ in range(120):
        kitchen.robot.command(Command(gripper_width=0.0))
        widths.append(kitchen.robot.observe().gripper_width)
    assert widths[-1] < 0.001
    assert np.abs(np.diff(widths)).max() / DT < 0.11


def test_an_unknown_camera_is_named_with_the_valid_ones(kitchen: PybulletKitchen) -> None:
    with pytest.raises(ValueError, match=r"camera 'tail' does not exist; cameras: head, wrist"):
        kitchen.robot.observe(cameras=("tail",))


def test_a_pixel_and_its_depth_lead_back_to_the_surface() -> None:
    cameras = {"head": CameraModel(width=160, height=120)}
    kitchen = open_kitchen(SceneSetup(robot_at="table"), seed=0, cameras=cameras)
    frame = kitchen.robot.observe(cameras=("head",)).frames["head"]
    assert frame.rgb.shape == (120, 160, 3) and frame.rgb.dtype == np.uint8
    v, u = np.mgrid[0:120, 0:160] + 0.5
    rays = np.linalg.inv(frame.K) @ np.stack([u.ravel(), v.ravel(), np.ones(u.size)])
    p_camera = rays * frame.depth.ravel()
    p_world = frame.T_world_camera[:3, :3] @ p_camera + frame.T_world_camera[:3, 3:]
    region = kitchen.state().fixtures["table"].region
    local = np.linalg.inv(region.T_world_region) @ np.vstack([p_world, np.ones(u.size)])
    on_table = (np.abs(local[0]) < region.size[0] / 2) & (np.abs(local[1]) < region.size[1] / 2)
    flat = on_table & (np.abs(local[2]) < 0.01)
    assert flat.sum() > 500
    kitchen.close()
