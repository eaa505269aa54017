"""Room tests: the models of wiping and pouring, without physics."""

from __future__ import annotations

import math

import numpy as np
import pytest

from robots.pybullet.processes import WipeGrid, is_pouring, item_opening, receiver_below
from robots.transforms import pose

SPONGE = (0.11, 0.065, 0.04)
MUG = (0.076, 0.076, 0.095)
BOTTLE = (0.062, 0.062, 0.2)


def test_wiping_covers_the_area_of_the_face() -> None:
    grid = WipeGrid((0.40, 0.40, 0.02))
    grid.touch(pose(0, 0, 0.02), SPONGE)
    area = SPONGE[0] * SPONGE[1] / 0.16
    assert grid.fraction == pytest.approx(area, rel=0.35)
    before = grid.fraction
    grid.touch(pose(0, 0, 0.02), SPONGE)
    assert grid.fraction == before
    grid.touch(pose(0.15, 0, 0.02, yaw=math.pi / 2), SPONGE)
    assert grid.fraction > before


def test_wiping_outside_the_patch_counts_nothing() -> None:
    grid = WipeGrid((0.16, 0.40, 0.02))
    grid.touch(pose(0.5, 0, 0.02), SPONGE)
    assert grid.fraction == 0.0


@pytest.mark.parametrize(("tilt_deg", "pours"), [(0, False), (74, False), (76, True), (180, True)])
def test_pouring_starts_beyond_75_degrees(tilt_deg: float, pours: bool) -> None:
    assert is_pouring(pose(0, 0, 1, pitch=math.radians(tilt_deg))) is pours


def test_the_vessel_straight_below_the_mouth_receives() -> None:
    openings = {
        "mug_1": item_opening("mug_1", pose(0.1, 0, 0.8), MUG),
        "mug_2": item_opening("mug_2", pose(0.4, 0, 0.8), MUG),
    }
    known = {name: opening for name, opening in openings.items() if opening is not None}
    assert len(known) == 2
    tilted = pose(0.0, 0, 1.0, pitch=math.pi / 2)
    assert receiver_below(tilted, BOTTLE, known) == "mug_1"
    assert receiver_below(pose(0.3, 0, 1.0, pitch=math.pi / 2), BOTTLE, known) == "mug_2"
    assert receiver_below(pose(1.0, 0, 1.0, pitch=math.pi / 2), BOTTLE, known) is None
    assert receiver_below(pose(0.0, 0, 0.5, pitch=math.pi / 2), BOTTLE, known) is None


def test_a_fallen_mug_receives_nothing() -> None:
    assert item_opening("mug_1", pose(0, 0, 0, pitch=1.2), MUG) is None
    upright = item_opening("mug_1", pose(0, 0, 0.8, yaw=0.7), MUG)
    assert upright is not None
    np.testing.assert_allclose(upright.T_world_opening[2, 3], 0.8 + MUG[2] / 2)
