"""Room planner: how a session behaves, whatever the home looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from planner.calibration import Calibration
from planner.executive import Bounds, Library, Listener, Person, Strategy
from planner.language_model import LanguageModel
from planner.model_settings import ModelSettings
from planner.remote.gateway import Recording
from robots.catalogue import Catalogue
from safety import InstructionGate, Supervisor

if TYPE_CHECKING:
    from robots.pybullet import Layout


@dataclass(frozen=True, kw_only=True)
class SessionOptions:
    """How a session behaves, whatever the home looks like."""

    strategy: Strategy | str = Strategy.PLAN_AHEAD
    model: str | LanguageModel = "offline"
    model_settings: ModelSettings = field(default_factory=ModelSettings)
    """How a model that is reached over a wire is used."""
    perception: str = "oracle"
    bounds: Bounds = field(default_factory=Bounds)
    run_root: Path | None = Path("runs")
    """Where run folders are made; None keeps no evidence."""
    record: bool = False
    """Also write `run.mp4`; needs a run folder."""
    gui: bool = False
    """Open the simulator's window."""
    catalogue: Catalogue | None = None
    """Known objects; default is the shipped catalogue."""
    layout: Layout | None = None
    """Furniture; default is what the scene names."""
    library: Library | None = None
    """Skills; default is the household's."""
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Skill to its implementations in order, as URIs: `{"pick": ("onnx:my.onnx", "primitive")}`."""
    supervision: str = "full"
    """"full", or "contracts": only what is unknown, stale or does not apply is denied."""
    supervisor: Supervisor | None = None
    """Layers 2 to 5; default is what `supervision` says."""
    gate: InstructionGate | None = None
    """Layer 1; default is what `supervision` says."""
    person: Person | None = None
    """Answers questions; None when nobody is there."""
    listeners: tuple[Listener, ...] = ()
    """Told every event of every run, after the journal."""
    calibration: Calibration | None = None
    """When to ask the person; default is the file that the model's settings name."""
    recording: Recording | None = None
    """Answers of an earlier run; what they hold is not asked again."""
    replay_only: bool = False
    """Send nothing: a question that the recording does not answer fails."""


def library_for(options: SessionOptions) -> Library:
    """Return the skills of a session, with the implementations that were chosen.

    Raises:
        SkillChoiceError: If one cannot be used.
    """
    from skills.library import SkillLibrary, household_library

    library = household_library() if options.library is None else options.library
    if not options.skills:
        return library
    from skills.policies.uri import SkillChoiceError, with_implementations

    if not isinstance(library, SkillLibrary):
        raise SkillChoiceError("implementations can be chosen in a SkillLibrary only")
    return with_implementations(library, options.skills)
