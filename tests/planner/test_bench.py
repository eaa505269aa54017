"""The benchmark's file format, its sentences, and its statistics."""

from pathlib import Path

import pytest
from rich.console import Console

from planner.bench import TaskFileError, load_task_file
from planner.bench.check import check_task_file
from planner.bench.result import EpisodeResult
from planner.bench.statistics import Share
from planner.bench.table import show_results, write_json

GOOD = """
scene: saycan_kitchen
tasks:
- id: one
  family: f
  instruction: "bring me a fruit"
  robot: {at: operator, holding: null}
  objects: {apple_1: close_counter}
  goal: "(exists (?x - fruit) (with_operator ?x))"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tasks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def sentence(path: Path) -> str:
    with pytest.raises(TaskFileError) as caught:
        check_task_file(load_task_file(path))
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = load_task_file(write(tmp_path, GOOD))
    check_task_file(file)
    assert file.task("one").objects == {"apple_1": "close_counter"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "No such file" in sentence(tmp_path / "missing.yaml")


def test_malformed_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    assert "line 5" in sentence(
        write(tmp_path, "scene: saycan_kitchen\ntasks:\n- id: one\n  robot: {at: a\n")
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("saycan_kitchen", "moon_base", "scenes: saycan_kitchen"),
        ("with_operator", "with_operater", "with_operator"),
        ("?x - fruit", "?x - friut", "fruit"),
        ("apple_1: close_counter", "apple_1: close_conter", "close_counter"),
        ("apple_1: close", "aple_1: close", "apple"),
        ("at: operator", "at: moon", "operator"),
        ("family: f", "famly: f", "famly"),
        ("holding: null", "holding: apple_1", "held"),
        ("(exists (?x - fruit) (with_operator ?x))", "(exists (?x - fruit) (with_operator ?x)", "formula"),
    ],
)
def test_what_is_wrong_is_said_with_the_choices(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    text = sentence(write(tmp_path, GOOD.replace(old, new)))
    assert expected in text and ("moon_base" in text or "one" in text)


def test_an_unknown_task_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(TaskFileError, match="tasks: one"):
        load_task_file(write(tmp_path, GOOD)).task("two")


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(84, 101, 0.747, 0.892), (10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278)],
)
def test_wilson_intervals_agree_with_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert Share(successes=successes, trials=trials).interval == pytest.approx((low, high), abs=1e-3)


def test_results_are_shown_per_family_with_reasons(tmp_path: Path) -> None:
    def result(task: str, family: str, good: bool) -> EpisodeResult:
        return EpisodeResult(
            task=task,
            family=family,
            seed=0,
            strategy="plan-ahead",
            plan_success=True,
            execution_success=good,
            ending="stopped",
            reason="no inverse kinematics",
            wall_s=2.0,
        )

    results = [result("a", "f", True), result("b", "g", False)]
    console = Console(width=140, record=True, file=open(tmp_path / "out.txt", "w"))  # noqa: SIM115  # closed below
    show_results(console, results)
    console.file.close()
    text = console.export_text()
    assert "100% [" in text and "0% [" in text and "b seed 0: execution failed" in text
    write_json(tmp_path / "out.json", results, settings={"seeds": 1})
    assert '"execution_success": 0.5' in (tmp_path / "out.json").read_text()
