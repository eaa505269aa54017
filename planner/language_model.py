"""Room planner: the `LanguageModel` protocol: decompose an instruction, rate the next skill.

The offline model, the cloud clients and a scripted model in the tests all implement it. A model proposes;
nothing it returns moves the robot before `planner.symbolic` verified it and the supervisor allowed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from grounding import Fact, Formula, Scene
from skills import Contract, SkillCall

DONE = SkillCall("done")
"""The candidate that ends the task; its feasibility is the goal, never the model's word."""

ASK = SkillCall("ask")
"""The candidate that asks the person."""


NONE_OF_THESE = "none of these"
"""The option that every scorer adds: what a model says that finds no other one right."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One proposed call, with what could be done instead and why it was proposed."""

    call: SkillCall
    reason: str
    alternatives: tuple[SkillCall, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one question to the model cost, its corrections, retries and hedges included."""

    calls: int = 1
    """Requests that were sent; one answered by the cache or the record of an earlier run counts 0."""
    input_tokens: int = 0
    """Tokens read, cached ones included."""
    cached_tokens: int = 0
    written_tokens: int = 0
    """Input tokens that the vendor wrote into its prompt cache, at a price of their own."""
    output_tokens: int = 0
    usd: float | None = 0.0
    """Money by the price table; None when the model has no price there."""
    latency_s: float = 0.0
    settings: str = ""
    """What the answer depended on besides the words: temperature, effort, seed; empty when nothing."""


class FailureKind(StrEnum):
    """Why a model gave no usable answer."""

    REFUSED = "refused"
    """The model declined."""
    BAD_ANSWER = "bad answer"
    """It answered, was told what was wrong, and never became usable."""
    UNREACHABLE = "unreachable"
    """No connection, a broken reply, or a server that stayed overloaded."""
    DEADLINE = "deadline missed"
    REJECTED = "rejected"
    """The vendor will not serve us however often it is asked: key, quota, permission."""
    UNSUPPORTED = "unsupported"
    """The server knows no such request: no such endpoint, or not for this model, or not with these fields."""
    OVER_BUDGET = "over budget"
    """The run may not spend what the request could cost; nothing was sent."""
    CANCELLED = "cancelled"
    """Somebody ended the run while it waited; what was sent may be billed."""
    NO_RECORD = "not in the record"
    """A replay came to a question that the recorded run never had answered."""


PASSING = frozenset({FailureKind.UNREACHABLE, FailureKind.DEADLINE})
"""Failures that may be over after a while."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A question that got no usable answer: an expected outcome, with its reason."""

    kind: FailureKind
    reason: str
    """One sentence for people."""
    model: str = ""
    prompt_hash: str = ""
    usage: Usage = field(default_factory=Usage)

    def __str__(self) -> str:
        """Return what happened in one sentence."""
        return f"the language model gave no usable answer ({self.kind.value}): {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Decomposition:
    """A model's answer to an instruction: a goal and steps, or a question, or what was not understood."""

    goal: Formula | None
    """What must hold at the end; None when the model gives only steps."""
    steps: tuple[Step, ...] = ()
    are_steps_asked: bool = False
    """Whether somebody named exactly these steps, so that what they leave behind is what is wanted."""
    question: str | None = None
    """Set when the person must choose before anything moves."""
    options: tuple[str, ...] = ()
    """Possible answers to `question`."""
    not_understood: str | None = None
    """Set when the instruction cannot be done or read; one sentence with the nearest things that can."""
    model: str = ""
    prompt_hash: str = ""
    """SHA-256 of what the model was told, first 16 hex digits; empty when there was no prompt."""
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
    doubts: Mapping[Fact, float] = field(default_factory=dict)
    """Perceived facts that preconditions rest on and that the model doubts, with its probability."""
    agreement: float | None = None
    """Share of repeated samples with the same best option; None when only one was taken."""
    was_prefetched: bool = False
    """Whether it was computed while the skill before it ran."""
    model: str = ""
    prompt_hash: str = ""
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

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        """Return a goal and steps for the instruction, or why there are none. One model call."""
        ...

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores | Failure:
        """Rate every candidate for being the next step, or say why not. One model call.

        No ratings are a `Failure`, never a uniform guess.
        """
        ...


@runtime_checkable
class ThinksAhead(Protocol):
    """A model that can begin to answer while a skill runs."""

    def prefetch_score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> None:
        """Begin to rate; `score` with exactly the same arguments takes the answer, any other drops it.

        Called with the scene that the running skill is predicted to leave. Returns at once.
        """
        ...
