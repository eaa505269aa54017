"""Room planner: the executive: the loop from a sentence to a finished chore, and how it recovers."""

from .errors import JournalBroken
from .events import (
    Asked,
    Decided,
    Event,
    Listener,
    ModelCalled,
    ModelFailed,
    PlanMade,
    Recovering,
    Reduced,
    RunEnded,
    Rung,
    RunResumed,
    RunStarted,
    SceneSeen,
    StepEnded,
    StepStarted,
    Vetoed,
)
from .executive import Executive
from .parts import Inquiry, Library, Parts, Person
from .past_run import Intent, PastRun, steps_after
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
    "Intent",
    "JournalBroken",
    "Library",
    "Listener",
    "ModelCalled",
    "ModelFailed",
    "Parts",
    "PastRun",
    "Person",
    "PlanMade",
    "PlannedStep",
    "Preview",
    "Recovering",
    "Reduced",
    "Report",
    "Rung",
    "RunEnded",
    "RunResumed",
    "RunStarted",
    "SceneSeen",
    "Settings",
    "StepEnded",
    "StepRecord",
    "StepStarted",
    "Strategy",
    "Timings",
    "Vetoed",
    "preview",
    "steps_after",
]
