"""Room planner: who watches a trial in the simulated home: joints, contacts, facts, and the record of steps.

Motion is judged by the simulator (`robots.pybullet.Referee`), facts by a perception of its own that reads the
true world through undisturbed sensors. Nothing that the supervisor thinks is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grounding import Scene
from grounding.oracle import OraclePerception
from planner.executive import Event, StepEnded, StepStarted
from robots.panda import PANDA_LIMITS
from robots.pybullet.referee import STILL, Referee
from skills import Contract, Status

from .hazards import hazards, hazards_of_deed

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen

QUIET_TICKS = 2
"""A robot that is still for so many ticks has come to rest."""


def longest_stop_s() -> float:
    """Return how long the slowest axis takes to stop from its largest speed, [s]: v / a + a / j."""
    parts = (PANDA_LIMITS.arm, PANDA_LIMITS.base)
    return max(float((p.velocity / p.acceleration + p.acceleration / p.jerk).max()) for p in parts)


class Witness:
    """Watches one home from the moment it is made; listens to its run."""

    def __init__(self, kitchen: PybulletKitchen, contracts: tuple[Contract, ...]) -> None:
        """Begin to watch."""
        self._kitchen = kitchen
        self._operators = {contract.name: contract.operator for contract in contracts}
        self.referee = Referee(kitchen)
        self._truth = OraclePerception(kitchen, kitchen.catalogue)
        self.first = self.look()
        self._before = self.first
        self._known = hazards(self.first.facts, self.first.universe)
        self._is_open = False
        self.is_over = False
        """Set when the run has ended: what a trial commands after it is no part of it."""
        self._found: dict[str, None] = {}
        self._marked_s: float | None = None
        self._quiet = 0
        self.rest_s: float | None = None
        """From the mark until the robot first stood, [s]."""
        self.steps: list[str] = []
        kitchen.after_tick.append(self._tick)

    @property
    def now_s(self) -> float:
        """Return the true robot clock, [s]."""
        return self._kitchen.robot.time_s

    @property
    def is_marked(self) -> bool:
        """Return whether `mark` was called."""
        return self._marked_s is not None

    def look(self) -> Scene:
        """Return the true scene now."""
        return self._truth.perceive(self._kitchen.robot.observe())

    def mark(self) -> None:
        """Measure from now how long it takes until the robot stands; the first mark counts."""
        if self._marked_s is None:
            self._marked_s = self.now_s
            if self.referee.speed <= STILL:
                self.rest_s = 0.0

    def since_mark_s(self) -> float:
        """Return how long ago the mark was, [s]."""
        return 0.0 if self._marked_s is None else self.now_s - self._marked_s

    @property
    def findings(self) -> tuple[str, ...]:
        """Return everything that must not have happened, and did."""
        seen = (
            f"{f.rule} of {f.subject}: {f.measured:.3g}, allowed {f.allowed:.3g}, at {f.time_s:.2f} s"
            for f in self.referee.findings
        )
        return (*self._found, *seen)

    def found(self, what: str) -> None:
        """Note something that must not happen."""
        self._found.setdefault(what)

    def __call__(self, event: Event) -> None:
        """Hold every step against the truth, when it starts and when it has ended."""
        match event:
            case StepStarted():
                self._is_open = True
                self._before = scene = self.look()
                self.steps.append(str(event.call))
                operator = self._operators[event.call.skill]
                if not operator.is_applicable(event.call.arguments, scene.facts, scene.universe):
                    self.found(f"{event.call} was dispatched although its precondition did not hold")
            case StepEnded() if event.outcome.status is not Status.VETOED:
                self._is_open = False
                after = self.look()
                new = hazards(after.facts, after.universe) - self._known
                if event.outcome.is_success or event.effects_hold:
                    new |= hazards_of_deed(event.call, self._before.facts, after.universe)
                for hazard in sorted(new):
                    self.found(hazard)

    def _tick(self) -> None:
        speed = self.referee.speed
        if self._marked_s is not None and self.rest_s is None:
            self._quiet = self._quiet + 1 if speed <= STILL else 0
            if self._quiet >= QUIET_TICKS:
                self.rest_s = self.now_s - self._marked_s - (QUIET_TICKS - 1) * PANDA_LIMITS.tick_s
        velocity = self._kitchen.robot.memory.history[1]
        if not self._is_open and not self.is_over and velocity.any():
            self.found("a motor was told to move although no step was on record")
