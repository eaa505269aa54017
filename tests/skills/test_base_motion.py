"""Paths of the base avoid furniture, and trajectories stay within its limits."""

from __future__ import annotations

import numpy as np
import pytest

from robots import Array, Command
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from skills.motion.base_planner import NoBasePath, plan_base_path
from skills.motion.floor_map import FloorMap, floor_map_of
from skills.motion.whole_body import BASE, body_limits, limit_excess, time_path
from tests.fakes.ideal_robot import IdealRobot, make_fixture, make_scene

LIMITS = body_limits(PANDA_LIMITS)
TICK = PANDA_LIMITS.tick_s
PLACES = (
    make_fixture("north", at=(0.0, 1.5, np.pi / 2)),
    make_fixture("south", at=(0.4, -1.5, -np.pi / 2)),
    make_fixture("east", at=(2.0, 0.0, 0.0)),
    make_fixture("island", at=(-0.2, -0.4, np.pi / 2)),
)
DOCKS = {place.name: np.array(place.dock) for place in PLACES}


def _floor() -> FloorMap:
    return floor_map_of(make_scene(IdealRobot(), PLACES))


def _trajectory(start: Array, goal: Array) -> Array:
    path = plan_base_path(_floor(), start, goal)
    assert not isinstance(path, NoBasePath), path
    return np.asarray(time_path(_with_arm(path), LIMITS, tick_s=TICK)[:, BASE], dtype=np.float64)


def _with_arm(path: Array) -> Array:
    return np.column_stack([np.tile(ARM_HOME, (len(path), 1)), path])


@pytest.mark.parametrize(("a", "b"), [(a, b) for a in DOCKS for b in DOCKS if a != b])
def test_drives_between_docks_without_touching_furniture(a: str, b: str) -> None:
    poses = _trajectory(DOCKS[a], DOCKS[b])
    assert np.allclose(poses[0], DOCKS[a])
    assert np.allclose(np.exp(1j * poses[-1, 2]), np.exp(1j * DOCKS[b][2]))
    assert np.allclose(poses[-1, :2], DOCKS[b][:2])
    assert _floor().footprint_clearance(poses[::4]).min() > 0.0


def test_every_tick_of_a_drive_is_accepted_by_the_driver() -> None:
    robot = IdealRobot(DOCKS["north"])
    for pose in _trajectory(DOCKS["north"], DOCKS["south"])[1:]:
        assert not robot.command(Command(base=pose)).was_refused
    robot.command(Command())
    assert robot.gate.is_at_rest


def test_a_trajectory_is_stretched_until_it_fits_and_not_further() -> None:
    zigzag = np.array([[0, 0, 0], [0.5, 0, 0], [0.0, 0.05, 2.0], [0.5, 0.1, -2.0]], dtype=float)
    assert 0.4 < limit_excess(time_path(_with_arm(zigzag), LIMITS, tick_s=TICK), LIMITS, TICK) <= 1.0


def test_a_goal_inside_furniture_is_refused_with_the_reason() -> None:
    answer = plan_base_path(_floor(), DOCKS["north"], np.array([2.2, 0.0, 0.0]))
    assert isinstance(answer, NoBasePath)
    assert answer.reason == "goal in collision"


def test_an_enclosed_robot_is_told_that_there_is_no_path() -> None:
    sides = [
        make_fixture(f"wall_{i}", at=(3 + 0.95 * np.cos(yaw), 0.95 * np.sin(yaw), yaw))
        for i, yaw in enumerate(np.arange(12) * np.pi / 6)
    ]
    floor = floor_map_of(make_scene(IdealRobot(), sides))
    answer = plan_base_path(floor, np.array([3.0, 0.0, 0.0]), np.array([0.0, 0.0, 0.0]))
    assert answer == NoBasePath(reason="no path for the base")
