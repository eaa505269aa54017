"""Room planner: the `LanguageModel` protocol: decompose an instruction, rate the next skill.

The offline model, the cloud clients and a scripted model in the tests all implement it. A model proposes;
nothing it returns moves the robot before `planner.symbolic` verified it and the supervisor allowed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from grounding import Formula, Scene
from skills import Contract, SkillCall

DONE = SkillCall("done")
"""The candidate that ends the task; its feasibility is the goal, never the model's word."""

ASK = SkillCall("ask")
"""The candidate that asks the person."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One proposed call, with what could be done instead and why it was proposed."""

    call: SkillCall
    reason: str
    alternatives: tuple[SkillCall, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one model call cost."""

    calls: int = 1
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    latency_s: float = 0.0
    settings: str = ""
    """What the answer depended on besides the words: temperature, effort, seed; empty when nothing."""


@dataclass(frozen=True, kw_only=True)
class Decomposition:
    """A model's answer to an instruction: a goal and steps, or a question, or what was not understood."""

    goal: Formula | None
    """What must hold at the end; None when the model gives only steps."""
    steps: tuple[Step, ...] = ()
    question: str | None = None
    """Set when the person must choose before anything moves."""
    options: tuple[str, ...] = ()
    """Possible answers to `question`."""
    not_understood: str | None = None
    """Set when the instruction cannot be done or read; one sentence with the nearest things that can."""
    model: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, kw_only=True)
class Score:
    """The model's rating of one candidate."""

    call: SkillCall
    probability: float
    method: str
    """Which scorer made it, e.g. "offline", "decisions", "echo", "letters"."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Ratings of all candidates of one decision; probabilities sum to 1."""

    scores: tuple[Score, ...]
    model: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What the model is told: the person's words, what has been done, what surprised us."""

    instruction: str
    goal: Formula | None = None
    """Known goal, once a decomposition gave one."""
    done: tuple[SkillCall, ...] = ()
    """Calls that succeeded so far."""
    surprise: str | None = None
    """Text difference between expected and observed state, when replanning."""
    answer: str | None = None
    """The person's answer to the model's last question."""


class LanguageModel(Protocol):
    """Something that understands instructions."""

    @property
    def name(self) -> str:
        """Return provider and model for the journal, e.g. "offline" or "openai:gpt-..."."""
        ...

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition:
        """Return a goal and steps for the instruction. One model call."""
        ...

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores:
        """Rate every candidate for being the next step. One model call."""
        ...
