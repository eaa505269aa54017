"""Real runs in the simulated home, killed by SIGKILL and gone on with; the command line besides."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.executive.taking_up import AGAIN
from planner.journal import read_events, read_journal
from planner.resume import resume_run
from planner.resume.crash_trial import Crash, CrashTask, contradictions, crash_and_resume, repeated_deeds
from planner.resume.full_disk_trial import run_on_full_disk
from planner.session import SessionOptions, open_session
from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.vendor import Reply, Vendor

pytestmark = pytest.mark.sim

APPLE = CrashTask(
    name="apple",
    instruction="bring me the apple",
    objects={"apple_1": "close_counter"},
    goal="(with_operator apple_1)",
)
POUR = CrashTask(
    name="pour",
    instruction="pour the water into the mug",
    objects={"water_bottle_1": "table", "mug_1": "table"},
    goal="(and (poured water_bottle_1 mug_1) (filled mug_1))",
    seed=1,
)
INVOKE = CliRunner().invoke


@pytest.mark.parametrize(
    ("task", "crashes"),
    [
        (APPLE, (Crash(event=1),)),  # before the first plan
        (APPLE, (Crash(event=10),)),  # in a pick, before it moved
        (APPLE, (Crash(event=11),)),  # after it, before the scene was written down
        (APPLE, (Crash(after_s=0.5), Crash(event=3))),  # at any instant, and again
        (POUR, (Crash(event=14),)),  # in what must not be done twice
    ],
)
def test_a_killed_run_reaches_its_goal_and_repeats_and_loses_nothing(
    tmp_path: Path, task: CrashTask, crashes: tuple[Crash, ...]
) -> None:
    result = crash_and_resume(task, crashes, tmp_path / "run", answer=AGAIN)
    assert result.is_finished and result.kills >= 1, result
    assert not result.repeated and not result.lost, result


@pytest.mark.parametrize("most_bytes", [60_000, 215_000])
def test_on_a_full_disk_no_tick_is_commanded_without_an_intent(tmp_path: Path, most_bytes: int) -> None:
    """The smaller limit stops the first snapshot, the larger one the journal or a snapshot in mid-run."""
    result = run_on_full_disk(APPLE, most_bytes, tmp_path / "run")
    assert result.exit_code == 0 and result.unrecorded == 0, result
    assert result.is_explained or result.ending == "succeeded", result
    assert (result.commands == 0) == (most_bytes == 60_000), result


HANGING_POUR = """
import os, signal, sys
from planner.executive import StepStarted
from planner.session import SessionOptions, open_session
from pathlib import Path

def die(event):
    if isinstance(event, StepStarted) and event.call.skill == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

options = SessionOptions(run_root=Path(sys.argv[1]), listeners=(die,))
with open_session(objects={"water_bottle_1": "table", "mug_1": "table"}, seed=1, options=options) as home:
    home.run("pour the water into the mug")
"""


def killed_before(skill: str, root: Path) -> Path:
    """Return the folder of a run that was killed between the intent of a step and its first motion."""
    done = subprocess.run([sys.executable, "-c", HANGING_POUR, str(root), skill])
    assert done.returncode == -signal.SIGKILL
    (folder,) = root.iterdir()
    return folder


def test_the_command_line_asks_before_it_pours_again_and_leaves_the_run_open(tmp_path: Path) -> None:
    folder = killed_before("pour", tmp_path)
    listed = INVOKE(app, ["runs", str(tmp_path)])
    assert "interrupted" in listed.output and "pour the water into the mug" in listed.output
    for _ in range(2):
        result = INVOKE(app, ["resume", str(folder), "--yes"])
        told = " ".join(result.output.split())
        assert result.exit_code == 1, result.output
        assert "interrupted in pour(water_bottle_1, mug_1)" in told and "can be resumed again" in told
    assert "needs an answer" in INVOKE(app, ["runs", str(tmp_path)]).output
    report = resume_run(folder, person=lambda inquiry: AGAIN)
    assert report.succeeded and report.run_folder == folder
    assert repeated_deeds(read_events(folder)) == () == contradictions(folder, read_events(folder))
    for command in ("show", "cost"):
        shown = INVOKE(app, [command, str(folder)])
        assert shown.exit_code == 0, shown.output
    assert "succeeded" in INVOKE(app, ["runs", str(tmp_path)]).output


def test_a_run_that_has_ended_says_so_and_nothing_is_done(tmp_path: Path) -> None:
    folder = killed_before("pick", tmp_path)
    done = INVOKE(app, ["resume", str(folder), "--yes"])
    assert done.exit_code == 0, done.output
    assert "resumed; interrupted in pick(water_bottle_1)" in " ".join(done.output.split())
    assert not (folder / "world").exists(), "the world of a run that has ended is not kept"
    before = read_events(folder)
    again = INVOKE(app, ["resume", str(folder)])
    assert again.exit_code == 0 and "has ended (succeeded" in " ".join(again.output.split())
    assert read_events(folder) == before
    replayed = INVOKE(app, ["replay", str(folder)])
    assert replayed.exit_code == 2 and "interrupted and resumed" in " ".join(replayed.stderr.split())


def test_a_world_that_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    folder = killed_before("pick", tmp_path)
    shutil.rmtree(folder / "world")
    result = INVOKE(app, ["resume", str(folder), "--yes"])
    assert result.exit_code == 2 and "the world in which it stopped" in " ".join(result.stderr.split())
    assert read_journal(folder).was_resumed is False


@pytest.mark.parametrize("name", ["nothing", "start.json"])
def test_what_is_no_run_folder_is_one_sentence(tmp_path: Path, name: str) -> None:
    if name == "start.json":
        folder = killed_before("go_to", tmp_path)
        (folder / name).unlink()
    else:
        folder = tmp_path / name
    result = INVOKE(app, ["resume", str(folder)])
    assert result.exit_code == 2 and len(result.stderr.strip().splitlines()) == 1
    assert "cannot be resumed" in result.stderr or "is not a run folder" in result.stderr


def test_the_second_run_of_a_session_can_be_resumed_too(tmp_path: Path) -> None:
    """Its home was left by the run before it, and lies beside its journal."""
    options = SessionOptions(run_root=tmp_path / "runs")

    class Gone(BaseException):
        pass

    with open_session(objects={"apple_1": "table"}, options=options) as home:
        home.run("put the apple on the close counter")
        copied = tmp_path / "copy"

        def leave(event: Any) -> None:
            (folder,) = (f for f in (tmp_path / "runs").iterdir() if "bring" in f.name)
            if type(event).__name__ == "StepStarted" and event.call.skill == "pick":
                shutil.copytree(folder, copied)
                raise Gone

        home.attend(listener=leave)
        with pytest.raises(Gone):
            home.run("bring me the apple")
    report = resume_run(copied)
    assert report.succeeded and ("with_operator", "apple_1") in report.scene.facts


def test_calls_that_a_program_named_are_gone_on_with(tmp_path: Path) -> None:
    script = HANGING_POUR.replace(
        'home.run("pour the water into the mug")', 'home.do("pick(mug_1)", "place(mug_1, far_counter)")'
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), "pick"])
    assert done.returncode == -signal.SIGKILL
    (folder,) = tmp_path.iterdir()
    report = resume_run(folder)
    assert report.succeeded and ("on", "mug_1", "far_counter") in report.scene.facts


WORDS = "go to the table, then go to the sink"


def killed_with_model(tmp_path: Path, vendor: Vendor, *more: str, when: str) -> Path:
    """Kill a run with a model over a wire: "waiting" for its first answer, or after its first "StepEnded"."""
    script = f"""
import os, signal, sys
import planner.evidence as evidence
from planner.cli import main

class Folder(evidence.RunFolder):
    def __call__(self, event):
        super().__call__(event)
        if type(event).__name__ == {when!r}:
            os.kill(os.getpid(), signal.SIGKILL)

evidence.RunFolder = Folder
sys.argv = ["saycando", *sys.argv[1:]]
main()
"""
    words = ["run", WORDS, "--model", "openai", "--yes", "--put", "apple_1=table", "--run-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *words, *more],
        env={**os.environ, **environment_of(vendor)},
        stdout=subprocess.DEVNULL,
    )
    while when == "waiting" and not vendor.requests and process.poll() is None:
        pass
    if when == "waiting":
        process.kill()
    assert process.wait() == -signal.SIGKILL
    (folder,) = tmp_path.iterdir()
    return folder


def environment_of(vendor: Vendor) -> dict[str, str]:
    return {"OPENAI_BASE_URL": vendor.openai_url, "OPENAI_API_KEY": "sk-test-key-1234567890"}


def test_a_plan_in_the_journal_needs_no_model(tmp_path: Path) -> None:
    with mock_vendor() as vendor:
        folder = killed_with_model(tmp_path, vendor, when="StepEnded")
    result = INVOKE(app, ["resume", str(folder), "--yes"])  # no key, no server
    assert result.exit_code == 0, result.output
    assert sum(kind == "ModelCalled" for kind, _ in read_events(folder)) == 1


def test_an_answer_that_came_before_the_crash_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_vendor() as vendor:
        folder = killed_with_model(tmp_path, vendor, when="ModelCalled")
        asked = len(vendor.requests)
        for name, value in environment_of(vendor).items():
            monkeypatch.setenv(name, value)
        assert resume_run(folder).succeeded
        assert len(vendor.requests) == asked == 1


def test_without_a_plan_and_without_the_model_it_says_so(tmp_path: Path) -> None:
    with mock_vendor() as vendor:
        folder = killed_with_model(tmp_path, vendor, when="RunStarted")
    result = INVOKE(app, ["resume", str(folder), "--yes"])
    assert result.exit_code == 2 and "OPENAI_API_KEY" in result.stderr
    assert read_journal(folder).ended is None


@pytest.mark.parametrize(("budget", "exit_code"), [(1, 1), (2, 0)])
def test_the_budget_is_that_of_all_parts_of_a_run_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int, exit_code: int
) -> None:
    def hang_first(number: int, path: str, body: Any) -> Reply | None:
        return Reply(hang=True) if number == 1 else None

    with mock_vendor(hang_first) as vendor:
        folder = killed_with_model(tmp_path, vendor, "--budget-calls", str(budget), when="waiting")
        for name, value in environment_of(vendor).items():
            monkeypatch.setenv(name, value)
        result = INVOKE(app, ["resume", str(folder), "--yes"])
        assert result.exit_code == exit_code, result.output
        assert len(vendor.requests) == budget
    if exit_code:
        assert "its budget is 0" in " ".join(result.output.split())
