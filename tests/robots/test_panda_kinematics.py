"""Room robots: kinematics against an independent referee, and inverse against forward."""

from __future__ import annotations

import numpy as np
import pytest

from robots.panda import PANDA_ARM_LIMITS
from robots.panda_kinematics import (
    TOOL,
    arm_mount,
    find_configurations,
    link_poses,
    solve_ik,
    tool_jacobian,
    tool_pose,
)
from robots.setup import SceneSetup
from robots.transforms import inverse, rotation_vector


def _random_configurations(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    limits = PANDA_ARM_LIMITS
    return rng.uniform(limits.lower * 0.95, limits.upper * 0.95, size=(count, 7))


@pytest.mark.sim
def test_forward_kinematics_agrees_with_the_simulated_robot() -> None:
    from robots.pybullet import open_kitchen

    kitchen = open_kitchen(SceneSetup(), seed=0)
    base = np.array([0.3, -0.2, 0.7])
    for q in _random_configurations(20, 1):
        kitchen.robot.place_at_rest(q, base)
        T_world_hand = arm_mount(base) @ link_poses(q[None])[0, TOOL - 1]
        np.testing.assert_allclose(kitchen.robot.hand_pose(), T_world_hand, atol=1e-4)
    kitchen.close()


def test_jacobian_equals_finite_differences() -> None:
    q = _random_configurations(1, 2)[0]
    J = tool_jacobian(link_poses(q[None]))[0]
    for i in range(7):
        step = np.eye(7)[i] * 1e-6
        T0, T1 = tool_pose(q), tool_pose(q + step)
        np.testing.assert_allclose(J[:3, i], (T1 - T0)[:3, 3] / 1e-6, atol=1e-4)
        turn = np.eye(4)
        turn[:3, :3] = T1[:3, :3] @ T0[:3, :3].T
        np.testing.assert_allclose(J[3:, i], rotation_vector(turn) / 1e-6, atol=1e-4)


def test_reachable_targets_are_reached_inside_the_limits() -> None:
    rng = np.random.default_rng(3)
    for q in _random_configurations(100, 4):
        target = tool_pose(q)
        found = find_configurations(target, rng)
        assert len(found)
        for solution in found:
            error = inverse(target) @ tool_pose(solution)
            assert np.linalg.norm(error[:3, 3]) < 1e-3
            assert np.linalg.norm(rotation_vector(error)) < np.radians(1.0)
        assert np.all(found >= PANDA_ARM_LIMITS.lower) and np.all(found <= PANDA_ARM_LIMITS.upper)


def test_an_unreachable_target_is_not_solved() -> None:
    far = np.eye(4)
    far[:3, 3] = (1.5, 0.0, 0.5)
    assert not solve_ik(far[None], np.zeros((1, 7))).is_solved[0]
