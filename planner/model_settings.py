"""Room planner: how a session uses its language model; travels to benchmark workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from planner.remote.gateway.settings import CallSettings
from planner.remote.profiles import ScorerName


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """Everything about the model besides its name; the offline model needs none of it."""

    calls: CallSettings = field(default_factory=CallSettings)
    scorer: ScorerName | None = None
    """How candidates are rated; None takes what suits the model."""
    samples: int = 5
    """Distributions that `verbal` averages."""
    orders: int = 1
    """Shuffled menus that `letters` averages."""
    pictures: bool = True
    """Show the head camera's picture with a decomposition, to models that see."""
    prefetch: bool = False
    """Rate the next candidates while a skill runs; pays for ratings of scenes that do not come."""
    calibration: Path | None = None
    """When to ask the person, as `saycando calibrate` fitted it."""
