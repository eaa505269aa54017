"""Room planner: rows for a journal that somebody else breaks in mid-run, and for a wall clock that jumps."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from grounding import parse_formula
from planner.executive import Event, StepStarted
from planner.journal import FILE, RunFolder, exchanges, journal

from .chores import MOTIONS
from .dry_home import DryHome
from .fault import Fault
from .home_rows import choice, until_injected
from .model_rows import ERRANDS, offline
from .stage import Staging, play, with_listeners
from .trial import COMPLETE, Row, Trial

MOST_EVENTS = 20
HOUR_S = 3600.0


def _remove(file: Path) -> None:
    file.unlink()


def _replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def _overwrite(file: Path) -> None:
    with file.open("rb+") as stream:
        stream.write(os.urandom(4096))


def _lose_log(file: Path) -> None:
    _log(file).unlink()


def _cut_log(file: Path) -> None:
    os.truncate(_log(file), _log(file).stat().st_size // 2)


def _log(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


WAYS: dict[str, Callable[[Path], None]] = {
    "removed": _remove,
    "replaced by a copy": _replace,
    "overwritten": _overwrite,
    "left without its log": _lose_log,
    "left with half of its log": _cut_log,
}


def _broken_journal(rng: np.random.Generator) -> Trial:
    return until_injected(lambda: _break_once(rng))


def _break_once(rng: np.random.Generator) -> Trial:
    """Break the journal before some event of an errand; what is dispatched afterwards is unsafe."""
    errand, way = ERRANDS[int(rng.integers(len(ERRANDS)))], str(rng.choice(list(WAYS)))
    before, count, broken_at = int(rng.integers(1, MOST_EVENTS)), 0, -1
    home, after = DryHome(errand.start), list[Event]()

    def breaks(event: Event) -> None:
        nonlocal count, broken_at
        count += 1
        if count == before:
            WAYS[way](folder.path / FILE)
            broken_at = len(home.steps)

    with tempfile.TemporaryDirectory() as root:
        folder = RunFolder(Path(root), "broken")
        report = home.run(errand.instruction, offline(), listeners=(breaks, folder, after.append))
        folder.close()
    was_broken = broken_at >= 0
    unsafe = list(home.findings)
    if was_broken and len(home.steps) > broken_at:
        unsafe.append(f"{len(home.steps) - broken_at} steps without a record")
    if was_broken and any(isinstance(e, StepStarted) for e in after[before - 1 :]):
        unsafe.append("a step was begun whose intent was not written")
    return Trial(
        injected=f"journal {way} before event {before}" if was_broken else "",
        ending=report.ending.value,
        reason=report.reason,
        unsafe=tuple(unsafe),
        is_explained="nothing moves without its record" in report.reason,
        is_recovered=home.holds(parse_formula(errand.goal)),
        steps=tuple(map(str, home.steps)),
    )


class ClockJump(Fault):
    """The wall clock jumps by up to an hour, forwards or back."""

    words = ()

    def strike(self) -> None:
        """Let it jump."""
        self.offset_s = float(self.rng.uniform(-HOUR_S, HOUR_S))
        real = time.time
        time.time = lambda: real() + self.offset_s
        self.stage.struck(f"the clock jumped by {self.offset_s:+.0f} s", must_stop=False)


class _JumpingDate(datetime):
    """`datetime` on a clock that may have jumped."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # only UTC is asked for
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=time.time())


def _clock_jump(rng: np.random.Generator) -> Trial:
    """Let the clock jump under a run that keeps a journal, whose dates follow it."""
    real = time.time

    def once() -> Trial:
        with tempfile.TemporaryDirectory() as root:
            folder = RunFolder(Path(root), "jump")
            staging = Staging(adapt=lambda parts, stage: with_listeners(parts, folder))
            try:
                return play(choice(rng, MOTIONS), [ClockJump(rng)], rng, staging=staging)
            finally:
                time.time = real
                folder.close()

    with _dates_that_jump():
        trial = until_injected(once)
    effect = () if trial.ending in COMPLETE else (f"it had an effect: {trial.reason}",)
    return replace(trial, unsafe=(*trial.unsafe, *effect))


@contextmanager
def _dates_that_jump() -> Iterator[None]:
    modules = (exchanges, journal)
    for module in modules:
        module.datetime = _JumpingDate  # type: ignore[attr-defined]  # put back below
    try:
        yield
    finally:
        for module in modules:
            module.datetime = datetime  # type: ignore[attr-defined]


RECORD_ROWS: tuple[Row, ...] = (
    Row(
        name="journal-broken", group="processes",
        injection="somebody removes, replaces or damages the journal or its log, before any event",
        expected="no step without its intent on record; stopped, and said so", inject=_broken_journal,
    ),
    Row(
        name="clock-jump", group="processes",
        injection="the wall clock jumps by up to an hour, forwards or back, in mid-motion",
        expected="no effect", inject=_clock_jump,
    ),
)  # fmt: skip
"""What may happen to the record of a run."""
