"""Room tests: laws of homogeneous transforms."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from robots.transforms import from_quaternion, inverse, pose, rotation_vector, to_quaternion

angles = st.floats(-math.pi, math.pi)
lengths = st.floats(-5.0, 5.0)


@given(lengths, lengths, lengths, angles, angles, angles)
def test_quaternion_round_trip_and_inverse(
    x: float, y: float, z: float, roll: float, pitch: float, yaw: float
) -> None:
    T = pose(x, y, z, roll=roll, pitch=pitch, yaw=yaw)
    np.testing.assert_allclose(from_quaternion((x, y, z), to_quaternion(T)), T, atol=1e-9)
    np.testing.assert_allclose(T @ inverse(T), np.eye(4), atol=1e-9)


@given(st.floats(0.0, math.pi))
def test_rotation_vector_is_axis_times_angle(angle: float) -> None:
    np.testing.assert_allclose(rotation_vector(pose(0, 0, 0, yaw=angle)), [0, 0, angle], atol=1e-7)
    np.testing.assert_allclose(rotation_vector(pose(0, 0, 0, roll=-angle))[1:], [0, 0], atol=1e-7)


def test_roll_pitch_yaw_turn_about_fixed_axes_in_that_order() -> None:
    T = pose(0, 0, 0, roll=0.3, pitch=0.4, yaw=0.5)
    wanted = pose(0, 0, 0, yaw=0.5) @ pose(0, 0, 0, pitch=0.4) @ pose(0, 0, 0, roll=0.3)
    np.testing.assert_allclose(T, wanted, atol=1e-12)
