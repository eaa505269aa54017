"""Room planner: do a recorded run again: same home, seed and answers, no key, no network."""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from planner.executive import Inquiry, Listener, Person, Report
from planner.journal import read_recording, unanswered
from planner.request import BadRequest
from planner.session import SessionOptions, open_session
from planner.start import load_start


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A run done again, beside its record."""

    report: Report
    recorded_plan: tuple[str, ...]
    """Calls of the first plan of the recorded run; empty when it had none."""
    recorded_steps: tuple[str, ...]
    """Calls that the recorded run dispatched."""
    lost: int
    """Requests that were sent and never answered, because the run was killed."""

    @property
    def is_same_plan(self) -> bool:
        """Return whether the plan is the recorded one; a run that was killed before it had one allows any."""
        plan = tuple(str(step.call) for step in self.report.plan)
        return not self.recorded_plan or plan == self.recorded_plan

    @property
    def is_same_way(self) -> bool:
        """Return whether it did what the recorded run did, as far as that came."""
        done = tuple(str(step.call) for step in self.report.steps)
        return done[: len(self.recorded_steps)] == self.recorded_steps


def replay_run(
    folder: Path, *, run_root: Path | None = None, may_ask: bool = False, listeners: tuple[Listener, ...] = ()
) -> Replay:
    """Do the run of a folder again.

    Args:
        folder: Its run folder.
        run_root: Where a run folder of the replay is made; None keeps none.
        may_ask: Ask the model what the record does not answer; needs its key, and is billed.
        listeners: Told every event.

    Raises:
        BadRequest: If the folder is no run folder, or its run cannot be done again.
        ModelUnavailable: If the model may be asked and cannot be.
    """
    journal = folder / "journal.sqlite"
    if not journal.is_file():
        raise BadRequest(f"{folder} is not a run folder: it has no journal.sqlite")
    start = load_start(folder)
    calls = start.settings.calls if may_ask else replace(start.settings.calls, prices=None, cache=None)
    settings = replace(start.settings, calls=calls, calibration=None)
    options = SessionOptions(
        strategy=start.strategy,
        model=start.model,
        model_settings=settings,
        perception=start.perception,
        skills={name: tuple(uris) for name, uris in start.skills.items()},
        bounds=start.bounds,
        run_root=run_root,
        person=_recorded_person(journal) if start.has_person else None,
        listeners=listeners,
        recording=read_recording(journal),
        replay_only=not may_ask,
        calibration=start.calibration,
    )
    with open_session(
        scene=start.scene,
        objects=start.objects,
        robot_at=start.robot_at,
        holding=start.holding,
        opened=start.opened,
        powered_on=start.powered_on,
        texts=start.texts,
        seed=start.seed,
        options=options,
    ) as home:
        report = home.run(start.instruction)
    return Replay(
        report=report,
        recorded_plan=_first_plan(journal),
        recorded_steps=_payloads(journal, "StepStarted", "$.call"),
        lost=unanswered(journal),
    )


def _recorded_person(journal: Path) -> Person:
    """Return somebody who answers as in the record, and is silent where nobody answered there."""
    heard = (json.loads(text) for text in _payloads(journal, "Asked", "$"))
    answers = deque(asked["answer"] for asked in heard if asked.get("is_heard", True))

    def answer(inquiry: Inquiry) -> str | None:
        return answers.popleft() if answers else None

    return answer


def _first_plan(journal: Path) -> tuple[str, ...]:
    plans = _payloads(journal, "PlanMade", "$.steps")
    return tuple(step["call"] for step in json.loads(plans[0])) if plans else ()


def _payloads(journal: Path, kind: str, path: str) -> tuple[str, ...]:
    connection = sqlite3.connect(f"file:{journal}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT json_extract(payload, ?) FROM events WHERE kind = ? ORDER BY seq", (path, kind)
        )
        return tuple(str(value) for (value,) in rows if value is not None)
    finally:
        connection.close()
