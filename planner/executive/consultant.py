"""Room planner: every question to the language model goes through here: counted, timed, journalled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from grounding import Scene, to_pddl
from planner.language_model import Decomposition, Scores, Task, Usage
from skills import SkillCall

from .events import ModelCalled
from .parts import Parts, Stopwatch


class Consultant:
    """Asks the model; `calls` says how often it was asked."""

    def __init__(self, parts: Parts, watch: Stopwatch) -> None:
        """Take the model and the clock."""
        self._parts = parts
        self._watch = watch
        self.calls = 0
        self.decompositions = 0

    def decompose(self, task: Task, scene: Scene) -> Decomposition:
        """Return a goal and steps. One model call."""
        with self._watch.spending("model"):
            answer = self._parts.model.decompose(task, scene, self._parts.library.contracts)
        self.decompositions += 1
        text = answer.not_understood or answer.question or _goal_text(answer)
        self._record("decompose", _hash(task, scene), answer.model, answer.usage, text)
        return answer

    def score(self, task: Task, scene: Scene, candidates: Sequence[SkillCall]) -> Scores:
        """Rate candidates. One model call."""
        with self._watch.spending("model"):
            answer = self._parts.model.score(task, scene, self._parts.library.contracts, candidates)
        best = sorted(answer.scores, key=lambda s: -s.probability)[:3]
        text = ", ".join(f"{s.call} {s.probability:.3f}" for s in best)
        self._record("score", _hash(task, scene, *map(str, candidates)), answer.model, answer.usage, text)
        return answer

    def _record(self, purpose: str, prompt_hash: str, model: str, usage: Usage, answer: str) -> None:
        self.calls += usage.calls
        if not usage.latency_s:
            usage = replace(usage, latency_s=round(self._watch.last_s, 6))
        name = model or self._parts.model.name
        self._parts.emit(
            ModelCalled(purpose=purpose, model=name, prompt_hash=prompt_hash, usage=usage, answer=answer)
        )


def _goal_text(answer: Decomposition) -> str:
    if answer.goal is not None:
        return to_pddl(answer.goal)
    return ", ".join(str(step.call) for step in answer.steps)


def _hash(task: Task, scene: Scene, *more: str) -> str:
    goal = to_pddl(task.goal) if task.goal is not None else ""
    told = [task.instruction, goal, *map(str, task.done), task.surprise or "", task.answer or "", *more]
    told += [" ".join(fact) for fact in sorted(scene.facts)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
