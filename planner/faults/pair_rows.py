"""Room planner: two faults of different kinds in one run of the simulated home, each at its own moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from .chores import FETCH
from .fault import Fault
from .home_rows import STOP_S, until_injected
from .people_faults import EmergencyStop, PersonEnters
from .sensors import STATE_AGE_S, JointDropout, JointsCorrupt
from .skill_faults import BrokenSkill
from .stage import Stage, Staging, play
from .trial import Row, Trial
from .world_faults import Moved, Slip, Swapped

WANTED, OTHER = "orange_1", "apple_1"
Make = Callable[[np.random.Generator], Fault]
KINDS: Mapping[str, tuple[Make, ...]] = {
    "sensors": (JointDropout, *(partial(JointsCorrupt, kind=kind) for kind in ("nan", "inf", "jump"))),
    "things": (
        partial(Slip, item=WANTED),
        partial(Moved, item=WANTED),
        partial(Swapped, one=WANTED, other=OTHER),
    ),
    "people": (PersonEnters, EmergencyStop),
    "skills": (partial(BrokenSkill, kinds=("dawdles", "raises")),),
}


def _pair(rng: np.random.Generator) -> Trial:
    trial = until_injected(lambda: _once(rng))
    was_touched = trial.measured.get("smallest_gap_m", 1.0) <= 0.0
    return replace(trial, is_recoverable=trial.is_recoverable and not was_touched, reaction_s=None)


def _once(rng: np.random.Generator) -> Trial:
    chosen = rng.choice(list(KINDS), 2, replace=False)
    faults = [KINDS[kind][int(rng.integers(len(KINDS[kind])))](rng) for kind in chosen]
    broken = next((f for f in faults if isinstance(f, BrokenSkill)), None)
    staging = Staging(library=broken.library() if broken is not None else None)
    story = list[str]()

    def look(stage: Stage) -> None:
        story.extend(stage.story)
        took_s = stage.witness.rest_s if stage.witness.rest_s is not None else stage.witness.since_mark_s()
        if stage.witness.is_marked and took_s > STATE_AGE_S + STOP_S:
            stage.witness.found(f"still moving {took_s:.2f} s after a fault that it must stop for")

    trial = play(FETCH, faults, rng, staging=staging, after=look)
    both_struck = len(story) == len(faults)
    return trial if both_struck or trial.unsafe or trial.is_unexplained else replace(trial, injected="")


PAIR_ROWS: tuple[Row, ...] = (
    Row(
        name="two-faults",
        group="pairs",
        injection="two of: joints lie, a thing moves or slips, somebody comes or stops it, a skill breaks",
        expected="what each of them alone leads to",
        inject=_pair,
    ),
)
"""Faults that meet."""
