"""Which implementation a user means."""

from __future__ import annotations

from pathlib import Path

import pytest

from skills import household_library
from skills.policies.uri import SkillChoiceError, absolute, read_choices, with_implementations
from tests.fakes.policy_file import write_policy


def test_a_policy_first_and_the_primitive_after_it(tmp_path: Path) -> None:
    file = write_policy(tmp_path / "mine.onnx", skills=("pick",))
    library = with_implementations(household_library(), {"pick": (f"onnx:{file}", "primitive")})
    assert [i.name for i in library["pick"].implementations] == ["onnx:mine", "primitive"]
    assert library["pick"].contract is household_library()["pick"].contract
    assert [i.name for i in library["place"].implementations] == ["primitive"]


def test_a_file_names_paths_beside_itself_and_the_command_line_wins(tmp_path: Path) -> None:
    write_policy(tmp_path / "mine.onnx", skills=("pick",))
    file = tmp_path / "skills.toml"
    file.write_text('[skills]\npick = ["onnx:mine.onnx", "primitive"]\nopen = "primitive"\n')
    choices = read_choices(["open=primitive"], file)
    assert choices == {"pick": (f"onnx:{tmp_path / 'mine.onnx'}", "primitive"), "open": ("primitive",)}
    with_implementations(household_library(), choices)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["grasp=primitive"], "there is no skill 'grasp'; skills: go_to"),
        (["pick=magic"], "'magic' names no implementation; give primitive or onnx:PATH"),
        (["pick=onnx:"], "names no implementation"),
        (["pick=onnx:nowhere.onnx"], "policy file nowhere.onnx does not exist"),
        (["pick"], "'pick' is not SKILL=URI"),
    ],
)
def test_a_bad_choice_is_one_sentence(texts: list[str], told: str) -> None:
    with pytest.raises(SkillChoiceError, match=None) as caught:
        with_implementations(household_library(), read_choices(texts))
    assert told in str(caught.value)


def test_a_policy_of_another_skill_is_refused(tmp_path: Path) -> None:
    file = write_policy(tmp_path / "mine.onnx", skills=("pick",))
    with pytest.raises(SkillChoiceError, match="was trained for pick, not for place"):
        with_implementations(household_library(), {"place": (f"onnx:{file}",)})


@pytest.mark.parametrize(
    "text",
    [
        "[skills]\npick = 3\n",
        "pick = 'primitive'\n",
        "[skills\n",
        "[skills]\n[other]\n",
        "[skills]\npick = [1]\n",
    ],
)
def test_a_bad_skill_file_is_one_sentence_with_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "skills.toml"
    file.write_text(text)
    with pytest.raises(SkillChoiceError, match="skills.toml"):
        read_choices([], file)
    with pytest.raises(SkillChoiceError, match="cannot be read"):
        read_choices([], tmp_path / "none.toml")


def test_a_choice_means_the_same_from_any_folder(tmp_path: Path) -> None:
    assert absolute("primitive", tmp_path) == "primitive"
    assert absolute("onnx:a/b.onnx", tmp_path) == f"onnx:{tmp_path}/a/b.onnx"
    assert absolute("openpi://h:1", tmp_path) == "openpi://h:1"
    assert absolute("openpi://h:1#saycando", tmp_path) == "openpi://h:1#saycando"
    assert absolute("openpi://h:1#a.toml:mine", tmp_path) == f"openpi://h:1#{tmp_path}/a.toml:mine"
