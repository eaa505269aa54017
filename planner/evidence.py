"""Room planner: what a run leaves behind: its folder with start, journal, pictures, film and summary."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner.executive import Executive, Parts, Report
from planner.journal import ExchangeLog, RunFolder
from planner.recording import Recorder, overview
from planner.remote.gateway import Recording
from planner.remote.model import PromptedModel
from planner.start import RunStart

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
    """
    with ExitStack() as ends:
        folder = RunFolder(root, start.instruction)
        ends.callback(folder.close)
        start.save(folder.path)
        exchanges = ExchangeLog(folder.path / "journal.sqlite")
        ends.callback(exchanges.close)
        parts = replace(parts, listeners=(folder, *parts.listeners))
        if film:
            recorder = Recorder(parts.robot, partial(overview, kitchen), folder.path / "run.mp4")
            ends.callback(recorder.close)
            parts = replace(parts, robot=recorder)
        begin_run(parts, exchanges, recording)
        ends.callback(end_run, parts)
        folder.save_picture("first.png", overview(kitchen))
        report = replace(run_counted(parts, start.instruction), run_folder=folder.path)
        folder.save_summary(report)
        folder.save_picture("last.png", overview(kitchen))
    return report


def run_counted(parts: Parts, instruction: str) -> Report:
    """Run, and report what a model that is reached over a wire cost in all."""
    report = Executive(parts).run(instruction)
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
