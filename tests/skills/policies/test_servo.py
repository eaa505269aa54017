"""Steps of a policy as joint targets: smooth, within the limits, and where they were meant to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from robots.transforms import from_rotation_vector, pose, rotation_vector
from skills.motion.whole_body import body_limits, limit_excess
from skills.policies import ActionKind, Frame
from skills.policies.servo import Servo, Unreachable, moved
from tests.fakes.policies import still_chunk

LIMITS = body_limits(PANDA_LIMITS)
TICK_S = PANDA_LIMITS.tick_s


def _servo(yaw: float = 0.0) -> Servo:
    start = np.concatenate([ARM_HOME, [1.0, -2.0, yaw]])
    return Servo(start, LIMITS, tick_s=TICK_S, rate_hz=10.0)


@given(st.integers(0, 2**31 - 1), st.floats(0.0, 3.0))
@settings(max_examples=40, deadline=None)
def test_whatever_a_policy_asks_for_the_targets_stay_within_every_limit(seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    servo, parts = _servo(), []
    for _ in range(12):
        chunk = still_chunk(
            kind=ActionKind.JOINT_DELTA,
            motion=rng.normal(size=(5, 7)) * size,
            base=rng.normal(size=(5, 3)) * size,
        )
        part = servo.advance(chunk, 0)
        assert not isinstance(part, Unreachable)
        parts.append(part)
    parts.append(servo.come_to_rest())
    q = np.vstack(parts)
    assert limit_excess(q, LIMITS, TICK_S) <= 1.0
    assert ((q >= LIMITS.lower) & (q <= LIMITS.upper)).all()


def test_a_step_that_asks_too_much_is_counted_as_shortened() -> None:
    servo = _servo()
    servo.advance(still_chunk(), 0)
    assert servo.shortened == 0
    servo.advance(still_chunk(kind=ActionKind.JOINT_DELTA, motion=np.full((5, 7), 0.5)), 0)
    assert servo.shortened == 1


@pytest.mark.parametrize("yaw", [0.0, 2.0])
def test_the_tool_comes_to_where_the_steps_lead_in_the_start_frame(yaw: float) -> None:
    servo = _servo(yaw)
    before = servo.T_start_tool
    chunk = still_chunk(motion=np.tile([0.01, -0.005, -0.01, 0.0, 0.0, 0.05], (5, 1)))
    for step in range(5):
        servo.advance(chunk, step)
    end = servo.come_to_rest()[-1]
    after = servo.T_start_tool
    assert after[:3, 3] - before[:3, 3] == pytest.approx([0.05, -0.025, -0.05], abs=2e-3)
    assert rotation_vector(after @ np.linalg.inv(before)) == pytest.approx([0.0, 0.0, 0.25], abs=0.02)
    assert end == pytest.approx(servo.last)


def test_the_base_moves_in_the_start_frame_and_the_tool_is_told_apart() -> None:
    servo = _servo(yaw=np.pi / 2)
    before = servo.T_start_tool
    chunk = still_chunk(
        motion=np.tile([-0.01, 0, 0, 0, 0, 0], (5, 1)).astype(float), base=np.tile([-0.01, 0.0, 0.0], (5, 1))
    )
    for step in range(5):
        servo.advance(chunk, step)
    assert servo.last[7:9] == pytest.approx([1.0, -2.05], abs=1e-6)
    assert servo.T_start_tool[:3, 3] - before[:3, 3] == pytest.approx([-0.05, 0.0, 0.0], abs=2e-3)
    assert servo.last[:7] == pytest.approx(ARM_HOME, abs=0.02)


def test_a_place_out_of_reach_is_a_value_and_moves_nothing() -> None:
    servo = _servo()
    before = np.array(servo.last)
    found = servo.advance(still_chunk(kind=ActionKind.TOOL_POSE, motion=np.full((5, 6), 3.0)), 0)
    assert isinstance(found, Unreachable)
    assert "no inverse kinematics" in found.reason
    assert servo.last == pytest.approx(before)


@given(
    st.lists(st.floats(-0.3, 0.3), min_size=6, max_size=6), st.lists(st.floats(-2, 2), min_size=3, max_size=3)
)
def test_tool_frame_and_start_frame_tell_the_same_motion(motion: list[float], turn: list[float]) -> None:
    T = pose(0.4, 0.1, 0.9) @ from_rotation_vector(np.array(turn))
    R = T[:3, :3]
    told_in_start = np.concatenate([R @ motion[:3], R @ motion[3:]])
    by_tool = moved(T, np.array(motion), ActionKind.TOOL_DELTA, Frame.TOOL)
    by_start = moved(T, told_in_start, ActionKind.TOOL_DELTA, Frame.START)
    assert by_tool == pytest.approx(by_start, abs=1e-9)
