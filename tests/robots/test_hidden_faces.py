"""Room tests: only boxes whose top nobody can see are drawn without it."""

from __future__ import annotations

import numpy as np
import pytest

from robots.pybullet import fixture_body, open_kitchen
from robots.pybullet.furniture import WOOD, counter, open_bin, slab
from robots.pybullet.hidden_faces import covered_boxes
from robots.setup import SceneSetup


def test_the_body_under_a_worktop_is_covered() -> None:
    assert covered_boxes(counter("counter", (0.0, 0.0, 0.0)).solids) == {1}


def test_nothing_of_an_open_bin_is_covered() -> None:
    assert covered_boxes(open_bin("bin", (0.0, 0.0, 0.0)).solids) == frozenset()


@pytest.mark.parametrize(("width", "height"), [(0.9, 0.5), (1.0, 0.51)])
def test_a_narrow_or_floating_top_covers_nothing(width: float, height: float) -> None:
    below = slab((0.0, 1.0), (0.0, 1.0), (0.0, 0.5), WOOD)
    above = slab((0.0, width), (0.0, 1.0), (height, 0.6), WOOD)
    assert covered_boxes((below, above)) == frozenset()


@pytest.mark.sim
def test_pictures_are_the_same_without_hidden_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = []
    for is_whole in (False, True):
        if is_whole:
            monkeypatch.setattr(fixture_body, "covered_boxes", lambda solids: frozenset())
        kitchen = open_kitchen(SceneSetup(items={}, robot_at="close_counter"), seed=0)
        pictures.append(kitchen.robot.observe(cameras=kitchen.robot.camera_names).frames)
        kitchen.close()
    for name, frame in pictures[0].items():
        assert np.abs(frame.depth - pictures[1][name].depth).max() < 1e-4
        assert np.mean(frame.rgb != pictures[1][name].rgb) < 0.01
