"""Room planner: the recovery ladder's counters: which rung is next after a call failed."""

from __future__ import annotations

from collections import Counter

from skills import SkillCall

from .actor import Attempt
from .events import Rung
from .settings import Bounds


class Ladder:
    """Counts failures per call and implementation; every rung is bounded."""

    def __init__(self, bounds: Bounds) -> None:
        """Start at the ground."""
        self._bounds = bounds
        self._failures: Counter[SkillCall] = Counter()
        self._tries: Counter[tuple[SkillCall, int]] = Counter()
        self._implementation: dict[SkillCall, int] = {}
        self.replans = 0
        self.questions = 0
        self.forbidden: set[SkillCall] = set()
        """Calls that failed with every implementation as often as allowed."""

    def attempt(self, number: int, call: SkillCall) -> Attempt:
        """Return how to do `call` this time."""
        index = self._implementation.get(call, 0)
        return Attempt(number=number, call=call, implementation=index, attempt=self._failures[call])

    def failures(self, call: SkillCall) -> int:
        """Return how often `call` failed in this run."""
        return self._failures[call]

    def may_replan(self) -> bool:
        """Return whether one more repair or decomposition is within bounds."""
        return self.replans < self._bounds.replans

    def may_ask(self) -> bool:
        """Return whether one more question is within bounds."""
        return self.questions < self._bounds.questions

    def after_failure(
        self, call: SkillCall, *, is_applicable: bool, was_vetoed: bool, implementations: int
    ) -> Rung:
        """Count a failure and return the rung to take: a retry, another implementation, or replanning.

        Args:
            call: What failed.
            is_applicable: Whether its precondition still holds in the observed scene.
            was_vetoed: A veto is never retried unchanged.
            implementations: How many the skill has.
        """
        index = self._implementation.get(call, 0)
        self._failures[call] += 1
        self._tries[call, index] += 1
        if was_vetoed:
            self.forbidden.add(call)
            return Rung.REPAIR
        if not is_applicable:
            return Rung.REPAIR
        if self._tries[call, index] <= self._bounds.retries:
            return Rung.RETRY
        if index + 1 < implementations:
            self._implementation[call] = index + 1
            return Rung.OTHER_IMPLEMENTATION
        self.forbidden.add(call)
        return Rung.REPAIR

    def pardon(self) -> None:
        """Allow forbidden calls again, with fresh retries: a new plan may need them after all."""
        self.forbidden.clear()
        self._tries.clear()
