"""Room skills: arm paths avoid obstacles, say why there are none, repeat by seed, obey the limits."""

from __future__ import annotations

import numpy as np
import pytest

from grounding.collision import ArmCollision
from robots import Box, Solid, frozen
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_ARM_LIMITS, PANDA_LIMITS
from robots.panda_kinematics import tool_pose
from robots.transforms import pose
from skills.motion.arm_planner import ArmPath, NoArmPath, edge_points, plan_arm_path
from skills.motion.cartesian import follow_tool_poses, straight_poses
from skills.motion.trajectory import time_arm_path
from skills.motion.whole_body import limit_excess

BASE = np.zeros(3)
LEFT = np.array([0.7, 0.0, 0.0, -2.0, 0.0, 2.0, 0.8])
RIGHT = np.array([-0.7, 0.0, 0.0, -2.0, 0.0, 2.0, 0.8])


def _wall() -> ArmCollision:
    """Return a world with an upright board between LEFT and RIGHT."""
    board = Solid(shape=Box(size=(0.5, 0.03, 0.5)), T_owner_solid=frozen(pose(0.75, 0.0, 0.75)))
    return ArmCollision([board], BASE)


def test_a_free_edge_is_taken_directly() -> None:
    path = plan_arm_path(ArmCollision([], BASE), LEFT, RIGHT[None], seed=0)
    assert isinstance(path, ArmPath)
    assert len(path.q) == 2


def test_a_wall_is_avoided_and_a_seed_repeats_the_path() -> None:
    collision = _wall()
    paths = [plan_arm_path(collision, LEFT, RIGHT[None], seed=s) for s in (5, 5)]
    for path in paths:
        assert isinstance(path, ArmPath)
        assert len(path.q) > 2
        for a, b in zip(path.q[:-1], path.q[1:], strict=True):
            assert collision.clearance(edge_points(a, b)).min() > 0.0
    assert isinstance(paths[0], ArmPath) and isinstance(paths[1], ArmPath)
    np.testing.assert_array_equal(paths[0].q, paths[1].q)


def test_reasons() -> None:
    around_hand = Solid(shape=Box(size=(0.12, 0.12, 0.12)), T_owner_solid=frozen(pose(0.43, 0.0, 1.04)))
    blocked, free = ArmCollision([around_hand], BASE), ArmCollision([], BASE)
    answers = {
        plan_arm_path(free, ARM_HOME, np.empty((0, 7)), seed=0),
        plan_arm_path(blocked, ARM_HOME, LEFT[None], seed=0),
        plan_arm_path(blocked, LEFT, ARM_HOME[None], seed=0),
    }
    assert all(isinstance(answer, NoArmPath) for answer in answers)
    reasons = {answer.reason for answer in answers if isinstance(answer, NoArmPath)}
    assert reasons == {"no inverse kinematics", "start in collision", "goal in collision"}


@pytest.mark.parametrize("speed", [1.0, 0.4])
def test_trajectories_obey_the_limits_and_reach_the_end(speed: float) -> None:
    path = np.stack([ARM_HOME, LEFT, RIGHT, ARM_HOME + 0.2])
    timed = time_arm_path(path, PANDA_ARM_LIMITS, tick_s=PANDA_LIMITS.tick_s, speed=speed)
    assert limit_excess(timed.q, PANDA_ARM_LIMITS, PANDA_LIMITS.tick_s) <= 1.0
    np.testing.assert_allclose(timed.q[0], path[0], atol=1e-9)
    np.testing.assert_allclose(timed.q[-1], path[-1], atol=1e-9)


def test_a_straight_tool_line_is_followed_within_a_millimetre() -> None:
    T_start = tool_pose(ARM_HOME)
    T_end = pose(0.08, 0.05, -0.1) @ T_start
    poses = straight_poses(T_start, T_end)
    line = follow_tool_poses(poses[None], ARM_HOME[None])
    assert line.is_solved[0]
    for T, q in zip(poses, line.q[0], strict=True):
        assert np.linalg.norm(tool_pose(q)[:3, 3] - T[:3, 3]) < 1e-3
