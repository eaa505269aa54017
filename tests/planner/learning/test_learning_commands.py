"""`collect`, `train` and `bench-skill` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from skills.datasets import read_dataset
from skills.policies.features import ACTION_NAMES, STATE_NAMES


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output + (result.stderr or "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["collect", "juggle", "--out", "x"],
            "nobody teaches 'juggle'; skills: pick, place, open, close, push",
        ),
        (["train", "nowhere", "--out", "x.onnx", "--head", "magic"], "heads: chunk, tokens, flow"),
        (["bench-skill", "juggle"], "there is no skill 'juggle'"),
        (["bench-skill", "pick", "--axis", "mars"], "there is no axis 'mars'; axes: plain"),
        (["bench-skill", "pick", "--policy", "onnx:none.onnx"], "policy file none.onnx does not exist"),
        (["run", "bring me an apple", "--skill", "pick=magic"], "'magic' names no implementation"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments: list[str], told: str) -> None:
    code, output = _run(*arguments)
    assert code == 2
    assert told in " ".join(output.split())


@pytest.mark.sim
def test_what_is_collected_is_a_data_set_and_never_written_over(tmp_path: Path) -> None:
    folder = str(tmp_path / "open_2")
    code, output = _run("collect", "open", "--out", folder, "--episodes", "2")
    assert code == 0, output
    spec, episodes = read_dataset(tmp_path / "open_2")
    shown = list(episodes)
    assert len(shown) == 2
    assert (spec.state, spec.action, spec.skill) == (STATE_NAMES, ACTION_NAMES, "open")
    for episode in shown:
        assert "drawer" in episode.task
        chunks = episode.extras["chunk"].reshape(len(episode.state), -1, len(ACTION_NAMES))
        assert chunks[:, 0] == pytest.approx(episode.action)
    assert _run("collect", "open", "--out", folder, "--episodes", "2")[0] == 2


@pytest.mark.sim
def test_an_axis_is_measured_and_written(tmp_path: Path) -> None:
    file = tmp_path / "open.json"
    code, output = _run("bench-skill", "open", "--n", "2", "--axis", "plain", "--json", str(file))
    assert code == 0, output
    told = json.loads(file.read_text())
    trials = told["axes"]["plain"]
    assert trials
    assert all(trial["succeeded"] for trial in trials), trials
    assert "plain" in output
