"""Room planner: a `LanguageModel` for calls that a program names itself: `home.do("pick(apple_1)")`.

The calls take the same way as a model's proposal: verified, repaired where a step is missing, reviewed by the
supervisor, checked after they moved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grounding import Scene
from planner.language_model import Decomposition, Score, Scores, Step, Task
from planner.request import BadRequest
from skills import Contract, SkillCall

_CALL = re.compile(r"\s*(\w+)\s*\(\s*([\w\s,]*)\)\s*")


def read_call(text: str) -> SkillCall:
    """Read `pick(apple_1)`.

    Raises:
        BadRequest: If the text is not a call.
    """
    match = _CALL.fullmatch(text)
    if match is None:
        raise BadRequest(f"{text!r} is not a skill call; write for example: pick(apple_1)")
    arguments = tuple(part.strip() for part in match[2].split(",") if part.strip())
    return SkillCall(match[1], arguments)


@dataclass(frozen=True)
class GivenSteps:
    """Proposes exactly the calls that it was given, and rates the next of them highest."""

    calls: tuple[SkillCall, ...]

    @property
    def name(self) -> str:
        """Return "given"."""
        return "given"

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition:
        """Return the calls that are still to be done; their effects are the goal."""
        left = self.calls[self._done(task) :]
        steps = tuple(Step(call=call, reason="asked for by name") for call in left)
        return Decomposition(goal=None, steps=steps, are_steps_asked=True, model=self.name)

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores:
        """Rate the next given call 1 and everything else 0."""
        done = self._done(task)
        wanted = self.calls[done] if done < len(self.calls) else None
        scores = (
            Score(call=c, probability=1.0 if c == wanted else 0.0, method=self.name) for c in candidates
        )
        return Scores(scores=tuple(scores), model=self.name)

    def _done(self, task: Task) -> int:
        """Return how many of the given calls were done, in their order."""
        count = 0
        for call in task.done:
            if count < len(self.calls) and call == self.calls[count]:
                count += 1
        return count
