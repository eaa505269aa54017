"""Room planner: what the executive is made of; everything comes in here, nothing is looked up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from grounding import Perception, Scene
from planner.language_model import LanguageModel
from robots import Robot
from safety import InstructionGate, Supervisor, WordsOnly
from skills import Affordance, Contract, Skill, SkillCall

from .errors import JournalBroken
from .events import Event, Listener
from .report import Timings
from .settings import Settings


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question to the person."""

    question: str
    options: tuple[str, ...] = ()
    """Possible answers; empty when any words will do."""
    probabilities: tuple[float, ...] = ()
    """The model's belief in each option; empty when it did not rate them."""


Person: TypeAlias = Callable[[Inquiry], str | None]
"""Asks somebody; None means that nobody answered."""


class Library(Protocol):
    """The closed set of skills."""

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """Return every contract."""
        ...

    def __getitem__(self, name: str, /) -> Skill:
        """Return the skill called `name`."""
        ...

    def ground(self, scene: Scene, /) -> tuple[SkillCall, ...]:
        """Return every type-correct call in the scene."""
        ...


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Body, eyes, skills, words, veto, and who listens."""

    robot: Robot
    perception: Perception
    library: Library
    model: LanguageModel
    supervisor: Supervisor
    gate: InstructionGate = field(default_factory=WordsOnly)
    settings: Settings = field(default_factory=Settings)
    listeners: tuple[Listener, ...] = ()
    person: Person | None = None
    is_cancelled: Callable[[], bool] = lambda: False
    """Polled between steps, and by skills between ticks; may become true in another thread."""

    def emit(self, event: Event) -> None:
        """Tell every listener, the journal first.

        Raises:
            JournalBroken: If it cannot be written down; nobody else hears of it.
        """
        for listener in self.listeners:
            listener(event)

    def tell(self, event: Event) -> None:
        """Tell every listener of an end, also when it cannot be written down any more."""
        for listener in self.listeners:
            with suppress(JournalBroken):
                listener(event)

    def can(self, call: SkillCall, scene: Scene) -> Affordance:
        """Return the affordance of a call."""
        return self.library[call.skill].affordance(call, scene)


class Stopwatch:
    """Adds up wall time by what it was spent on; the innermost activity gets the time."""

    def __init__(self) -> None:
        """Start now."""
        self._start = time.monotonic()
        self._mark = self._start
        self._stack = ["other"]
        self.last_s = 0.0
        """Duration of the newest finished block, [s]."""
        self._spent = {"other": 0.0, "planning": 0.0, "model": 0.0, "perceiving": 0.0, "acting": 0.0}

    @contextmanager
    def spending(self, activity: str) -> Iterator[None]:
        """Count the time inside the block for `activity`."""
        self._lap()
        self._stack.append(activity)
        began = self._mark
        try:
            yield
        finally:
            self._lap()
            self._stack.pop()
            self.last_s = self._mark - began

    @property
    def elapsed_s(self) -> float:
        """Return the wall time since the start, [s]."""
        return time.monotonic() - self._start

    def timings(self) -> Timings:
        """Return the sums so far."""
        self._lap()
        return Timings(
            wall_s=self.elapsed_s,
            planning_s=self._spent["planning"],
            model_s=self._spent["model"],
            perceiving_s=self._spent["perceiving"],
            acting_s=self._spent["acting"],
        )

    def _lap(self) -> None:
        now = time.monotonic()
        self._spent[self._stack[-1]] += now - self._mark
        self._mark = now


class Senses:
    """Looks at the world through robot and perception."""

    def __init__(self, parts: Parts, watch: Stopwatch, robot: Robot | None = None) -> None:
        """Take what to look with; `robot` is the guarded one, which tells no nonsense about its joints."""
        self._parts = parts
        self._watch = watch
        self._robot = parts.robot if robot is None else robot

    def look(self) -> Scene:
        """Return a fresh scene."""
        with self._watch.spending("perceiving"):
            perception = self._parts.perception
            return perception.perceive(self._robot.observe(cameras=perception.cameras))

    def refresh(self, scene: Scene) -> Scene:
        """Return `scene`, or a new one when it has grown old on the robot's clock."""
        if scene.age_s(self.now_s()) <= self._parts.settings.max_scene_age_s:
            return scene
        return self.look()

    def now_s(self) -> float:
        """Return the robot's clock, [s]."""
        return self._robot.observe().time_s
