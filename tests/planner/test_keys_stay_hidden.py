"""A key in the environment is used, and never written: not in journals, run folders, caches or messages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.vendor import Reply, Vendor

pytestmark = pytest.mark.sim

CANARY = "sk-canary-5f1d0c7be2a94a6c"
SITUATION = {
    "scene": "an apple and a coke",
    "instruction": "Bring me the apple.",
    "options": ["bring the apple", "bring the coke"],
    "acceptable": ["bring the apple"],
}


def saycando(*words: str, vendor: Vendor, home: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a user does, in a folder of its own."""
    environment = {
        **os.environ,
        "OPENAI_API_KEY": CANARY,
        "ANTHROPIC_API_KEY": CANARY,
        "LOCAL_API_KEY": CANARY,
        "OPENAI_BASE_URL": vendor.openai_url,
        "ANTHROPIC_BASE_URL": vendor.anthropic_url,
    }
    code = "from planner.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, cwd=home, capture_output=True
    )


def assert_hidden(home: Path, done: subprocess.CompletedProcess[bytes]) -> None:
    assert CANARY.encode() not in done.stdout + done.stderr
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []


def gossip(number: int, path: str, body: Any) -> Reply | None:
    """Tell the key back in an error, as vendors do, and in an answer, as nobody should."""
    if number % 3 == 1:
        return Reply(status=401, json={"error": {"message": f"Incorrect API key provided: {CANARY}"}})
    if number % 3 == 2:
        return Reply(json=None, body=json.dumps({"output": [{"key": CANARY}], "status": CANARY}).encode())
    return None


@pytest.mark.parametrize("model", ["openai", "anthropic", "local"])
@pytest.mark.parametrize("strategy", ["plan-ahead", "saycan"])
def test_a_run_uses_the_key_and_writes_it_nowhere(tmp_path: Path, model: str, strategy: str) -> None:
    with mock_vendor() as vendor:
        name = f"local:{vendor.openai_url}#mock" if model == "local" else model
        words = [
            "run",
            "go to the table",
            "--model",
            name,
            "--strategy",
            strategy,
            "--cache",
            "kept",
            "--yes",
        ]
        done = saycando(*words, vendor=vendor, home=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert all(CANARY in request.headers["authorization"] for request in vendor.requests)
    assert list((tmp_path / "kept").rglob("*.json")) and list((tmp_path / "runs").rglob("journal.sqlite"))
    assert_hidden(tmp_path, done)


@pytest.mark.parametrize("model", ["openai", "anthropic"])
def test_a_vendor_that_tells_the_key_back_is_not_repeated(tmp_path: Path, model: str) -> None:
    with mock_vendor(gossip) as vendor:
        for _ in range(3):
            done = saycando("run", "go to the table", "--model", model, "--yes", vendor=vendor, home=tmp_path)
            assert_hidden(tmp_path, done)
        vendor.bad.clear()


def test_every_other_command_keeps_it_hidden(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text(json.dumps(SITUATION) + "\n", encoding="utf-8")
    task = '{id: go, family: f, instruction: "Go to the table", goal: "(robot_at table)"}'
    (tmp_path / "t.yaml").write_text(f"scene: saycan_kitchen\ntasks:\n- {task}\n", encoding="utf-8")
    commands = [
        ["models"],
        ["plan", "go to the table", "--model", "openai"],
        [
            "bench",
            "t.yaml",
            "--seeds",
            "1",
            "--model",
            "anthropic",
            "--json",
            "out.json",
            "--run-dir",
            "bench",
        ],
        ["calibrate", "s.jsonl", "--model", "openai"],
        ["run", "go to the table", "--model", f"local:http://{CANARY}@127.0.0.1:1/v1#m", "--yes"],
        ["run", "go to the table", "--model", "langchain:openai:gpt-4.1", "--yes"],
    ]
    with mock_vendor() as vendor:
        for words in commands:
            assert_hidden(tmp_path, saycando(*words, vendor=vendor, home=tmp_path))
    (folder,) = (tmp_path / "runs").iterdir()
    for command in ("show", "cost", "replay"):
        with mock_vendor() as vendor:
            done = saycando(command, str(folder), vendor=vendor, home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert_hidden(tmp_path, done)
