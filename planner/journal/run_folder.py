"""Room planner: the run folder: journal, plan with its scores, pictures, summary."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grounding import to_pddl
from planner.executive import Decided, Event, JournalBroken, PlanMade, Report, RunEnded
from planner.request import BadRequest
from robots import Image

from .database import FILE
from .encoding import Json, to_json
from .journal import Journal
from .lock import RunLock
from .past import read_events, read_journal


class RunFolder:
    """One run's evidence on disk; a listener of the run."""

    def __init__(self, root: Path, instruction: str) -> None:
        """Make a new folder `<root>/<timestamp>-<slug>` and open its journal.

        Raises:
            BadRequest: If nothing can be written there.
            JournalBroken: If the journal cannot be.
        """
        self._open(new_run_folder(root, instruction))

    @classmethod
    def reopen(cls, path: Path) -> RunFolder:
        """Return a folder that is there already, of an interrupted run or of one that begins.

        Raises:
            BadRequest: If another process goes on with it.
            JournalBroken: If its journal is damaged or cannot be written.
        """
        folder = cls.__new__(cls)
        folder._open(path)
        events = read_events(path)
        folder._plans += [data for kind, data in events if kind == "PlanMade"]
        folder._decisions += [data for kind, data in events if kind == "Decided"]
        return folder

    def _open(self, path: Path) -> None:
        self.path = path
        self._plans: list[Json] = []
        self._decisions: list[Json] = []
        self.has_ended = False
        self._lock = RunLock(path)
        try:
            self._journal = Journal(path / FILE)
        except JournalBroken:
            self._lock.close()
            raise

    def __call__(self, event: Event) -> None:
        """Write one event to the journal, and plans and scores to `plan.json`.

        Raises:
            JournalBroken: If it cannot be written.
        """
        self._journal(event)
        self.has_ended = self.has_ended or isinstance(event, RunEnded)
        if isinstance(event, PlanMade):
            self._plans.append(to_json(event))
        elif isinstance(event, Decided):
            self._decisions.append(to_json(event))
        else:
            return
        self._write("plan.json", {"plans": self._plans, "decisions": self._decisions})

    def save_picture(self, name: str, rgb: Image) -> None:
        """Write a camera frame as PNG.

        Args:
            name: File name, e.g. "first.png".
            rgb: Picture, shape (height, width, 3).
        """
        import cv2

        cv2.imwrite(str(self.path / name), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))

    def save_summary(self, report: Report) -> None:
        """Write what the run came to; on a full disk the report itself says why it is missing."""
        with suppress(JournalBroken):
            self._write_summary(report)

    def forget_summary(self) -> None:
        """Delete the summary of a run that goes on."""
        file = self.path / "summary.json"
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise JournalBroken(file, error.strerror) from error

    def _write_summary(self, report: Report) -> None:
        self._write(
            "summary.json",
            {
                "instruction": report.instruction,
                "ending": report.ending.value,
                "reason": report.reason,
                "goal": to_pddl(report.goal) if report.goal is not None else None,
                "steps": to_json(report.steps),
                "recoveries": to_json(report.recoveries),
                "model_calls": report.model_calls,
                "usage": to_json(report.usage),
                "timings": to_json(report.timings),
                "facts": [f"({' '.join(fact)})" for fact in sorted(report.scene.facts)],
            },
        )

    def close(self) -> None:
        """Close the journal and let others go on with the run."""
        self._journal.close()
        self._lock.close()

    def _write(self, name: str, data: Json) -> None:
        partial = self.path / f".{name}.partial"
        try:
            partial.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
            partial.replace(self.path / name)
        except OSError as error:
            raise JournalBroken(self.path / name, error.strerror) from error


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One line about a run on disk."""

    folder: Path
    instruction: str
    ending: str
    steps: int
    wall_s: float


def read_summaries(root: Path) -> tuple[RunSummary, ...]:
    """Return the runs under `root`, oldest first; of one without a summary, what its journal says."""
    folders = sorted(p.parent for p in root.glob(f"*/{FILE}"))
    return tuple(_summary(folder) for folder in folders)


def _summary(folder: Path) -> RunSummary:
    file = folder / "summary.json"
    if not file.exists():
        return _summary_of_journal(folder)
    data = json.loads(file.read_text(encoding="utf-8"))
    return RunSummary(
        folder=folder,
        instruction=data["instruction"],
        ending=data["ending"],
        steps=len(data["steps"]),
        wall_s=data["timings"]["wall_s"],
    )


def _summary_of_journal(folder: Path) -> RunSummary:
    try:
        journalled = read_journal(folder)
    except JournalBroken as broken:
        return RunSummary(folder=folder, instruction="", ending=broken.why, steps=0, wall_s=0.0)
    return RunSummary(
        folder=folder,
        instruction=journalled.past.instruction,
        ending=journalled.ended[0] if journalled.ended else "interrupted",
        steps=len(journalled.past.records),
        wall_s=0.0,
    )


def new_run_folder(root: Path, instruction: str) -> Path:
    """Make an empty folder `<root>/<timestamp>-<slug>`.

    Raises:
        BadRequest: If none can be made there.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", instruction.lower()).strip("-")[:40].strip("-") or "run"
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug}"
    number = 1
    while True:
        path = root / (stem if number == 1 else f"{stem}-{number}")
        if not path.exists():
            try:
                path.mkdir(parents=True)
            except OSError as error:
                raise BadRequest(f"run folders cannot be made in {root}: {error.strerror}") from error
            return path
        number += 1
