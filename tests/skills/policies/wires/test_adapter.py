"""How a server's names and units map to ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from skills import household_library
from skills.policies import ActionKind
from skills.policies.features import start_frame
from skills.policies.uri import SkillChoiceError, read_choices, with_implementations
from skills.policies.wires.adapter import Adapter, CameraKey, adapter_named
from skills.policies.wires.remote_policy import shaped
from tests.fakes.ideal_robot import IdealRobot

FILE = """
[skills]
pick = ["openpi://127.0.0.1:8000#mine", "primitive"]
open = "openpi://127.0.0.1:8000"

[adapters.mine]
cameras.wrist = {key = "observation/wrist_image", size = [224, 224]}
state = ["joint_position", "gripper_closed"]
kind = "tool_delta"
frame = "start"
scale = [0.05, 0.05, 0.05, 0.5, 0.5, 0.5]
gripper = "closed_positive"
"""


def test_a_file_says_server_and_adapter(tmp_path: Path) -> None:
    file = tmp_path / "skills.toml"
    file.write_text(FILE)
    library = with_implementations(household_library(), read_choices([], file))
    assert [i.name for i in library["pick"].implementations] == ["ws://127.0.0.1:8000", "primitive"]
    adapter = adapter_named(f"{file}:mine")
    assert adapter.columns == 7
    seen = IdealRobot().observe()
    state = adapter.state_of(seen, start_frame(seen))
    assert state == pytest.approx([*seen.q_arm, 0.0])
    assert adapter.widths_of(np.array([-1.0, 0.0, 1.0, 3.0])) == pytest.approx([0.08, 0.04, 0.0, 0.0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('gripper = "closed_positive"', 'gripper = "loose"'), "gripper"),
        (("[0.05, 0.05, 0.05, 0.5, 0.5, 0.5]", "[0.05, 0.05]"), "scale needs 1 or 6 values"),
        (("[adapters.mine]", "[adapters.other]"), "has no adapter 'mine'; adapters: other"),
        (("127.0.0.1:8000#mine", "127.0.0.1#mine"), "is not openpi://HOST:PORT"),
        (("127.0.0.1:8000#mine", "127.0.0.1:99999#mine"), "ort"),
    ],
)
def test_a_bad_adapter_is_one_sentence(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = tmp_path / "skills.toml"
    file.write_text(FILE.replace(*change))
    with pytest.raises(SkillChoiceError, match="openpi") as caught:
        with_implementations(household_library(), read_choices([], file))
    assert told in str(caught.value)


def test_joint_actions_have_seven_columns_and_a_gripper() -> None:
    camera = {"wrist": CameraKey(key="w")}
    assert Adapter(cameras=camera, kind=ActionKind.JOINT_POSITION).columns == 8
    with pytest.raises(ValidationError):
        Adapter(cameras=camera, kind=ActionKind.JOINT_POSITION, scale=(1.0,) * 6)


def test_pictures_are_fitted_and_the_rest_is_black() -> None:
    rgb = np.full((96, 48, 3), 200, dtype=np.uint8)
    picture = shaped(rgb, CameraKey(key="x", size=(224, 224)))
    assert picture.shape == (224, 224, 3)
    assert (picture[:, 56:168] == 200).all()
    assert (picture[:, :56] == 0).all()
    assert (picture[:, 168:] == 0).all()
    assert shaped(rgb, CameraKey(key="x", layout="chw")).shape == (3, 96, 48)
