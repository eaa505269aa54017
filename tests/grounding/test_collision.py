"""Room grounding: signed distances of the arm: exact on simple shapes, never blind to a real hit."""

from __future__ import annotations

import numpy as np
import pytest

from grounding.collision import ArmCollision, hand_clearance, shapes_of
from robots import Box, Cylinder, Solid, Sphere, frozen
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_ARM_LIMITS
from robots.panda_kinematics import arm_mount, tool_pose
from robots.setup import SceneSetup
from robots.transforms import pose

BASE = np.zeros(3)


def _solid(shape: Box | Cylinder | Sphere, *xyz: float) -> Solid:
    return Solid(shape=shape, T_owner_solid=frozen(pose(*xyz)))


@pytest.mark.parametrize(
    ("shape", "point", "distance"),
    [
        (Box(size=(2.0, 2.0, 2.0)), (2.0, 0.0, 0.0), 1.0),
        (Box(size=(2.0, 2.0, 2.0)), (0.5, 0.0, 0.0), -0.5),
        (Box(size=(2.0, 2.0, 2.0)), (4.0, 5.0, 0.0), 5.0),
        (Sphere(radius=0.5), (0.0, 2.0, 0.0), 1.5),
        (Cylinder(radius=1.0, height=2.0), (0.0, 4.0, 5.0), 5.0),
        (Cylinder(radius=1.0, height=2.0), (0.0, 0.0, 0.9), -0.1),
    ],
)
def test_distance_to_one_shape(
    shape: Box | Cylinder | Sphere, point: tuple[float, float, float], distance: float
) -> None:
    shapes = shapes_of([_solid(shape, 1.0, 2.0, 3.0)], np.eye(4))
    measured = shapes.distance(np.array([point]) + (1.0, 2.0, 3.0))
    np.testing.assert_allclose(measured, [distance], atol=1e-12)


def test_carrying_configuration_is_free_and_an_obstacle_at_the_hand_is_not() -> None:
    assert ArmCollision([], BASE).clearance(ARM_HOME[None])[0] > 0.05
    p = (arm_mount(BASE) @ tool_pose(ARM_HOME))[:3, 3]
    blocked = ArmCollision([_solid(Sphere(radius=0.03), *p)], BASE, gripper_width=0.04)
    assert blocked.clearance(ARM_HOME[None])[0] < 0.0


def test_only_the_fingers_may_touch_what_is_grasped() -> None:
    T = arm_mount(BASE) @ tool_pose(ARM_HOME)
    between = [_solid(Sphere(radius=0.02), *T[:3, 3])]
    at_palm = [_solid(Sphere(radius=0.02), *(T[:3, 3] - 0.06 * T[:3, 2]))]
    for touched, is_free in ((between, True), (at_palm, False)):
        gap = ArmCollision([], BASE, gripper_width=0.03, touched=touched).clearance(ARM_HOME[None])[0]
        alone = hand_clearance(T[None], [], touched, gripper_width=0.03)[0]
        assert bool(gap > 0) is is_free
        assert bool(alone > 0) is is_free


@pytest.mark.sim
def test_no_collision_that_the_simulator_finds_is_missed() -> None:
    from robots.pybullet import open_kitchen

    kitchen = open_kitchen(SceneSetup(robot_at="close_counter"), seed=0)
    base = kitchen.robot.observe().base
    solids = [s for fixture in kitchen.state().fixtures.values() for s in fixture.solids]
    q = np.random.default_rng(0).uniform(PANDA_ARM_LIMITS.lower, PANDA_ARM_LIMITS.upper, size=(300, 7))
    ours = ArmCollision(solids, base).clearance(q)
    furniture = [body.body for body in kitchen.fixtures.values()]
    hits = 0
    for configuration, gap in zip(q, ours, strict=True):
        kitchen.robot.place_at_rest(configuration, base)
        kitchen.bullet.performCollisionDetection()
        points = [p for f in furniture for p in kitchen.bullet.getContactPoints(kitchen.robot.body, f)]
        if any(point[8] < -0.002 for point in points):
            hits += 1
            assert gap < 0.005
    assert hits > 20
    kitchen.close()
