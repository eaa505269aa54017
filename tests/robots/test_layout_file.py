"""Room tests: a home from a YAML file, and what is said about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from robots.pybullet import LayoutError, load_layout, open_kitchen
from robots.setup import SceneSetup

GOOD = """
name: studio
fixtures:
- {type: counter, name: bar, at: [0.5, 1.5, 90], width: 1.6}
- {type: drawer, name: cutlery, at: [-0.8, 1.5, 90], floor: 0.43}
- {type: microwave, name: oven, at: [-2.0, 1.5, 90], hinge: left}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "home.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.sim
def test_a_home_from_a_file_can_be_lived_in(tmp_path: Path) -> None:
    layout = load_layout(written(tmp_path, GOOD))
    assert [spec.name for spec in layout.fixtures] == ["bar", "cutlery", "oven"]
    setup = SceneSetup(items={"apple_1": "bar", "fork_1": "cutlery"}, robot_at="bar")
    kitchen = open_kitchen(setup, seed=0, layout=layout)
    assert {("apple_1", "bar"), ("fork_1", "cutlery")} <= kitchen.state().contacts
    kitchen.close()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fixtures: [", "is not YAML"),
        ("fixtures: []", "needs a list 'fixtures'"),
        ("fixtures: [{type: sofa, name: s, at: [0, 0, 0]}]", "fixture 1 has type 'sofa'; valid types: bin,"),
        ("fixtures: [{type: table, name: t, at: [0, 0]}]", "needs at: [x, y, heading in degrees]"),
        ("fixtures: [{type: table, name: t, at: [0, .nan, 0]}]", "needs at: [x, y, heading in degrees]"),
        (
            "fixtures: [{type: table, name: t, at: [0, 0, 0], legs: 3}]",
            "unknown key 'legs'; valid keys: width",
        ),
        ("fixtures: [{type: table, name: t, at: [0, 0, 0], width: wide}]", "width must be a number"),
        ("fixtures: [{type: drawer, name: d, at: [0, 0, 0]}]", "floor"),
        ("fixtures: [{type: fridge, name: f, at: [0, 0, 0], hinge: top}]", "hinge must be left or right"),
        ("fixtures: [{type: table, name: a b, at: [0, 0, 0]}]", "needs a name of letters"),
        (
            "fixtures: [{type: table, name: t, at: [0, 0, 0]}, {type: bin, name: t, at: [2, 0, 0]}]",
            "'t' more than once",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(LayoutError) as caught:
        load_layout(written(tmp_path, text))
    assert sentence in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="cannot be read"):
        load_layout(tmp_path / "nowhere.yaml")
