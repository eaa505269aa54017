"""The command line on the simulated kitchen: bench in worker processes, plan, and a real Ctrl-C."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.mock_cloud import MockCloud
from tests.fakes.vendor import Reply, Vendor

pytestmark = pytest.mark.sim

LISTENING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from planner.cli import main; main()"
)
"""The command as a terminal starts it; a test run in the background would hand it an ignored SIGINT."""

TASKS = """
scene: saycan_kitchen
tasks:
- {id: go, family: f, instruction: "Go to the table", goal: "(robot_at table)"}
- {id: wrong, family: f, instruction: "Go to the table", goal: "(robot_at sink)"}
"""


def test_bench_judges_by_the_goal_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TASKS, encoding="utf-8")
    out = tmp_path / "out.json"
    result = CliRunner().invoke(
        app, ["bench", str(tmp_path / "t.yaml"), "--seeds", "1", "--workers", "2", "--json", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "50% [" in result.stdout and "wrong seed 0: plan and execution failed" in result.stdout
    data = json.loads(out.read_text())
    assert [r["execution_success"] for r in data["results"]] == [True, False]
    assert data["results"][0]["peak_memory_mb"] > 10


def test_a_saycan_task_is_done_from_the_sentence_to_the_persons_tray(
    project_root: Path, tmp_path: Path
) -> None:
    task = f"{project_root}/benchmarks/saycan_dev.yaml#noun_synonyms_08"
    result = CliRunner().invoke(app, ["run", "--task", task, "--run-dir", str(tmp_path)])
    assert result.exit_code == 0, result.output
    (folder,) = tmp_path.iterdir()
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["ending"] == "succeeded" and "(with_operator apple_1)" in summary["facts"]


def test_a_start_without_room_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    crowd = ", ".join(f"plate_{i}: top_drawer" for i in range(12))
    task = f"- {{id: full, family: f, instruction: go, objects: {{{crowd}}}, goal: (robot_at sink)}}"
    (tmp_path / "t.yaml").write_text(f"scene: saycan_kitchen\ntasks:\n{task}\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["bench", str(tmp_path / "t.yaml"), "--seeds", "1"])
    assert result.exit_code == 2 and "task full, seed 0: impossible start" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_plan_shows_the_scores_and_moves_nothing() -> None:
    result = CliRunner().invoke(app, ["plan", "go to the table, then go to the sink"])
    assert result.exit_code == 0, result.output
    assert result.stdout.index("go_to(table)") < result.stdout.index("go_to(sink)")
    assert "say" in result.stdout and "can" in result.stdout


def test_an_instruction_without_meaning_is_refused_with_exit_1(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", "colourless green ideas", "--run-dir", str(tmp_path), "--yes"])
    assert result.exit_code == 1 and "refused" in result.stdout


def test_calibrate_writes_what_run_asks_by_and_refuses_it_for_another_scorer(
    tmp_path: Path, project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (project_root / "benchmarks/situations.jsonl").read_text(encoding="utf-8").splitlines()[:40]
    (tmp_path / "s.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    file = str(tmp_path / "c.json")
    invoke = CliRunner().invoke
    with MockCloud("openai") as cloud:
        for name, value in cloud.environment.items():
            monkeypatch.setenv(name, value)
        fitted = invoke(app, ["calibrate", str(tmp_path / "s.jsonl"), "--model", "openai", "--out", file])
        assert fitted.exit_code == 0, fitted.output
        words = ["run", "go to the table", "--model", "openai", "--strategy", "saycan", "--yes"]
        words += ["--run-dir", str(tmp_path / "runs"), "--calibration", file]
        done = invoke(app, words)
        refused = invoke(app, [*words, "--scorer", "letters"])
    assert all(word in fitted.stdout for word in ("coverage", "help rate", "mean set size", "40 requests"))
    assert done.exit_code == 0, done.output
    assert refused.exit_code == 2 and "decisions, not letters" in refused.stderr


def test_ctrl_c_while_the_model_thinks_ends_the_run_at_once(tmp_path: Path) -> None:
    with Vendor([Reply(hang=True)]) as vendor:
        words = ["run", "go to the table", "--model", "openai", "--run-dir", str(tmp_path), "--yes"]
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENING, *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "none"},
        )
        while not vendor.requests and process.poll() is None:
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "the robot is at rest" in errors
    (folder,) = tmp_path.iterdir()
    db = sqlite3.connect(folder / "journal.sqlite")
    (kind,) = db.execute("SELECT kind FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    db.close()
    assert kind == "RunEnded"


def test_ctrl_c_exits_130_with_the_robot_at_rest_and_the_journal_whole(tmp_path: Path) -> None:
    words = [
        "run",
        "go to the table, then go to the sink, then go to the fridge",
        "--run-dir",
        str(tmp_path),
        "--yes",
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "succeeded in" in line:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=30)
    assert process.returncode == 130
    (folder,) = tmp_path.iterdir()
    db = sqlite3.connect(folder / "journal.sqlite")
    kind, payload = db.execute("SELECT kind, payload FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    assert kind == "RunEnded" and json.loads(payload)["ending"] == "cancelled"
    db.close()
