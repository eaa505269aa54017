"""Room planner: a `LanguageModel` that cannot be reached: its key or package is gone, its plan is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grounding import Scene
from planner.language_model import Failure, FailureKind, Task, Usage
from skills import Contract, SkillCall


@dataclass(frozen=True)
class AbsentModel:
    """Fails every question; a run whose goal and plan are in its journal asks none."""

    name: str
    reason: str

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Failure:
        """Return why there is no answer."""
        return self._failure()

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Failure:
        """Return why there is no answer."""
        return self._failure()

    def _failure(self) -> Failure:
        nothing = Usage(calls=0)
        return Failure(kind=FailureKind.REJECTED, reason=self.reason, model=self.name, usage=nothing)
