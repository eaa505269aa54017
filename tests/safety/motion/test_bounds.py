"""Speeds and distances: the published example figures, and a brake that is simulated tick by tick."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robots.panda import PANDA_ARM_LIMITS, PANDA_LIMITS
from safety.motion import (
    braking_bound,
    distance_scale,
    protective_distance,
    separation_scale,
    separation_speed,
)

DT = PANDA_LIMITS.tick_s


@pytest.mark.parametrize(
    ("reaction_s", "slow", "fast"),
    [(0.1, 0.81, 1.00), (0.2, 0.99, 1.25), (0.5, 1.55, 2.04), (2.0, 4.32, 5.93)],
)
def test_the_protective_distance_is_that_of_the_worked_examples(
    reaction_s: float, slow: float, fast: float
) -> None:
    assert protective_distance(0.25, reaction_s, 0.3) == pytest.approx(slow, abs=0.006)
    assert protective_distance(1.0, reaction_s, 0.3) == pytest.approx(fast, abs=0.006)


@pytest.mark.parametrize(("distance", "speed"), [(0.745, 0.0), (0.8, 0.22), (1.0, 1.02), (0.3, 0.0)])
def test_the_allowed_speed_is_that_of_the_worked_examples(distance: float, speed: float) -> None:
    assert separation_speed(distance, 0.1, 0.3) == pytest.approx(speed, abs=0.005)


@given(st.floats(0.8, 6.0), st.floats(0.01, 1.0), st.floats(0.05, 0.8))
def test_speed_and_distance_are_each_others_inverse(
    distance: float, reaction_s: float, stopping_s: float
) -> None:
    speed = separation_speed(distance, reaction_s, stopping_s)
    if speed > 0.0:
        assert protective_distance(speed, reaction_s, stopping_s) == pytest.approx(distance)


@given(st.floats(0.0, 6.0), st.floats(0.001, 2.0), st.floats(0.02, 1.0))
def test_the_slowed_motion_keeps_its_distance(distance: float, speed: float, stopping_s: float) -> None:
    share = separation_scale(distance, speed, 0.1, stopping_s)
    assert 0.0 <= share <= 1.0
    if share > 0.0:
        assert protective_distance(share * speed, 0.1, share * stopping_s) <= distance + 1e-9
    if 0.0 < share < 1.0:
        more = min(1.0, share * 1.01)
        assert protective_distance(more * speed, 0.1, more * stopping_s) > distance - 1e-9


@given(st.integers(0, 6), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_joint_at_the_bound_stops_before_its_limit(joint: int, room: float, eagerness: float) -> None:
    """Even when it is still accelerating as the order to brake comes, or the order comes a tick late."""
    a, j = PANDA_ARM_LIMITS.acceleration[joint : joint + 1], PANDA_ARM_LIMITS.jerk[joint : joint + 1]
    speed = float(braking_bound(np.array([room]), a, j, DT)[0])
    position, acceleration, step = 0.0, float(a[0]) * eagerness, 1e-4
    elapsed = 0.0
    while speed > 0.0:
        is_late = eagerness == 0.0 and elapsed < DT
        wanted = 0.0 if is_late else -float(a[0])
        most = float(j[0]) * step
        acceleration += min(max(wanted - acceleration, -most), most)
        speed += acceleration * step
        position += max(speed, 0.0) * step
        elapsed += step
    assert position <= room + 1e-3, "the margin that the filter keeps besides"


def test_speed_falls_exponentially_to_nothing_at_contact() -> None:
    assert distance_scale(0.02, 0.02) == 1.0 and distance_scale(0.5, 0.02) == 1.0
    assert distance_scale(1e-12, 0.02) == pytest.approx(0.001)
    assert (
        distance_scale(0.0, 0.02) == distance_scale(-0.1, 0.02) == distance_scale(float("nan"), 0.02) == 0.0
    )
