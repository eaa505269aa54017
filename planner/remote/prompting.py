"""Room planner: the prompts of a decision: what the model is told of task, scene and library."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from grounding import Scene, to_pddl
from planner.language_model import Task
from prompts import DecomposePrompt, Rendered, ScorePrompt, SituationPrompt
from skills import Contract

from .describe import compact, predicate_lines, scene_lines, skill_lines

GOAL_HEADING = "# The goal as understood before"
ANSWER_HEADING = "# The person's answer to your question"
SURPRISE_HEADING = "# What differs from what was expected"


class Prompting:
    """Renders prompts; the static parts are made once per library."""

    def __init__(self) -> None:
        """Make what never changes."""
        self._predicates = predicate_lines()
        self._skills = lru_cache(maxsize=4)(skill_lines)

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Rendered:
        """Return the prompt that asks for a goal and steps."""
        return self._render(DecomposePrompt, task, scene_lines(scene, with_positions=True), contracts)

    def score(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Rendered:
        """Return the prompt that asks which of some options is right next; the scorer adds the options."""
        return self._render(ScorePrompt, task, scene_lines(scene, with_positions=False), contracts)

    def situation(self, instruction: str, scene: str, contracts: Sequence[Contract]) -> Rendered:
        """Return the score prompt of a labelled situation, whose scene is a sentence."""
        return self._render(ScorePrompt, Task(instruction=instruction), compact(scene), contracts)

    def _render(
        self, site: type[SituationPrompt], task: Task, scene: str, contracts: Sequence[Contract]
    ) -> Rendered:
        return site(
            skills=self._skills(tuple(contracts)),
            predicates=self._predicates,
            instruction=compact(task.instruction),
            dialogue=_dialogue(task),
            done=_done(task),
            scene=scene,
            surprise=_surprise(task),
        ).render()


def _dialogue(task: Task) -> str:
    parts = []
    if task.goal is not None:
        parts.append(f"\n{GOAL_HEADING}\n{to_pddl(task.goal)}\n")
    if task.answer:
        parts.append(f"\n{ANSWER_HEADING}\n{compact(task.answer)}\n")
    return "".join(parts)


def _done(task: Task) -> str:
    return " ".join(map(str, task.done)) or "nothing"


def _surprise(task: Task) -> str:
    return f"\n{SURPRISE_HEADING}\n{compact(task.surprise)}\n" if task.surprise else ""
