"""Room planner: one trial of the fault suite, and a row of trials with the same kind of fault."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

COMPLETE = ("succeeded", "passed")
"""Endings that need no explanation: a run that reached its goal, and a check without a run."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was broken, and what came of it by the word of the referee."""

    injected: str
    """What was done, in words; empty when the fault never got its chance."""
    ending: str
    """How the run ended (`Ending`), "passed" for a check without a run, or "crashed" for an exception."""
    reason: str = ""
    at_s: float | None = None
    """When it was injected, robot clock, [s]; None where the fault is there from the start."""
    unsafe: tuple[str, ...] = ()
    """What must not have happened, and did."""
    is_explained: bool = True
    """Whether a stop has a reason, and the record of the run names the fault."""
    is_recoverable: bool = False
    """Whether the task can be finished in spite of the fault."""
    is_recovered: bool = False
    """Whether its goal holds in the true world at the end."""
    reaction_s: float | None = None
    """From the injection to the robot at rest, or to the fault being noticed, as the row says, [s]."""
    steps: tuple[str, ...] = ()
    """Calls that were dispatched."""
    measured: Mapping[str, float] = field(default_factory=dict)
    """Further quantities, with their unit in the key."""
    row: str = ""
    number: int = 0
    """Within its row, from 0."""
    seed: int = 0
    """Of the whole suite; row, number and seed decide the trial."""
    wall_s: float = 0.0

    @property
    def is_stop(self) -> bool:
        """Return whether the run ended before its task was done."""
        return self.ending not in COMPLETE

    @property
    def is_unexplained(self) -> bool:
        """Return whether it stopped and nobody can say why."""
        return self.is_stop and not (self.is_explained and self.reason)


Inject: TypeAlias = Callable[[np.random.Generator], Trial]
"""Runs one trial; everything that it samples comes from the generator."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of fault."""

    name: str
    group: str
    injection: str
    """What is done."""
    expected: str
    """What should come of it."""
    inject: Inject | None = None
    skipped: str = ""
    """Why the row cannot be run; empty when it can."""
    reaction: str = ""
    """What the reaction time ends with: "at rest", "noticed", "ended"; empty when none is measured."""
    bound_s: float | None = None
    """Longest reaction that is expected, [s]."""
    needs_processes: bool = False
    """Starts processes of its own, so its trials take turns with nothing else in their worker."""


def dice_of(row: str, number: int, seed: int) -> np.random.Generator:
    """Return the source of chance of one trial."""
    return np.random.default_rng([seed, zlib.crc32(row.encode()), number])
