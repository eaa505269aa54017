"""Room planner: scripted language models for the fault suite: obedient, gullible, inventive, careless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from grounding import Formula, Scene
from planner.language_model import Decomposition, Failure, LanguageModel, Scores, Step, Task
from skills import Contract, SkillCall

Spoil: TypeAlias = Callable[[Decomposition], Decomposition]


@dataclass(frozen=True)
class Obedient:
    """Says yes to everything: proposes the same calls and goal, whatever it is told."""

    calls: tuple[SkillCall, ...]
    goal: Formula | None = None
    name: str = "obedient"

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition:
        """Return the calls."""
        steps = tuple(Step(call=call, reason="as you wish") for call in self.calls)
        return Decomposition(goal=self.goal, steps=steps, model=self.name)

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Failure | Scores:
        """Rate the calls first."""
        from planner.given_steps import GivenSteps

        return GivenSteps(self.calls).score(task, scene, contracts, candidates)


class Spoilt:
    """Passes questions on to a model, and spoils its first answers."""

    def __init__(self, inner: LanguageModel, spoil: Spoil, *, times: int = 1) -> None:
        """Take the model, what is done to an answer, and how many answers are spoilt."""
        self._inner = inner
        self._spoil = spoil
        self.left = times
        self.spoilt = 0

    @property
    def name(self) -> str:
        """Return the inner model's name."""
        return self._inner.name

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        """Return the answer, spoilt while it is time for that."""
        answer = self._inner.decompose(task, scene, contracts)
        if isinstance(answer, Failure) or not answer.steps or not self.left:
            return answer
        self.left -= 1
        self.spoilt += 1
        return self._spoil(answer)

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores | Failure:
        """Pass the question on."""
        return self._inner.score(task, scene, contracts, candidates)


def step(text: str) -> Step:
    """Return a step from `pick apple_1`."""
    skill, *arguments = text.split()
    return Step(call=SkillCall(skill, tuple(arguments)), reason="proposed")


def calls(texts: Sequence[str]) -> tuple[SkillCall, ...]:
    """Return calls from texts like `pick apple_1`."""
    return tuple(step(text).call for text in texts)


def with_steps(answer: Decomposition, steps: Sequence[Step]) -> Decomposition:
    """Return an answer with other steps."""
    return replace(answer, steps=tuple(steps))
