"""What a chunk must be before anybody thinks of executing it."""

from __future__ import annotations

import numpy as np
import pytest

from skills.policies import ActionKind, Frame
from tests.fakes.policies import still_chunk


def test_a_chunk_in_order_has_no_problem() -> None:
    assert still_chunk().problem(max_width=0.08) is None
    assert still_chunk(base=np.zeros((5, 3))).problem(max_width=0.08) is None
    assert (
        still_chunk(kind=ActionKind.JOINT_POSITION, motion=np.zeros((5, 7))).problem(max_width=0.08) is None
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"motion": np.zeros((5, 7))}, "motion has shape (5, 7)"),
        ({"motion": np.zeros((0, 6)), "gripper_width": np.zeros(0)}, "horizon > 0"),
        ({"motion": np.full((5, 6), np.nan)}, "no finite numbers"),
        ({"gripper_width": np.zeros(4)}, "gripper_width has shape (4,)"),
        ({"gripper_width": np.full(5, np.inf)}, "no finite numbers"),
        ({"gripper_width": np.full(5, 0.0801)}, "expected 0 to 0.08 m"),
        ({"gripper_width": np.full(5, -0.001)}, "expected 0 to 0.08 m"),
        ({"base": np.zeros((5, 2))}, "base has shape (5, 2)"),
        ({"rate_hz": 0.0}, "rate_hz is 0.0"),
        ({"rate_hz": float("nan")}, "rate_hz is nan"),
        ({"kind": ActionKind.TOOL_POSE, "frame": Frame.TOOL}, "tool's own frame"),
    ],
)
def test_whatever_is_wrong_is_named(changes: dict[str, object], told: str) -> None:
    problem = still_chunk(**changes).problem(max_width=0.08)
    assert problem is not None
    assert told in problem


def test_the_horizon_is_counted_in_seconds() -> None:
    assert still_chunk().horizon == 5
    assert still_chunk(rate_hz=20.0).horizon_s == pytest.approx(0.25)
