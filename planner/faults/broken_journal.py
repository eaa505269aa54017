"""Room planner: a journal that somebody else breaks in mid-run, and who looks what of it would be read back.

A step is on record when a process that opens the files as they lie there now would find its intent: so the
referee copies them and reads the copy. What SQLite has in memory proves nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from grounding import parse_formula
from planner.executive import Event, JournalBroken, Parts, StepStarted
from planner.given_steps import read_call
from planner.journal import FILE, RunFolder, read_events
from skills import SkillCall

from .chores import FETCH, MOTIONS
from .dry_home import DryHome
from .fault import Fault
from .home_rows import STOP_S, choice
from .model_rows import errand_of, offline
from .stage import Stage, Staging, play
from .trial import COMPLETE, Trial

MOST_EVENTS = 20
"""The journal of an errand is broken before one of so many events."""
SAID = "nothing moves without its record"
PAGE = 4096
HARMLESS = ("made read-only",)
"""What the open journal survives: there the record has to be whole, and the task done."""


def _remove(file: Path, rng: np.random.Generator) -> None:
    file.unlink()


def _replace(file: Path, rng: np.random.Generator) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def _overwrite(file: Path, rng: np.random.Generator) -> None:
    size = file.stat().st_size
    with file.open("rb+") as stream:
        stream.seek(int(rng.integers(max(1, size - PAGE + 1))))
        stream.write(rng.bytes(PAGE))


def _cut(file: Path, rng: np.random.Generator) -> None:
    os.truncate(file, int(rng.integers(file.stat().st_size)))


def _forbid(file: Path, rng: np.random.Generator) -> None:
    file.chmod(0o400)


def _move(file: Path, rng: np.random.Generator) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


def _log(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


WAYS: dict[str, Callable[[Path, np.random.Generator], None]] = {
    "removed": _remove,
    "replaced by a copy": _replace,
    "overwritten": _overwrite,
    "cut": _cut,
    "made read-only": _forbid,
    "left without its log": lambda file, rng: _remove(_log(file), rng),
    "left with a part of its log": lambda file, rng: _cut(_log(file), rng),
    "overwritten in its log": lambda file, rng: _overwrite(_log(file), rng),
    "moved with its folder": _move,
}


def intents(folder: Path) -> tuple[SkillCall, ...]:
    """Return the steps whose intent would be read back from a folder, were its process to die now."""
    with tempfile.TemporaryDirectory() as kept, suppress(OSError, JournalBroken):
        there = Path(kept)
        for file in (folder / FILE, _log(folder / FILE)):
            if file.exists():
                shutil.copy(file, there)
        return tuple(read_call(d["call"]) for kind, d in read_events(there) if kind == "StepStarted")
    return ()


class Record:
    """Listens to a run: writes its journal, breaks it before an event, and counts steps without a record."""

    def __init__(self, folder: RunFolder) -> None:
        """Take the run folder."""
        self.folder = folder
        self.path = folder.path
        self.breaks_before: int | None = None
        self.breaks: Callable[[], None] = lambda: None
        self.unrecorded: list[SkillCall] = []
        """Steps that were told to be begun although nobody could read their intent."""
        self._count = 0
        self._begun = 0

    def __call__(self, event: Event) -> None:
        """Write one event down.

        Raises:
            JournalBroken: If it is not.
        """
        self._count += 1
        if self._count == self.breaks_before:
            self.breaks()
        self.folder(event)
        if isinstance(event, StepStarted):
            self._begun += 1
            if len(intents(self.path)) != self._begun:
                self.unrecorded.append(event.call)


def break_dry(rng: np.random.Generator, way: str) -> Trial:
    """Break the journal before some event of an errand in a home of facts."""
    errand, before = errand_of(rng), int(rng.integers(1, MOST_EVENTS))
    home, broken_at = DryHome(errand.start), list[int]()
    with tempfile.TemporaryDirectory() as root:
        record = Record(RunFolder(Path(root) / "runs", "broken"))
        record.breaks_before = before

        def breaks() -> None:
            WAYS[way](record.path / FILE, rng)
            broken_at.append(len(home.deeds))

        record.breaks = breaks
        report = home.run(errand.instruction, offline(), listeners=(record,))
        record.folder.close()
    trial = Trial(
        injected=f"journal {way} before event {before}" if broken_at else "",
        ending=report.ending.value,
        reason=report.reason,
        unsafe=home.findings,
        is_explained=SAID in report.reason,
        is_recovered=home.holds(parse_formula(errand.goal)),
        steps=tuple(map(str, home.deeds)),
    )
    return _judged(trial, record, way, len(home.deeds) - broken_at[0] if broken_at else 0)


class JournalBreaks(Fault):
    """The journal is broken while the robot moves."""

    words = (SAID,)
    may_recover = False

    def __init__(self, rng: np.random.Generator, way: str, record: Record) -> None:
        """Take what is done to the file."""
        super().__init__(rng)
        self._way = way
        self._record = record
        self.may_recover = way in HARMLESS

    def strike(self) -> None:
        """Do it; the robot has to stop once something could not be written."""
        WAYS[self._way](self._record.path / FILE, self.rng)
        self.stage.struck(f"journal {self._way} in mid-motion", must_stop=False)


def break_in_motion(rng: np.random.Generator, way: str) -> Trial:
    """Break the journal in the middle of a motion in the simulated home."""
    with tempfile.TemporaryDirectory() as root:
        record = Record(RunFolder(Path(root) / "runs", "broken"))

        def adapt(parts: Parts, stage: Stage) -> Parts:
            def write(event: Event) -> None:
                try:
                    record(event)
                except JournalBroken:
                    stage.witness.mark()
                    raise

            return replace(parts, listeners=(write, *parts.listeners))

        def at_rest(stage: Stage) -> None:
            if stage.is_moving:
                stage.witness.found("the robot moves although the run has ended")

        fault = JournalBreaks(rng, way, record)
        chore = choice(rng, (FETCH, *MOTIONS))
        trial = play(chore, [fault], rng, staging=Staging(adapt=adapt), bound_s=STOP_S, after=at_rest)
        record.folder.close()
    return _judged(trial, record, way, 0)


def _judged(trial: Trial, record: Record, way: str, done_after: int) -> Trial:
    """Add what the referee of the record has seen."""
    unsafe = [*trial.unsafe, *(f"{call} was begun without a record" for call in record.unrecorded)]
    if not trial.injected:
        return replace(trial, unsafe=tuple(unsafe))
    if way in HARMLESS:
        unsafe += [] if trial.ending in COMPLETE else ["stopped although the record was whole"]
        return replace(trial, unsafe=tuple(unsafe), is_recoverable=True)
    if done_after:
        unsafe.append(f"{done_after} steps were done after it was broken")
    if trial.ending in COMPLETE:
        unsafe.append("ended as if nothing had happened")
    return replace(trial, unsafe=tuple(unsafe))
