"""A run of the executive on a home of facts with a model over a wire, watched at every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from planner.executive import (
    Asked,
    Bounds,
    Ending,
    Event,
    Executive,
    Inquiry,
    Listener,
    ModelFailed,
    Report,
    RunEnded,
    Settings,
    StepStarted,
    Strategy,
)
from planner.language_model import FailureKind
from planner.remote.gateway import Ledger, Recording
from tests.fakes.symbolic_home import SymbolicHome
from tests.fakes.vendor import Vendor
from tests.fakes.wired_model import OPENAI, Wire, check_sentence, quick, wired


@dataclass
class WatchedRun:
    """A run and everything that it left."""

    home: SymbolicHome = field(
        default_factory=lambda: SymbolicHome({"apple_1": "table", "orange_1": "table"})
    )
    events: list[Event] = field(default_factory=list)
    requests: int = 0
    report: Report | None = None

    @property
    def failures(self) -> list[ModelFailed]:
        return [event for event in self.events if isinstance(event, ModelFailed)]

    @property
    def asked(self) -> list[Asked]:
        return [event for event in self.events if isinstance(event, Asked)]

    def watch(self, event: Event) -> None:
        """Note an event; what is about to be dispatched has to be possible in the home as it is now."""
        self.events.append(event)
        if isinstance(event, StepStarted):
            scene = self.home.perception.perceive(self.home.robot.observe())
            library = self.home.library()
            assert library.validate(event.call, scene) is None
            operator = library[event.call.skill].contract.operator
            assert operator.is_applicable(event.call.arguments, scene.facts, scene.universe), event.call


def run(
    vendor: Vendor,
    *,
    wire: Wire | str = OPENAI,
    strategy: Strategy = Strategy.PLAN_AHEAD,
    person: Callable[[Inquiry], str | None] | None = None,
    bounds: Bounds | None = None,
    home: SymbolicHome | None = None,
    prefetch: bool = False,
    ledger: Ledger | None = None,
    recording: Recording | None = None,
    listeners: tuple[Listener, ...] = (),
    **calls: Any,
) -> WatchedRun:
    """Run "bring me an apple" to its end; check what holds for every run."""
    kept = WatchedRun() if home is None else WatchedRun(home=home)
    settings = quick(**{"attempts": 2, **calls})
    with vendor, wired(vendor, wire, calls=settings, is_replay=recording is not None) as model:
        model.begin_run(ledger, recording)
        parts = kept.home.parts(
            model,
            settings=Settings(strategy=strategy, bounds=bounds or Bounds(), prefetch=prefetch),
            listeners=(*listeners, kept.watch),
            person=person,
        )
        kept.report = Executive(parts).run("bring me an apple")
        model.end_run()
        kept.requests = len(vendor.requests)
    assert kept.home.stops >= 1, "the robot was not stopped"
    last = kept.events[-1]
    assert isinstance(last, RunEnded) and last.ending == kept.report.ending
    for failure in kept.failures:
        check_sentence(failure.reason)
    return kept


def check_done(done: WatchedRun) -> None:
    assert done.report is not None and done.report.succeeded, done.report
    assert ("with_operator", "apple_1") in done.home.facts


def check_given_up(done: WatchedRun, kind: FailureKind, ending: Ending = Ending.STOPPED) -> str:
    """Check that it ended by this one failure of the model, and return its reason."""
    assert done.report is not None and done.report.ending is ending, done.report
    (failure,) = done.failures
    assert failure.kind == kind and failure.reason in done.report.reason
    return failure.reason
