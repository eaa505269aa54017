"""`saycando calibrate` when the server lacks the best way of rating: one method, and a usable file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.calibration import load_calibration
from planner.cli.app import app
from planner.models import build_model
from planner.remote.model import PromptedModel
from robots.catalogue import load_catalogue
from skills import HOUSEHOLD_CONTRACTS
from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_schemas import COMPLETIONS, DECISIONS
from tests.fakes.wired_model import error

pytestmark = pytest.mark.wire


@pytest.fixture
def situations(tmp_path: Path, project_root: Path) -> Path:
    lines = (project_root / "benchmarks/situations.jsonl").read_text(encoding="utf-8").splitlines()[:16]
    file = tmp_path / "s.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def lacks(endpoint: str, *, after: int = 0) -> Callable[[int, str, Any], Reply | None]:
    return lambda number, path, body: error(404) if path == endpoint and number > after else None


def calibrate(situations: Path, vendor: Vendor, model: str) -> tuple[dict[str, str], Path, str]:
    environment = {"OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "none"}
    out = situations.with_name("c.json")
    words = ["calibrate", str(situations), "--model", model, "--out", str(out), "--coverage", "0.7"]
    result = CliRunner().invoke(app, words, env=environment)
    assert result.exit_code == 0, result.output
    return environment, out, result.stdout


def method_in_use(model: str, environment: dict[str, str], file: Path) -> str:
    built = build_model(model, load_catalogue(), environment=environment)
    assert isinstance(built, PromptedModel)
    try:
        built.use_calibration(load_calibration(file), HOUSEHOLD_CONTRACTS)
        return built.scorer.method
    finally:
        built.close()


def test_a_server_without_decisions_is_rated_in_words_from_the_first_situation_on(situations: Path) -> None:
    with mock_vendor(lacks(DECISIONS)) as vendor:
        environment, file, printed = calibrate(situations, vendor, "openai")
        assert "decisions is not offered; rating everything by verbal" in printed
        verbal = [r for r in vendor.requests if r.path == "/v1/responses"]
        assert len(verbal) == 5 + 5 * 16, "the one that told, then all"
        assert method_in_use("openai", environment, file) == "verbal"
    assert json.loads(file.read_text())["method"] == "verbal"


def test_an_endpoint_that_goes_away_leaves_no_mixture_of_methods(situations: Path) -> None:
    with mock_vendor(lacks(DECISIONS, after=5)) as vendor:
        words = [
            "calibrate",
            str(situations),
            "--model",
            "openai",
            "--out",
            str(situations.with_name("c.json")),
        ]
        environment = {"OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "none"}
        result = CliRunner().invoke(app, words, env=environment)
        assert {r.path for r in vendor.requests} == {DECISIONS}
    assert result.exit_code == 2 and "HTTP 404" in result.stderr
    assert not situations.with_name("c.json").exists()


def test_what_was_fitted_by_letters_is_used_by_letters(situations: Path) -> None:
    with mock_vendor(lacks(COMPLETIONS)) as vendor:
        model = f"local:{vendor.openai_url}#mock"
        environment, file, _ = calibrate(situations, vendor, model)
        assert method_in_use(model, environment, file) == "letters"
