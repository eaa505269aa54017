"""Room planner: the executive: the loop from a sentence to a finished chore, and how it recovers."""

from .events import (
    Asked,
    Decided,
    Event,
    Listener,
    ModelCalled,
    ModelFailed,
    PlanMade,
    Recovering,
    RunEnded,
    Rung,
    RunStarted,
    StepEnded,
    StepStarted,
    Vetoed,
)
from .executive import Executive
from .parts import Inquiry, Library, Parts, Person
from .preview import PlannedStep, Preview, preview
from .report import Ending, Report, StepRecord, Timings
from .settings import Bounds, Settings, Strategy

__all__ = [
    "Asked",
    "Bounds",
    "Decided",
    "Ending",
    "Event",
    "Executive",
    "Inquiry",
    "Library",
    "Listener",
    "ModelCalled",
    "ModelFailed",
    "Parts",
    "Person",
    "PlanMade",
    "PlannedStep",
    "Preview",
    "Recovering",
    "Report",
    "Rung",
    "RunEnded",
    "RunStarted",
    "Settings",
    "StepEnded",
    "StepRecord",
    "StepStarted",
    "Strategy",
    "Timings",
    "Vetoed",
    "preview",
]
