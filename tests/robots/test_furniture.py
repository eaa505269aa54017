"""Room tests: laws that every piece of furniture of the shipped kitchen obeys."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from robots import Box, Solid
from robots.mobile_base import BASE_RADIUS
from robots.pybullet import saycan_kitchen
from robots.pybullet.cabinets import HANDLE_CLEARANCE
from robots.pybullet.fixture_body import joint_motion
from robots.pybullet.fixture_spec import FixtureSpec
from robots.transforms import inverse, pose

FIXTURES = {spec.name: spec for spec in saycan_kitchen().fixtures}


def corners(solid: Solid) -> np.ndarray:
    """Return the corners of a solid's bounding box in its owner's frame, shape (8, 3)."""
    shape = solid.shape
    if isinstance(shape, Box):
        size = shape.size
    else:
        height = getattr(shape, "height", 2 * shape.radius)
        size = (2 * shape.radius, 2 * shape.radius, height)
    signs = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))
    return np.asarray(signs * size @ solid.T_owner_solid[:3, :3].T + solid.T_owner_solid[:3, 3])


@pytest.mark.parametrize("spec", FIXTURES.values(), ids=list(FIXTURES))
def test_kinds_agree_with_what_it_can_do(spec: FixtureSpec) -> None:
    assert "place" in spec.kinds
    assert ("openable" in spec.kinds) == (spec.joint is not None)
    assert ("switchable" in spec.kinds) == (spec.button is not None)
    assert spec.kinds >= {"container"} or not spec.kinds & {"bin", "sink", "drawer", "fridge", "microwave"}
    assert ("surface" in spec.kinds) == (spec.wipe_patch is not None)


@pytest.mark.parametrize("spec", FIXTURES.values(), ids=list(FIXTURES))
def test_nothing_stands_in_the_region(spec: FixtureSpec) -> None:
    low = np.array(spec.region.bottom_centre) - [spec.region.size[0] / 2, spec.region.size[1] / 2, 0]
    high = low + spec.region.size
    for solid in spec.solids:
        points = corners(solid)
        overlap = np.minimum(high, points.max(axis=0)) - np.maximum(low, points.min(axis=0))
        assert overlap.min() < 1e-6, solid.part


@pytest.mark.parametrize("spec", [s for s in FIXTURES.values() if s.joint], ids=lambda s: s.name)
def test_a_positive_joint_position_opens_towards_the_robot(spec: FixtureSpec) -> None:
    joint = spec.joint
    assert joint is not None
    moved = joint_motion(joint, 0.25) @ joint.T_fixture_handle
    assert moved[0, 3] < joint.T_fixture_handle[0, 3] - 0.05
    np.testing.assert_allclose(joint.T_fixture_handle[:3, 0], [-1, 0, 0], atol=1e-9)


@pytest.mark.parametrize("spec", [s for s in FIXTURES.values() if s.joint], ids=lambda s: s.name)
def test_a_finger_fits_behind_the_handle(spec: FixtureSpec) -> None:
    joint = spec.joint
    assert joint is not None
    bar = joint.T_fixture_handle[:3, 3]
    leaf = max(
        (s for s in spec.solids if s.part == joint.part and isinstance(s.shape, Box)),
        key=lambda s: s.shape.size[1] * s.shape.size[2] if isinstance(s.shape, Box) else 0.0,
    )
    assert corners(leaf)[:, 0].min() - (bar[0] + joint.handle_radius) >= HANDLE_CLEARANCE - 1e-9


@pytest.mark.parametrize("spec", FIXTURES.values(), ids=list(FIXTURES))
def test_the_dock_is_free_of_low_furniture(spec: FixtureSpec) -> None:
    dock = pose(spec.at[0], spec.at[1], 0, yaw=spec.at[2]) @ pose(*spec.dock_xy, 0.0)
    half = np.array([0.25, 0.23])
    for other in FIXTURES.values():
        T_dock_other = inverse(dock) @ pose(other.at[0], other.at[1], 0, yaw=other.at[2])
        for solid in other.solids:
            points = corners(solid) @ T_dock_other[:3, :3].T + T_dock_other[:3, 3]
            if points[:, 2].min() > 0.45:
                continue
            overlap = np.minimum(half, points[:, :2].max(axis=0)) - np.maximum(
                -half, points[:, :2].min(axis=0)
            )
            assert overlap.min() < 0, f"{spec.name} docks inside {other.name}"
    assert abs(dock[0, 3]) + BASE_RADIUS < 3.2 and abs(dock[1, 3]) + BASE_RADIUS < 2.6
