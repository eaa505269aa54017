"""Room planner: the run folder: journal, plan with its scores, pictures, summary."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grounding import to_pddl
from planner.executive import Decided, Event, PlanMade, Report
from planner.request import BadRequest
from robots import Image

from .encoding import Json, to_json
from .journal import Journal


class RunFolder:
    """One run's evidence on disk; a listener of the run."""

    def __init__(self, root: Path, instruction: str) -> None:
        """Make a new folder `<root>/<timestamp>-<slug>` and open its journal.

        Raises:
            BadRequest: If nothing can be written there.
        """
        self.path = _new_folder(root, instruction)
        self._journal = Journal(self.path / "journal.sqlite")
        self._plans: list[Json] = []
        self._decisions: list[Json] = []

    def __call__(self, event: Event) -> None:
        """Write one event to the journal, and plans and scores to `plan.json`."""
        self._journal(event)
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
        """Write what the run came to."""
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
        """Close the journal."""
        self._journal.close()

    def _write(self, name: str, data: Json) -> None:
        partial = self.path / f".{name}.partial"
        partial.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
        partial.replace(self.path / name)


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One line about a run on disk."""

    folder: Path
    instruction: str
    ending: str
    steps: int
    wall_s: float


def read_summaries(root: Path) -> tuple[RunSummary, ...]:
    """Return the runs under `root`, oldest first; a run without a summary was interrupted."""
    found = []
    for folder in sorted(p.parent for p in root.glob("*/journal.sqlite")):
        file = folder / "summary.json"
        if not file.exists():
            found.append(RunSummary(folder=folder, instruction="", ending="interrupted", steps=0, wall_s=0.0))
            continue
        data = json.loads(file.read_text(encoding="utf-8"))
        found.append(
            RunSummary(
                folder=folder,
                instruction=data["instruction"],
                ending=data["ending"],
                steps=len(data["steps"]),
                wall_s=data["timings"]["wall_s"],
            )
        )
    return tuple(found)


def _new_folder(root: Path, instruction: str) -> Path:
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
