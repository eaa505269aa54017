"""The base never turns the long way round, however many turns it has made before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from grounding import Scene
from skills import SkillContext
from skills.motion.body import Body
from tests.fakes.ideal_robot import IdealRobot, make_scene


def _body(yaw: float) -> tuple[Body, IdealRobot]:
    robot = IdealRobot((0.3, -0.2, yaw))

    def perceive() -> Scene:
        return make_scene(robot, [])

    return Body(SkillContext(robot=robot, perceive=perceive, rng=np.random.default_rng(0))), robot


@given(turns=st.integers(-2, 2), yaw=st.floats(-3.1, 3.1), change=st.floats(-1.2, 1.2))
@hypothesis_settings(max_examples=15, deadline=None)
def test_a_drive_turns_the_short_way(turns: int, yaw: float, change: float) -> None:
    body, robot = _body(yaw + turns * 2 * np.pi)
    assert body.move_base(np.array([0.4, -0.2, yaw + change])) is None
    turned = float(robot.observe().base[2]) - (yaw + turns * 2 * np.pi)
    assert turned == pytest.approx(change, abs=1e-3)
