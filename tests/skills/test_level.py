"""A full vessel counts as in collision where it would spill."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from robots.mobile_base import ARM_HOME
from robots.panda_kinematics import tool_pose
from robots.transforms import pose
from skills.motion.level import LARGEST_TILT_RAD, LevelArmCollision, upright_axis
from tests.fakes.ideal_robot import make_item

BASE = np.zeros(3)


def _rolled(angle: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the carrying configuration with the wrist pitched, so that the hand tilts by `angle`."""
    q = np.array(ARM_HOME)
    q[5] += angle
    return q


def test_only_a_filled_item_has_something_to_keep_level() -> None:
    item = make_item("mug_1", at=(0.4, 0.0, 1.0)).item
    assert upright_axis(item, np.eye(4)) is None
    up = upright_axis(replace(item, filled_fraction=0.5), pose(0.4, 0.0, 1.0, roll=np.pi))
    assert up is not None
    assert np.allclose(up, [0.0, 0.0, -1.0])


def test_tilt_is_free_just_inside_the_limit_and_not_just_outside() -> None:
    up = tool_pose(ARM_HOME)[:3, :3].T @ np.array([0.0, 0.0, 1.0])
    arm = LevelArmCollision((), BASE, up=up, gripper_width=0.04)
    inside, outside = _rolled(LARGEST_TILT_RAD - 0.01), _rolled(LARGEST_TILT_RAD + 0.01)
    gaps = arm.clearance(np.stack([np.array(ARM_HOME), inside, outside]))
    assert gaps[0] > gaps[1] > 0.0 > gaps[2]
