"""Room planner: every question to the language model goes through here: counted, timed, told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from grounding import Scene, to_pddl
from grounding.frame_watch import FrameWatch
from planner.language_model import Decomposition, Failure, Scores, Task, ThinksAhead, Usage
from skills import SkillCall

from .events import ModelCalled, ModelFailed, Vetoed
from .parts import Parts, Stopwatch


class Consultant:
    """Asks the model; `calls` says how often it was asked."""

    def __init__(self, parts: Parts, watch: Stopwatch) -> None:
        """Take the model and the clock."""
        self._parts = parts
        self._watch = watch
        self._frames = FrameWatch()
        self.calls = 0
        self.decompositions = 0

    def decompose(self, task: Task, scene: Scene) -> Decomposition | Failure:
        """Return a goal and steps, or why there are none. One model call."""
        shown = self._with_pictures(scene)
        with self._watch.spending("model"):
            answer = self._parts.model.decompose(task, shown, self._parts.library.contracts)
        self.decompositions += 1
        told = answer.prompt_hash or _hash(task, scene)
        if isinstance(answer, Failure):
            self._note_failure("decompose", told, answer)
        else:
            text = answer.not_understood or answer.question or _goal_text(answer)
            self._record("decompose", told, answer.model, answer.usage, text)
        return answer

    def score(self, task: Task, scene: Scene, candidates: Sequence[SkillCall]) -> Scores | Failure:
        """Rate candidates, or say why not. One model call."""
        with self._watch.spending("model"):
            answer = self._parts.model.score(task, scene, self._parts.library.contracts, candidates)
        told = answer.prompt_hash or _hash(task, scene, *map(str, candidates))
        if isinstance(answer, Failure):
            self._note_failure("score", told, answer)
            return answer
        best = sorted(answer.scores, key=lambda s: -s.probability)[:3]
        text = ", ".join(f"{s.call} {s.probability:.3f}" for s in best)
        prefetched = " (computed ahead)" if answer.was_prefetched else ""
        self._record("score", told, answer.model, answer.usage, text + prefetched)
        return answer

    def think_ahead(self, task: Task, scene: Scene, candidates: Sequence[SkillCall]) -> None:
        """Let the model begin to rate what is predicted to come next, if it can and may."""
        model = self._parts.model
        if self._parts.settings.prefetch and isinstance(model, ThinksAhead):
            model.prefetch_score(task, scene, self._parts.library.contracts, candidates)

    def _with_pictures(self, scene: Scene) -> Scene:
        """Return the scene with the pictures that the model is shown, taken now: the robot is at rest.

        Pictures that cannot be believed are not shown; the model then has the facts alone, which is told.
        """
        cameras = self._parts.settings.cameras
        if not cameras:
            return scene
        with self._watch.spending("perceiving"):
            seen = self._parts.robot.observe(cameras=cameras)
            wrong = self._frames.check(seen.frames, seen.time_s)
        if wrong is not None:
            self._parts.emit(Vetoed(subject="showing the model a picture", violations=(wrong,)))
            return scene
        return replace(scene, observation=replace(scene.observation, frames=seen.frames))

    def _note_failure(self, purpose: str, prompt_hash: str, failure: Failure) -> None:
        self.calls += failure.usage.calls
        self._parts.emit(
            ModelFailed(
                purpose=purpose,
                model=failure.model or self._parts.model.name,
                prompt_hash=prompt_hash,
                usage=failure.usage,
                kind=failure.kind.value,
                reason=failure.reason,
            )
        )

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
