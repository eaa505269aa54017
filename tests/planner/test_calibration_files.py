"""Files of situations and calibrations: what is read, what is refused, and in which sentence."""

import json
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from planner.calibration import (
    Calibration,
    CalibrationError,
    Rated,
    SituationError,
    calibrate,
    calibration_of,
    check_belongs,
    load_calibration,
    load_situations,
    prediction_set,
    situations_needed,
    with_temperature,
)
from planner.language_model import NONE_OF_THESE

GOOD_LINE = {"scene": "a cup", "instruction": "bring it", "options": ["x", "y"], "acceptable": ["x"]}


def check_sentence(call: Callable[[], object], error: type[Exception], *expected: str) -> None:
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert all(part in str(caught.value) for part in expected), caught.value


def lines(tmp_path: Path, *texts: str) -> Path:
    path = tmp_path / "sit.jsonl"
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_good_lines_are_read_and_numbered(tmp_path: Path) -> None:
    nothing = {**GOOD_LINE, "acceptable": [NONE_OF_THESE], "id": "mine"}
    first, second = load_situations(lines(tmp_path, json.dumps(GOOD_LINE), "", json.dumps(nothing)))
    assert (first.id, first.options, first.acceptable) == ("sit-1", ("x", "y"), ("x",))
    assert (second.id, second.acceptable) == ("mine", (NONE_OF_THESE,))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"options": ["x"]}, "holds 1 texts; valid are 2 to 254"),
        ({"options": [str(i) for i in range(255)]}, "holds 255 texts"),
        ({"options": ["x", "y", "x"]}, "'x' twice"),
        ({"options": ["x", " "]}, "empty text"),
        ({"options": ["x", NONE_OF_THESE]}, "leave it out"),
        ({"options": "x"}, "options must be a list of texts"),
        ({"options": ["x", 3]}, "options must be a list of texts"),
        ({"acceptable": []}, "acceptable is empty; valid are"),
        ({"acceptable": ["z"]}, "'z'; valid are some of the options (x, y)"),
        ({"acceptable": ["x", NONE_OF_THESE]}, f"or '{NONE_OF_THESE}' alone"),
        ({"acceptable": ["x", "x"]}, "'x' twice"),
        ({"scene": ""}, "scene is empty"),
        ({"instruction": None}, "instruction must be a text"),
        ({"id": "sit-1"}, "already used on line 1"),
        ({"answer": "x"}, "unknown key 'answer'; keys: scene"),
    ],
)
def test_a_bad_line_gives_one_sentence(tmp_path: Path, change: dict[str, object], expected: str) -> None:
    path = lines(tmp_path, json.dumps(GOOD_LINE), json.dumps({**GOOD_LINE, **change}))
    check_sentence(lambda: load_situations(path), SituationError, "line 2: ", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"scene": ', "line 1: Invalid JSON"), ("[]", "valid is a JSON object"), ("{}", "'scene' is missing")],
)
def test_what_is_no_situation_gives_one_sentence(tmp_path: Path, text: str, expected: str) -> None:
    check_sentence(lambda: load_situations(lines(tmp_path, text)), SituationError, expected)


def test_a_missing_or_empty_file_gives_one_sentence(tmp_path: Path) -> None:
    check_sentence(lambda: load_situations(tmp_path / "no"), SituationError, "No such file")
    check_sentence(lambda: load_situations(lines(tmp_path, "")), SituationError, "is empty; valid is")
    check_sentence(lambda: load_calibration(tmp_path / "no"), CalibrationError, "`saycando calibrate`")


def test_the_shipped_situations_are_read(project_root: Path) -> None:
    situations = load_situations(project_root / "benchmarks" / "situations.jsonl")
    assert len(situations) > 4 * situations_needed(0.95)
    first = sum(s.options[0] in s.acceptable for s in situations) / len(situations)
    chance = sum(len(s.acceptable) / len(s.options) for s in situations) / len(situations)
    assert abs(first - chance) <= 4 * math.sqrt(0.25 / len(situations))  # position says nothing


def stored(tmp_path: Path) -> tuple[Calibration, Path]:
    source = lines(tmp_path, json.dumps(GOOD_LINE))
    (situation,) = load_situations(source)
    p = {"x": 0.6, "y": 0.3, NONE_OF_THESE: 0.1}
    fit = calibrate(
        [Rated(situation=situation, probabilities=p)] * 40, coverage=0.8, seed=5, fit_temperature=True
    )
    calibration = calibration_of(
        fit, model="m1", method="letters", prompt_hash="ab12", source=source, created=date(2026, 1, 2)
    )
    calibration.save(tmp_path / "calibration.json")
    return calibration, tmp_path / "calibration.json"


def test_a_calibration_survives_its_file(tmp_path: Path) -> None:
    calibration, path = stored(tmp_path)
    assert load_calibration(path) == calibration
    p = {"x": 0.5, "y": 0.3, NONE_OF_THESE: 0.2}
    expected = prediction_set(with_temperature(p, calibration.temperature), calibration.qhat)
    assert load_calibration(path).prediction_set(p) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"qhat": 1.5}, "qhat: "),
        ({"temperature": 0.0}, "temperature: "),
        ({"source_sha256": "x"}, "source_sha256: "),
        ({"created": "yesterday"}, "created: "),
        ({"alpha": 0.1}, "unknown key 'alpha'; keys: model, method"),
    ],
)
def test_an_altered_calibration_is_refused(tmp_path: Path, change: dict[str, object], expected: str) -> None:
    _, path = stored(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}), encoding="utf-8")
    check_sentence(lambda: load_calibration(path), CalibrationError, expected, "`saycando calibrate`")


@pytest.mark.parametrize("what", ["model", "method", "prompt"])
def test_a_calibration_of_another_scorer_is_refused(tmp_path: Path, what: str) -> None:
    calibration, _ = stored(tmp_path)
    now = {"model": "m1", "method": "letters", "prompt_hash": "ab12"}
    check_belongs(calibration, **now)
    now["prompt_hash" if what == "prompt" else what] = "other"
    check_sentence(
        lambda: check_belongs(calibration, **now), CalibrationError, f"for {what} ", "not other; run"
    )
