"""Runs are done again from their record: no key, no network, no second bill, whatever ended them."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.replay import replay_run
from planner.request import BadRequest
from planner.session import SessionOptions, open_session
from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.vendor import Reply, Vendor

pytestmark = pytest.mark.sim

WORDS = "go to the table, then go to the sink"
ARGUMENTS = ["run", WORDS, "--model", "openai", "--yes", "--put", "apple_1=table"]


def environment_of(vendor: Vendor) -> dict[str, str]:
    return {"OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "sk-test-key-1234567890"}


def run(tmp_path: Path, vendor: Vendor, *more: str) -> Path:
    result = CliRunner().invoke(
        app, [*ARGUMENTS, "--run-dir", str(tmp_path), *more], env=environment_of(vendor)
    )
    assert result.exit_code == 0, result.output
    (folder,) = tmp_path.iterdir()
    return folder


@pytest.mark.parametrize("strategy", ["plan-ahead", "saycan"])
def test_a_run_is_replayed_without_key_or_server(tmp_path: Path, strategy: str) -> None:
    with mock_vendor() as vendor:
        folder = run(tmp_path, vendor, "--strategy", strategy)
        sent = len(vendor.requests)
    done = replay_run(folder)
    assert done.is_same_plan and done.is_same_way and done.lost == 0
    assert done.report.succeeded and done.report.usage.calls == 0
    assert done.report.model_calls == 0 and sent >= 1
    result = CliRunner().invoke(app, ["replay", str(folder)])
    assert result.exit_code == 0 and "the same plan, the same steps; requests sent: 0" in result.output


def killed_while_waiting(tmp_path: Path, *more: str, hangs_at: int) -> tuple[Path, int]:
    """Kill a run while its request number `hangs_at` waits; return its folder and the requests received."""

    def fault(number: int, path: str, body: Any) -> Reply | None:
        return Reply(hang=True) if number == hangs_at else None

    with mock_vendor(fault) as vendor:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from planner.cli import main; main()",
                *ARGUMENTS,
                "--run-dir",
                str(tmp_path),
                *more,
            ],
            env={**os.environ, **environment_of(vendor)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        while len(vendor.requests) < hangs_at and process.poll() is None:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        received = len(vendor.requests)
    (folder,) = tmp_path.iterdir()
    return folder, received


def test_a_run_killed_in_mid_call_keeps_its_plan_and_is_not_billed_again(tmp_path: Path) -> None:
    folder, received = killed_while_waiting(tmp_path, "--strategy", "saycan", hangs_at=3)
    assert received == 3
    done = replay_run(folder)
    assert done.lost == 1 and done.is_same_plan and done.is_same_way
    assert done.report.usage.calls == 0 and "the record ends here" in done.report.reason
    assert [str(s.call) for s in done.report.steps] == list(done.recorded_steps)


def test_what_the_record_lacks_is_asked_once_when_the_person_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = killed_while_waiting(tmp_path, "--strategy", "saycan", hangs_at=3)
    with mock_vendor() as vendor:
        for name, value in environment_of(vendor).items():
            monkeypatch.setenv(name, value)
        done = replay_run(folder, may_ask=True)
        asked_again = len(vendor.requests)
    assert done.report.succeeded
    assert asked_again == done.report.usage.calls
    # One rating a step and one for `done`, and the first of them was on record.
    assert asked_again == len(done.report.steps)


def test_a_run_killed_in_its_first_call_has_no_plan_to_repeat(tmp_path: Path) -> None:
    folder, _ = killed_while_waiting(tmp_path, hangs_at=1)
    done = replay_run(folder)
    assert done.lost == 1 and not done.report.steps and done.report.usage.calls == 0
    result = CliRunner().invoke(app, ["cost", str(folder)])
    assert result.exit_code == 0 and "never answered" in result.output


def test_the_second_run_of_a_session_cannot_be_replayed(tmp_path: Path) -> None:
    options = SessionOptions(run_root=tmp_path)
    with open_session(robot_at="table", seed=0, options=options) as home:
        home.run("go to the table")
        second = home.run("go to the sink")
    assert second.run_folder is not None
    with pytest.raises(BadRequest, match="run 2 of its session"):
        replay_run(second.run_folder)


def test_the_journal_holds_every_exchange_and_its_picture(tmp_path: Path) -> None:
    with mock_vendor() as vendor:
        folder = run(tmp_path, vendor)
    connection = sqlite3.connect(folder / "journal.sqlite")
    rows = connection.execute("SELECT state, endpoint, payload FROM exchanges ORDER BY seq").fetchall()
    connection.close()
    assert [(state, endpoint) for state, endpoint, _ in rows] == [
        ("sent", "responses"),
        ("answered", "responses"),
    ]
    sent, answered = (json.loads(payload) for _, _, payload in rows)
    assert sent["body"]["store"] is False and answered["tokens"]["input"] > 1000
    (picture,) = (folder / "images").iterdir()
    assert picture.stem in json.dumps(sent["body"]) and picture.read_bytes().startswith(b"\x89PNG")
    with sqlite3.connect(folder / "journal.sqlite") as db, pytest.raises(sqlite3.DatabaseError):
        db.execute("DELETE FROM exchanges")
    db.close()
