"""Room planner: what is known about models, in one data file: what they can do, which is the default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

PROFILES_FILE = Path(__file__).with_name("profiles.yaml")

ScorerName = Literal["decisions", "letters", "verbal", "echo"]
SCORERS: tuple[ScorerName, ...] = ("decisions", "letters", "verbal", "echo")


class Profile(BaseModel):
    """What one model can do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scorer: ScorerName
    pictures: bool = False
    effort: str | None = None


class Profiles(BaseModel):
    """All that is known, with its date."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    defaults: Mapping[str, str]
    """Provider to the model that is used when only the provider is named."""
    decisions_model: str
    """The model behind OpenAI's Decisions endpoint."""
    profiles: Mapping[str, Profile]

    def of(self, model: str) -> Profile:
        """Return what is known about `provider:model`."""
        return next(p for pattern, p in self.profiles.items() if fnmatchcase(model, pattern))


@cache
def load_profiles() -> Profiles:
    """Read the shipped file."""
    return Profiles.model_validate(yaml.safe_load(PROFILES_FILE.read_text(encoding="utf-8")))
