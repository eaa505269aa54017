"""A language model that says what the test wrote, and fails on every call more or less."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grounding import Scene, parse_formula
from planner.language_model import Decomposition, Failure, Score, Scores, Step, Task
from skills import Contract, SkillCall

Rate = Callable[[SkillCall], float]


class ScriptedModel:
    """Decompositions and ratings in the order of the script."""

    name = "scripted"

    def __init__(self, *script: Decomposition | Failure | Rate) -> None:
        self._script = list(script)
        self.tasks: list[Task] = []

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        answer = self._next(task, "decompose")
        assert isinstance(answer, Decomposition | Failure), "the script expects a score call"
        return answer

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores | Failure:
        rate = self._next(task, "score")
        if isinstance(rate, Failure):
            return rate
        assert not isinstance(rate, Decomposition), "the script expects a decompose call"
        weights = [rate(call) for call in candidates]
        total = sum(weights)
        rated = zip(candidates, weights, strict=True)
        return Scores(scores=tuple(Score(call=c, probability=w / total, method="scripted") for c, w in rated))

    def finish(self) -> None:
        assert not self._script, f"{len(self._script)} scripted answers were not asked for"

    def _next(self, task: Task, purpose: str) -> Decomposition | Failure | Rate:
        assert self._script, f"unexpected {purpose} call: {task}"
        self.tasks.append(task)
        return self._script.pop(0)


def decomposition(goal: str | None, *calls: str, alternatives: Sequence[str] = ()) -> Decomposition:
    """Return an answer with steps written as `pick apple_1`."""
    steps = tuple(Step(call=call(text), reason="scripted") for text in calls)
    if alternatives:
        others = tuple(call(text) for text in alternatives)
        steps = tuple(
            Step(
                call=s.call,
                reason=s.reason,
                alternatives=tuple(o for o in others if o.skill == s.call.skill),
            )
            for s in steps
        )
    return Decomposition(goal=parse_formula(goal) if goal else None, steps=steps)


def call(text: str) -> SkillCall:
    """Return `pick(apple_1)` for `pick apple_1`."""
    skill, *arguments = text.split()
    return SkillCall(skill, tuple(arguments))
