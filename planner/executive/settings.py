"""Room planner: how the executive may behave: strategy and bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Strategy(StrEnum):
    """How the next skill is chosen."""

    PLAN_AHEAD = "plan-ahead"
    """One model call per instruction, one more per surprise; say comes from the plan."""
    SAYCAN = "saycan"
    """The model scores every candidate before every step, as published (Ahn et al. 2022)."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Where a run ends whatever happens."""

    steps: int = 60
    """Skills dispatched, retries included."""
    replans: int = 6
    """Symbolic repairs and new decompositions together, after the first plan."""
    decompositions: int = 3
    """Model calls that decompose, the first one included."""
    retries: int = 2
    """Further attempts of one call with one implementation."""
    questions: int = 3
    """Questions to the person."""
    wall_s: float = 900.0
    """Wall time of a run, [s]."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What decides a run besides the instruction and the world."""

    strategy: Strategy = Strategy.PLAN_AHEAD
    seed: int = 0
    bounds: Bounds = field(default_factory=Bounds)
    least_combined: float = 0.005
    """A candidate whose say x can is below this is not done: our own choice, above the share that `done`
    and `ask` leave to a hopeless call."""
    cameras: tuple[str, ...] = ()
    """Cameras whose pictures the model is shown with a decomposition."""
    prefetch: bool = False
    """Let the model rate the next candidates while a skill runs, on the scene it is predicted to leave."""
    qhat: float | None = None
    """Calibrated threshold: ask the person unless exactly one option has a probability of at least
    1 - qhat; None asks only when two options are too close to call."""
    max_scene_age_s: float = 0.25
    """Look again when the newest scene is older than this on the robot's clock, [s]."""
