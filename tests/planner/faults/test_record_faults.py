"""Faults of a run's record: what breaks it, who sees that, and that the clock decides nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.executive import JournalBroken, RunEnded
from planner.faults.broken_journal import HARMLESS, WAYS, break_dry, break_in_motion, intents
from planner.faults.home_rows import until_injected
from planner.faults.rows import row_named
from planner.faults.runner import jobs_of, run_trial
from planner.faults.trial import Trial
from planner.journal import FILE, RunFolder, read_events
from planner.journal.database import Database
from planner.resume.crash_tasks import TASKS
from planner.resume.crash_trial import length_of


def injected(run: Callable[[np.random.Generator, str], Trial], way: str, seed: int) -> Trial:
    rng = np.random.default_rng(seed)
    trial = until_injected(lambda: run(rng, way))
    assert trial.injected
    return trial


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_done_once_the_journal_is_broken(way: str) -> None:
    for seed in range(2):
        trial = injected(break_dry, way, seed)
        assert not trial.unsafe and not trial.is_unexplained, trial
        assert trial.is_stop == (way not in HARMLESS), trial


@pytest.mark.sim
@pytest.mark.parametrize("way", ["removed", "overwritten in its log", "made read-only"])
def test_a_robot_in_motion_ends_its_step_and_begins_no_other(way: str) -> None:
    trial = injected(break_in_motion, way, 1)
    assert not trial.unsafe and not trial.is_unexplained, trial
    assert trial.is_stop == (way not in HARMLESS), trial


@pytest.mark.parametrize("way", ["removed", "overwritten in its log", "left with a part of its log"])
def test_the_referee_sees_steps_that_nobody_could_read_back(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the watch SQLite goes on as if nothing had happened, and only a reader knows better."""
    monkeypatch.setattr(Database, "_watch", lambda self: None)
    monkeypatch.setattr(Database, "_take_in", lambda self: None)
    monkeypatch.setattr(Database, "_identity", lambda self: ())
    unsafe = [clause for seed in range(4) for clause in injected(break_dry, way, seed).unsafe]
    assert any("without a record" in clause for clause in unsafe), unsafe


def scribble(log: Path) -> None:
    middle = log.stat().st_size // 2
    with log.open("rb+") as stream:
        stream.seek(middle)
        byte = stream.read(1)
        stream.seek(middle)
        stream.write(bytes([byte[0] ^ 1]))


def cut_and_refill(log: Path) -> None:
    size = log.stat().st_size
    os.truncate(log, size - 1)
    os.truncate(log, size)
    with log.open("rb+") as stream:
        stream.seek(size - 1)
        stream.write(b"\xff")


@pytest.mark.parametrize("damage", [scribble, cut_and_refill])
def test_a_log_that_is_damaged_in_place_takes_no_more_records(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = RunFolder(tmp_path, "x")
    for number in range(6):
        folder(RunEnded(ending="x", reason=str(number)))
    damage(folder.path / f"{FILE}-wal")
    with pytest.raises(JournalBroken, match="somebody else"):
        folder(RunEnded(ending="x", reason="too late"))
    folder.close()


def test_a_long_log_of_an_interrupted_run_is_gone_on_with(tmp_path: Path) -> None:
    """More pages than SQLite's own limit for folding the log into the file."""
    folder = RunFolder(tmp_path, "x")
    for number in range(150):
        folder(RunEnded(ending="x", reason=f"{number} {'y' * 40_000}"))
    killed = tmp_path / "killed"
    shutil.copytree(folder.path, killed)
    folder.close()
    assert (killed / f"{FILE}-wal").stat().st_size > 1000 * 4096
    again = RunFolder.reopen(killed)
    again(RunEnded(ending="x", reason="the last"))
    again.close()
    assert [data["reason"].split()[0] for _, data in read_events(killed)] == [*map(str, range(150)), "the"]


def test_intents_are_those_that_another_process_would_read(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "x")
    assert intents(folder.path) == () == intents(tmp_path / "nowhere")
    folder.close()


@pytest.mark.sim
def test_a_clock_that_jumps_changes_the_dates_and_nothing_else() -> None:
    for job in jobs_of(["clock-jump"], 2, 3):
        trial = run_trial(job)
        assert trial.injected and trial.ending == "succeeded" and not trial.unsafe, trial
        assert abs(trial.measured["dates_jump_s"]) > 30.0


@pytest.mark.sim
def test_the_tasks_that_are_killed_succeed_undisturbed(tmp_path: Path) -> None:
    events, seconds = length_of(TASKS[0], tmp_path / "run")
    assert events > 10 and seconds > 0.0


@pytest.mark.sim
def test_a_killed_planner_is_gone_on_with() -> None:
    assert row_named("planner-killed").needs_processes
    (job,) = jobs_of(["planner-killed"], 1, 5)
    trial = run_trial(job)
    assert trial.injected and not trial.unsafe and trial.is_recovered, trial
