"""Room planner: what a run leaves behind: its folder with start, journal, pictures, film and summary."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.executive import Executive, Parts, Report
from planner.journal import FILE as JOURNAL
from planner.journal import ExchangeLog, JournalledRun, RunFolder, new_run_folder, read_journal
from planner.recording import Recorder, overview
from planner.remote.gateway import Recording
from planner.remote.model import PromptedModel
from planner.request import BadRequest
from planner.start import RunStart, read_start
from planner.world_on_disk import FOLDER as WORLD
from planner.world_on_disk import WorldOnDisk

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen


def run_with_evidence(
    parts: Parts,
    start: RunStart,
    root: Path,
    kitchen: PybulletKitchen,
    *,
    film: bool,
    recording: Recording | None = None,
) -> Report:
    """Run the instruction and keep everything that tells how it went.

    Args:
        parts: The executive's parts.
        start: How the run begins.
        root: Where the run folder is made.
        kitchen: What the pictures show.
        film: Also write `run.mp4`.
        recording: Answers of an earlier run.

    Raises:
        BadRequest: If no run folder can be made.
        JournalBroken: If nothing can be written into it.
    """
    with ExitStack() as ends:
        path = new_run_folder(root, start.instruction)
        start.save(path)
        folder = RunFolder.reopen(path)
        ends.callback(folder.close)
        world = WorldOnDisk(parts.robot, kitchen, folder.path / WORLD)
        parts = _recorded(parts, folder, world, ends, recording)
        if film:
            recorder = Recorder(parts.robot, partial(overview, kitchen), folder.path / "run.mp4")
            ends.callback(recorder.close)
            parts = replace(parts, robot=recorder)
        folder.save_picture("first.png", overview(kitchen))
        report = replace(run_counted(parts, start.instruction), run_folder=folder.path)
        _conclude(folder, world, report, kitchen)
    return report


def resume_with_evidence(
    parts: Parts, path: Path, kitchen: PybulletKitchen, *, recording: Recording | None = None
) -> Report:
    """Go on with an interrupted run in its own folder, in the world that is kept there.

    Args:
        parts: The executive's parts.
        path: The run folder.
        kitchen: A home that was built as the run's was; it becomes the one in which the run stopped.
        recording: Answers that the run got and had no time to use.

    Raises:
        BadRequest: If the run has ended, still goes on, or its world is not there.
        JournalBroken: If its journal cannot be read and written.
    """
    with ExitStack() as ends:
        folder = RunFolder.reopen(path)
        ends.callback(folder.close)
        journalled = read_journal(path)
        check_can_go_on(path, journalled)
        _restore_world(path, kitchen, journalled)
        world = WorldOnDisk(parts.robot, kitchen, folder.path / WORLD)
        parts = _recorded(parts, folder, world, ends, recording)
        folder.forget_summary()
        past = journalled.past
        if not past.instruction:  # killed before its first record
            past = replace(past, instruction=read_start(path, "resumed").instruction)
        report = replace(counted(parts, Executive(parts).resume(past)), run_folder=path)
        _conclude(folder, world, report, kitchen)
    return report


def check_can_go_on(folder: Path, journalled: JournalledRun) -> None:
    """Refuse a run that has ended.

    Raises:
        RunHasEnded: If it has.
    """
    if journalled.ended is not None:
        raise RunHasEnded(folder, *journalled.ended)


class RunHasEnded(BadRequest):
    """A run of which nothing is left to do."""

    def __init__(self, folder: Path, ending: str, reason: str) -> None:
        """Write the sentence from the facts."""
        super().__init__(f"{folder} has ended ({ending}: {reason}); there is nothing to resume")
        self.ending = ending


def _recorded(
    parts: Parts, folder: RunFolder, world: WorldOnDisk, ends: ExitStack, recording: Recording | None
) -> Parts:
    """Return parts whose every event is journalled, whose world is kept, and whose model has a ledger."""
    exchanges = ExchangeLog(folder.path / JOURNAL)
    ends.callback(exchanges.close)
    parts = replace(parts, robot=world, listeners=(world, folder, *parts.listeners))
    begin_run(parts, exchanges, recording)
    ends.callback(end_run, parts)
    return parts


def _conclude(folder: RunFolder, world: WorldOnDisk, report: Report, kitchen: PybulletKitchen) -> None:
    folder.save_summary(report)
    folder.save_picture("last.png", overview(kitchen))
    if folder.has_ended:
        world.forget()


def _restore_world(path: Path, kitchen: PybulletKitchen, journalled: JournalledRun) -> None:
    from robots.pybullet.snapshot import SnapshotFailed, load_snapshot

    try:
        is_restored = load_snapshot(kitchen, path / WORLD)
    except SnapshotFailed as failure:
        raise BadRequest(f"{path} cannot be resumed: {failure}") from failure
    if journalled.has_moved and not is_restored:
        raise BadRequest(f"{path} cannot be resumed: the world in which it stopped is not in its folder")


def run_counted(parts: Parts, instruction: str) -> Report:
    """Run, and report what a model that is reached over a wire cost in all."""
    return counted(parts, Executive(parts).run(instruction))


def counted(parts: Parts, report: Report) -> Report:
    """Return the report with what a model that is reached over a wire cost since `begin_run`."""
    if isinstance(parts.model, PromptedModel):
        return replace(report, usage=parts.model.gateway.account.usage())
    return report


def begin_run(parts: Parts, exchanges: ExchangeLog | None, recording: Recording | None = None) -> None:
    """Give a model that is reached over a wire a fresh budget and a place to write to."""
    if isinstance(parts.model, PromptedModel):
        parts.model.begin_run(exchanges, recording)


def end_run(parts: Parts) -> None:
    """Cancel what such a model still does."""
    if isinstance(parts.model, PromptedModel):
        parts.model.end_run()
