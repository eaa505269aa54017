"""Hand, base and handle move as one rigid body; tool poses point where they should."""

from __future__ import annotations

import numpy as np
import pytest

from robots import Articulation
from robots.transforms import inverse, pose
from skills.motion.articulation import base_along_joint, handle_bases, joint_motion, moved_base, tool_on_bar
from skills.motion.held import face_down, lowest_face, squared

DRAWER = Articulation(
    kind="prismatic",
    T_world_joint=pose(0.0, -1.5, 0.5, yaw=np.pi / 2),
    position=0.0,
    upper=0.28,
    T_world_handle=pose(0.0, -1.42, 0.55, yaw=np.pi / 2, roll=np.pi / 2),
    handle_length=0.16,
    handle_radius=0.009,
)
DOOR = Articulation(
    kind="revolute",
    T_world_joint=pose(-2.4, 1.5, 0.6, roll=np.pi),
    position=0.0,
    upper=2.0,
    T_world_handle=pose(-1.9, 1.4, 0.95, yaw=-np.pi / 2),
    handle_length=0.2,
    handle_radius=0.009,
)


@pytest.mark.parametrize(("articulation", "delta"), [(DRAWER, 0.27), (DOOR, 1.7), (DOOR, -0.4)])
def test_the_base_keeps_its_place_relative_to_the_handle(articulation: Articulation, delta: float) -> None:
    base = handle_bases(articulation)[7]
    T_base_handle = inverse(pose(*base[:2], 0.0, yaw=base[2])) @ articulation.T_world_handle
    for k, moved in enumerate(base_along_joint(articulation, base, delta), start=1):
        count = len(base_along_joint(articulation, base, delta))
        T_world_handle = joint_motion(articulation, delta * k / count) @ articulation.T_world_handle
        T_now = inverse(pose(*moved[:2], 0.0, yaw=moved[2])) @ T_world_handle
        assert np.allclose(T_now, T_base_handle, atol=1e-9)


def test_moving_there_and_back_returns_the_base() -> None:
    base = np.array([-1.9, 0.8, 1.6])
    there = moved_base(joint_motion(DOOR, 1.2), base)
    assert np.allclose(moved_base(joint_motion(DOOR, -1.2), there), base)


@pytest.mark.parametrize("articulation", [DRAWER, DOOR])
@pytest.mark.parametrize("pitch", [0.0, 0.4, 0.8])
def test_the_fingers_close_across_the_bar(articulation: Articulation, pitch: float) -> None:
    T = tool_on_bar(articulation.T_world_handle, pitch=pitch)
    out, bar = articulation.T_world_handle[:3, 0], articulation.T_world_handle[:3, 2]
    assert np.isclose(np.linalg.det(T[:3, :3]), 1.0)
    assert abs(T[:3, 1] @ bar) < 1e-9
    assert np.isclose(T[:3, 2] @ out, -np.cos(pitch))


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_chosen_face_looks_down(axis: int, sign: float) -> None:
    normal = np.zeros(3)
    normal[axis] = sign
    T = face_down(axis, sign)
    assert np.allclose(T[:3, :3] @ normal, [0.0, 0.0, -1.0])
    assert np.isclose(np.linalg.det(T[:3, :3]), 1.0)


def test_a_turned_item_is_squared_with_the_least_turn() -> None:
    flush = pose(0.01, 0.0, 0.02, pitch=0.5)
    turned = flush @ pose(0.0, 0.0, 0.0, yaw=0.12)
    fixed = squared(turned)
    assert np.allclose(np.abs(fixed[1, :3]).max(), 1.0)
    assert np.allclose(fixed[:3, 3], flush[:3, 3])
    assert lowest_face(pose(0.0, 0.0, 0.0, roll=np.pi)) == (2, -1.0)
