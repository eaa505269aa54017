"""Room planner: rows for a journal that somebody else breaks in mid-run, and for a wall clock that jumps."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from planner.executive import Event
from planner.journal import FILE, RunFolder, exchanges, journal, read_events

from .broken_journal import WAYS, break_dry, break_in_motion
from .chores import FETCH, MOTIONS
from .fault import Fault
from .home_rows import choice, until_injected
from .stage import Staging, play, with_listeners
from .trial import COMPLETE, Row, Trial

HOUR_S, LEAST_S = 3600.0, 60.0
"""How far a clock jumps, [s]."""
IN_MOTION = 0.25
"""Share of journals that are broken while an arm moves; the others, while facts change."""


def _broken_journal(rng: np.random.Generator) -> Trial:
    way = str(rng.choice(list(WAYS)))
    run = break_in_motion if rng.random() < IN_MOTION else break_dry
    return until_injected(lambda: run(rng, way))


class ClockJump(Fault):
    """The wall clock jumps by an hour, or by less, forwards or back."""

    words = ()
    offset_s = 0.0

    def strike(self) -> None:
        """Let it jump."""
        far_s = HOUR_S if self.rng.random() < 0.5 else float(self.rng.uniform(LEAST_S, HOUR_S))
        self.offset_s = offset_s = far_s * float(self.rng.choice([-1.0, 1.0]))
        real = time.time
        time.time = lambda: real() + offset_s
        self.stage.struck(f"the clock jumped by {offset_s:+.0f} s", must_stop=False)


class _JumpingDate(datetime):
    """`datetime` on a clock that may have jumped."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # only UTC is asked for
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=time.time())


def _clock_jump(rng: np.random.Generator) -> Trial:
    with _dates_that_jump():
        return until_injected(lambda: _jump_once(rng))


def _jump_once(rng: np.random.Generator) -> Trial:
    """Let the clock jump under a run that keeps a journal, whose dates follow it: nothing else may."""
    heard, fault, real = list[Event](), ClockJump(rng), time.time
    with tempfile.TemporaryDirectory() as root:
        folder = RunFolder(Path(root), "jump")
        staging = Staging(adapt=lambda parts, stage: with_listeners(parts, folder, heard.append))
        try:
            trial = play(choice(rng, (FETCH, *MOTIONS)), [fault], rng, staging=staging)
        finally:
            time.time = real
            folder.close()
        kinds, jumped_s = [kind for kind, _ in read_events(folder.path)], _largest_jump_s(folder.path)
    unsafe = list(trial.unsafe)
    if trial.ending not in COMPLETE:
        unsafe.append(f"it had an effect: {trial.reason}")
    if kinds != [type(event).__name__ for event in heard]:
        unsafe.append("the record is not whole, or out of order")
    if trial.injected and abs(jumped_s) < abs(fault.offset_s) / 2:
        return replace(trial, injected="", unsafe=tuple(unsafe))  # the dates did not see it: no evidence
    return replace(trial, unsafe=tuple(unsafe), measured={**trial.measured, "dates_jump_s": jumped_s})


def _largest_jump_s(folder: Path) -> float:
    """Return the largest step between the dates of successive records, [s]."""
    with closing(sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT at FROM events ORDER BY seq").fetchall()
    dates = [datetime.fromisoformat(at).timestamp() for (at,) in rows]
    return max((later - sooner for sooner, later in pairwise(dates)), key=abs, default=0.0)


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
        injection="somebody removes, replaces or damages the journal or its log, at any event or in motion",
        expected="no step without its intent on record; at rest, and said so", inject=_broken_journal,
    ),
    Row(
        name="clock-jump", group="processes",
        injection="the wall clock jumps by an hour, or a minute to an hour, forwards or back, in mid-motion",
        expected="no effect", inject=_clock_jump,
    ),
)  # fmt: skip
"""What may happen to the record of a run."""
