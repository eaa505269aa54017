"""A policy from a file: what it is asked, what it answers, and what is no policy file."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from robots import Observation
from skills.policies import ActionChunk, Frame, PolicyFailure
from skills.policies.features import STATE_NAMES, start_frame, state_vector
from skills.policies.onnx_policy import OnnxPolicy, PolicyFileError
from tests.fakes.ideal_robot import IdealRobot
from tests.fakes.pictures import grey, seen_with
from tests.fakes.policy_file import write_policy


def _seen(shade: int = 255, size: int = 96) -> Observation:
    return seen_with(3.0, wrist=grey(shade, size))


def test_a_chunk_comes_in_our_units_with_number_and_time(tmp_path: Path) -> None:
    policy = OnnxPolicy(write_policy(tmp_path / "a.onnx", skills=("pick",)))
    policy.reset(_seen())
    first, second = policy.act(_seen(), "pick up the apple"), policy.act(_seen(shade=0), "pick up the apple")
    assert isinstance(first, ActionChunk)
    assert isinstance(second, ActionChunk)
    assert (first.sequence, second.sequence) == (0, 1)
    assert first.observed_at_s == 3.0
    assert first.frame is Frame.TOOL
    assert first.motion == pytest.approx(np.tile([0, 0, -0.01, 0, 0, 0], (8, 1)), abs=1e-7)
    assert first.gripper_width == pytest.approx(np.full(8, 0.08))  # asked for 0.2: no gripper opens so far
    assert first.problem(max_width=0.08) is None
    assert first.success == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert second.success == pytest.approx(1 / (1 + np.exp(1.0)))


def test_pictures_that_do_not_fit_are_a_reason(tmp_path: Path) -> None:
    policy = OnnxPolicy(write_policy(tmp_path / "a.onnx", skills=("pick",)))
    for seen, told in ((_seen(size=64), "not (64, 64, 3)"), (replace(_seen(), frames={}), "pictures: none")):
        policy.reset(seen)
        answer = policy.act(seen, "pick up the apple")
        assert isinstance(answer, PolicyFailure)
        assert told in answer.reason


def test_what_is_no_policy_file_is_one_sentence(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.onnx"
    garbage.write_bytes(b"not a model")
    for file, told in (
        (tmp_path / "none.onnx", "does not exist"),
        (garbage, "cannot be opened"),
        (
            write_policy(tmp_path / "b.onnx", skills=("pick",), card='{"skills": ["pick"]}'),
            "metadata cameras",
        ),
        (write_policy(tmp_path / "c.onnx", skills=("pick",), card="no json"), "metadata"),
    ):
        with pytest.raises(PolicyFileError, match=told):
            OnnxPolicy(file)


def test_the_state_is_told_from_where_the_robot_began() -> None:
    here = IdealRobot(base=(1.0, 2.0, 0.7)).observe()
    there = IdealRobot(base=(-3.0, 0.5, -2.0)).observe()
    a, b = state_vector(here, start_frame(here)), state_vector(there, start_frame(there))
    assert a == pytest.approx(b, abs=1e-9)
    assert len(a) == len(STATE_NAMES)
    drawn_back = IdealRobot(base=(1.0 - np.cos(0.7), 2.0 - np.sin(0.7), 0.7)).observe()
    moved = state_vector(drawn_back, start_frame(here))
    assert dict(zip(STATE_NAMES, moved - a, strict=True))["base_x"] == pytest.approx(-1.0)
    assert dict(zip(STATE_NAMES, moved - a, strict=True))["tool_x"] == pytest.approx(-1.0)


def test_running_a_policy_never_imports_torch(tmp_path: Path) -> None:
    file = write_policy(tmp_path / "a.onnx", skills=("pick",))
    code = (
        "import sys; from pathlib import Path; from skills.policies.onnx_policy import OnnxPolicy; "
        f"import skills.policies.policy_skill; OnnxPolicy(Path({str(file)!r})); "
        "assert 'torch' not in sys.modules and 'onnx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
