"""Room planner: a language model behind a prompt: the one `LanguageModel` over every wire.

The synchronous face of `questions.Questions`, which asks in a thread of its own: waiting can be interrupted,
and a rating can be asked ahead while a skill runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar

from grounding import Scene
from planner.calibration import Calibration, check_belongs
from planner.language_model import (
    PASSING,
    Decomposition,
    Failure,
    FailureKind,
    Scores,
    Task,
)
from prompts import Rendered
from robots.catalogue import Catalogue
from skills import Contract, SkillCall

from .checks import checked_facts
from .gateway import Gateway, Ledger, LoopThread, Recording, Request
from .questions import Questions
from .scorers import FirstThatWorks, Question, Rated, Scorer
from .told import Client

T = TypeVar("T")


class PromptedModel:
    """Implements `LanguageModel` and `ThinksAhead`."""

    def __init__(
        self,
        client: Client,
        scorer: Scorer,
        gateway: Gateway,
        catalogue: Catalogue,
        *,
        shows_pictures: bool = True,
    ) -> None:
        """Take the parts; nothing is sent.

        Args:
            client: The vendor's wire.
            scorer: How candidates are rated.
            gateway: Control over all requests.
            catalogue: Known objects.
            shows_pictures: Whether a decomposition comes with the scene's pictures, where the model sees.
        """
        shows_pictures = shows_pictures and client.takes_pictures
        self._questions = Questions(client, scorer, gateway, catalogue, shows_pictures=shows_pictures)
        self.client = client
        self.scorer = scorer
        self.gateway = gateway
        self.prompting = self._questions.prompting
        self._loop = LoopThread()
        self._ahead: _Ahead | None = None
        self._waiting: Future[Any] | None = None
        self._is_interrupted = False
        self._in_use = Lock()

    @property
    def name(self) -> str:
        """Return provider and model."""
        return self.client.name

    @property
    def wants_pictures(self) -> bool:
        """Return whether the scene of a decomposition should come with pictures."""
        return self._questions.shows_pictures

    def use_calibration(self, calibration: Calibration | None, contracts: Sequence[Contract]) -> None:
        """Temper every rating as fitted, by the method that was fitted, and refuse any other from now on.

        None rates as the model does.

        Raises:
            CalibrationError: If it was fitted for another model, method or prompt.
        """
        scorer = self.scorer
        if calibration is not None:
            can_begin = isinstance(scorer, FirstThatWorks) and calibration.method in scorer.methods
            check_belongs(
                calibration,
                model=self.name,
                method=calibration.method if can_begin else scorer.method,
                prompt_hash=self.score_prompt_hash(contracts),
            )
            if isinstance(scorer, FirstThatWorks):
                scorer.keep_to(calibration.method)
        self._questions.calibration = calibration

    def score_prompt_hash(self, contracts: Sequence[Contract]) -> str:
        """Return what names the version of the prompt that rates: the hash of its static part."""
        return self.prompting.situation("", "", contracts).static_hash

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        """Return a goal and steps, a question, or why there are none."""
        return self._wait(self._loop.start(self._questions.decompose(task, scene, contracts)))

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores | Failure:
        """Rate the candidates; what was prefetched for exactly this question is taken."""
        question = self._question(task, scene, contracts, candidates)
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.key == _key(question):
            answer = self._wait(ahead.future)
            if isinstance(answer, Failure) and answer.kind is FailureKind.CANCELLED:
                return answer
            if isinstance(answer, Scores) or answer.kind not in PASSING:
                for request in ahead.requests:
                    self.gateway.taken(request)
                return replace(answer, was_prefetched=True) if isinstance(answer, Scores) else answer
        elif ahead is not None:
            ahead.future.cancel()
        return self._wait(self._loop.start(self._questions.score(question, candidates)))

    def prefetch_score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> None:
        """Begin to rate what the next question is predicted to be; a question already begun is dropped."""
        if self.gateway.has_recording:
            return  # what was used of an earlier run's answers is there at once
        question = self._question(task, scene, contracts, candidates)
        self.drop_prefetched()
        requests: list[Request] = []
        coroutine = self._questions.score(question, candidates, ahead=requests)
        self._ahead = _Ahead(key=_key(question), future=self._loop.start(coroutine), requests=requests)

    def begin_run(self, ledger: Ledger | None, recording: Recording | None = None) -> None:
        """Start a run with a fresh budget; `end_run` ends it.

        Args:
            ledger: Where exchanges are written down; None keeps none.
            recording: Answers of an earlier run, taken before anything is sent.

        Raises:
            RuntimeError: If another run uses this model: its budget and record are its own.
        """
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError(f"{self.name} is in use by another run; give each session a model of its own")
        self._is_interrupted = False
        self.gateway.begin_run(ledger, recording)

    def end_run(self) -> None:
        """Cancel what was begun ahead; nothing is written to the run's ledger after this."""
        self._ahead = None
        self._loop.cancel_all()
        self.gateway.begin_run(None)
        if self._in_use.locked():
            self._in_use.release()

    def interrupt(self) -> None:
        """End the wait for an answer, now and in the rest of this run; callable from any thread."""
        self._is_interrupted = True
        waiting = self._waiting
        if waiting is not None:
            waiting.cancel()

    def drop_prefetched(self) -> None:
        """Cancel a question that was begun for a scene that did not come."""
        if self._ahead is not None:
            self._ahead.future.cancel()
        self._ahead = None

    def rate(self, prompt: Rendered, options: tuple[str, ...]) -> Rated | Failure:
        """Rate free-text options after a prompt, without a temperature: for calibration."""
        question = Question(prompt=prompt, options=options)
        return self._wait(self._loop.start(self._questions.rate(question)))

    def close(self) -> None:
        """Cancel what still runs and end the connections."""
        self.drop_prefetched()
        self._loop.close(self.client.close)

    def _wait(self, future: Future[T | Failure]) -> T | Failure:
        self._waiting = future
        if self._is_interrupted:
            future.cancel()
        try:
            return self._loop.wait(future)
        except CancelledError:
            reason = "somebody ended the run while it waited for an answer"
            return Failure(kind=FailureKind.CANCELLED, reason=reason, model=self.name)
        finally:
            self._waiting = None

    def _question(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Question:
        return Question(
            prompt=self.prompting.score(task, scene, contracts),
            options=tuple(str(call) for call in candidates),
            checks=checked_facts(scene, contracts, candidates),
        )


@dataclass(frozen=True, kw_only=True)
class _Ahead:
    """A question asked for a scene that may not come."""

    key: str
    future: Future[Scores | Failure]
    requests: list[Request]
    """What was asked for it, growing in the loop's thread."""


def _key(question: Question) -> str:
    return f"{question.prompt.hash} {question.options}"
