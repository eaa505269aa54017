"""Room planner: a fault in a simulated home: it waits for its moment, strikes once, and says what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from planner.executive import Event

if TYPE_CHECKING:
    from .stage import Stage


class SkillRunsAway(BaseException):
    """Ends a skill that nobody stopped; nothing in a run may catch it and go on."""


class Fault:
    """Does nothing; subclasses say what. One object is one fault of one trial."""

    words: ClassVar[tuple[str, ...]] = ()
    """One of these must stand in the record of a run that this fault stops."""
    latest: ClassVar[float] = 0.7
    """Strikes before so much of the chore's usual motion is over."""
    may_recover: bool = True
    """Whether the task can be finished in spite of it; a fault may change this when it strikes."""
    is_exception: bool = False
    """Whether it is itself an exception: then a run may end with one, if the record names it."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Take the dice."""
        self.rng = rng
        self.stage: Stage
        self.has_struck = False
        self.reaction_s: float | None = None
        """Measured by the fault itself, [s]; None leaves it to the witness, who waits for standstill."""
        self._moment = 0
        self._moving = 0

    def enter(self, stage: Stage) -> None:
        """Take the stage and choose the moment; called once, before the run."""
        self.stage = stage
        self._moment = int(self.rng.integers(1, max(2, round(stage.chore.ticks * self.latest))))

    def tick(self) -> None:
        """Called after every tick of the simulator: strike when the robot has moved for long enough."""
        self._moving += self.stage.is_moving
        if not self.has_struck and self._moving >= self._moment:
            self.has_struck = True
            self.strike()

    def strike(self) -> None:
        """Do it, and tell the stage."""

    def listen(self, event: Event) -> None:
        """Hear the run's events."""
