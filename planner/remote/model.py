"""Room planner: a language model behind a prompt: the one `LanguageModel` over every wire.

It renders the prompt, lets the gateway send it, reads the answer without believing it, and sends what was
wrong back at most twice. Whatever happens, the caller gets a value: a decomposition, scores, or a `Failure`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from textwrap import shorten
from typing import TypeVar

from grounding import Scene
from planner.calibration import Calibration, check_belongs, with_temperature
from planner.language_model import (
    ASK,
    NONE_OF_THESE,
    Decomposition,
    Failure,
    FailureKind,
    Score,
    Scores,
    Task,
)
from prompts import Rendered
from robots.catalogue import Catalogue
from skills import Contract, SkillCall

from .answers import Unusable, answer_schema, read_decomposition
from .asking import Asker
from .checks import checked_facts, doubts_of
from .gateway import CallFailed, Gateway, Ledger, LoopThread, Recording
from .pictures import pictures_of
from .prompting import Prompting
from .scorers import Question, Rated, Scorer, rate_many
from .told import Client, Correction, Told

CORRECTIONS = 2
"""Times that an unusable answer goes back with what was wrong."""

LONGEST_REASON = 600
"""Longest reason of a failure, [characters]."""

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
        self.client = client
        self.scorer = scorer
        self.gateway = gateway
        self.prompting = Prompting()
        self._catalogue = catalogue
        self._shows_pictures = shows_pictures and client.takes_pictures
        self._calibration: Calibration | None = None
        self._loop = LoopThread()
        self._ahead: tuple[str, Future[Scores | Failure]] | None = None

    @property
    def name(self) -> str:
        """Return provider and model."""
        return self.client.name

    @property
    def wants_pictures(self) -> bool:
        """Return whether the scene of a decomposition should come with pictures."""
        return self._shows_pictures

    def use_calibration(self, calibration: Calibration, contracts: Sequence[Contract]) -> None:
        """Temper every rating as fitted, and refuse ratings by another method from now on.

        Raises:
            CalibrationError: If it was fitted for another model, method or prompt.
        """
        check_belongs(
            calibration,
            model=self.name,
            method=self.scorer.method,
            prompt_hash=self.score_prompt_hash(contracts),
        )
        self._calibration = calibration

    def score_prompt_hash(self, contracts: Sequence[Contract]) -> str:
        """Return what names the version of the prompt that rates: the hash of its static part."""
        return self.prompting.situation("", "", contracts).static_hash

    def decompose(self, task: Task, scene: Scene, contracts: Sequence[Contract]) -> Decomposition | Failure:
        """Return a goal and steps, a question, or why there are none."""
        return self._loop.run(self._decompose(task, scene, contracts))

    def score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Scores | Failure:
        """Rate the candidates; what was prefetched for exactly this question is taken."""
        question = self._question(task, scene, contracts, candidates)
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            key, future = ahead
            if key == _key(question):
                scores = self._loop.wait(future)
                if isinstance(scores, Scores):
                    return replace(scores, was_prefetched=True)
            future.cancel()
        return self._loop.run(self._score(question, scene, contracts, candidates))

    def prefetch_score(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> None:
        """Begin to rate what the next question is predicted to be; a question already begun is dropped."""
        question = self._question(task, scene, contracts, candidates)
        self.drop_prefetched()
        self._ahead = (_key(question), self._loop.start(self._score(question, scene, contracts, candidates)))

    def begin_run(self, ledger: Ledger | None, recording: Recording | None = None) -> None:
        """Start a run with a fresh budget.

        Args:
            ledger: Where exchanges are written down; None keeps none.
            recording: Answers of an earlier run, taken before anything is sent.
        """
        self.end_run()
        self.gateway.begin_run(ledger, recording)

    def end_run(self) -> None:
        """Cancel what was begun ahead; nothing is written to the run's ledger after this."""
        self._ahead = None
        self._loop.cancel_all()
        self.gateway.begin_run(None)

    def drop_prefetched(self) -> None:
        """Cancel a question that was begun for a scene that did not come."""
        if self._ahead is not None:
            self._ahead[1].cancel()
        self._ahead = None

    def rate(self, prompt: Rendered, options: tuple[str, ...]) -> Rated | Failure:
        """Rate free-text options after a prompt, without a temperature: for calibration."""

        async def run() -> Rated | Failure:
            asker = Asker(self.gateway, self.client, within_s=self.gateway.settings.score_deadline_s)
            question = Question(prompt=prompt, options=options)
            return await self._corrected(asker, prompt.hash, lambda note: self._rate(question, note, asker))

        return self._loop.run(run())

    def close(self) -> None:
        """Cancel what still runs and end the connections."""
        self.drop_prefetched()
        self._loop.close(self.client.close)

    async def _decompose(
        self, task: Task, scene: Scene, contracts: Sequence[Contract]
    ) -> Decomposition | Failure:
        prompt = self.prompting.decompose(task, scene, contracts)
        told = Told(
            prompt=prompt,
            schema=answer_schema(contracts),
            schema_name="plan",
            pictures=pictures_of(scene) if self._shows_pictures else (),
        )
        asker = Asker(self.gateway, self.client, within_s=self.gateway.settings.decompose_deadline_s)
        answers: list[str] = []
        notes: list[str] = []

        async def attempt(note: str) -> Decomposition:
            notes.extend([note] if note else [])
            pairs = zip(answers, notes, strict=True)
            corrections = tuple(Correction(answer=a, problem=n) for a, n in pairs)
            body = await asker.ask(self.client.completion(replace(told, corrections=corrections)))
            answers.append("(cut off)")
            text = self.client.read_completion(body)
            answers[-1] = text if text.strip() else "(empty)"
            return read_decomposition(text, scene, contracts, self._catalogue)

        answer = await self._corrected(asker, prompt.hash, attempt)
        if isinstance(answer, Failure):
            return answer
        return replace(answer, model=self.name, prompt_hash=prompt.hash, usage=asker.usage())

    async def _score(
        self,
        question: Question,
        scene: Scene,
        contracts: Sequence[Contract],
        candidates: Sequence[SkillCall],
    ) -> Scores | Failure:
        asker = Asker(self.gateway, self.client, within_s=self.gateway.settings.score_deadline_s)
        rated = await self._corrected(
            asker, question.prompt.hash, lambda note: self._rate(question, note, asker)
        )
        if isinstance(rated, Failure):
            return rated
        fitted, method = self._calibration, self.scorer.method
        if fitted is not None and fitted.method != method:
            reason = (
                f"the calibration was fitted for {fitted.method}, and the server now offers only {method}"
            )
            return self._failure(asker, question.prompt.hash, FailureKind.REJECTED, reason)
        tempered = (
            with_temperature(rated.probabilities, fitted.temperature) if fitted else rated.probabilities
        )
        return Scores(
            scores=_scores(tempered, candidates, method),
            doubts=doubts_of(rated.checks, checked_facts(scene, contracts, candidates)),
            agreement=rated.agreement,
            model=self.name,
            prompt_hash=question.prompt.hash,
            usage=asker.usage(f"method={method} {self.scorer.settings}".strip()),
        )

    async def _rate(self, question: Question, note: str, asker: Asker) -> Rated:
        return await rate_many(self.scorer, replace(question, note=note), asker)

    async def _corrected(
        self, asker: Asker, prompt_hash: str, attempt: Callable[[str], Awaitable[T]]
    ) -> T | Failure:
        """Attempt, and attempt again with what was wrong, at most `CORRECTIONS` times."""
        note = problem = ""
        for _ in range(1 + CORRECTIONS):
            try:
                answer = await attempt(note)
            except Unusable as unusable:
                problem = str(unusable)
                note = f"Your last answer could not be used. {problem} Answer again."
            except CallFailed as failure:
                return self._failure(asker, prompt_hash, failure.kind, failure.reason)
            else:
                asker.keep()
                return answer
        reason = f"{1 + CORRECTIONS} answers could not be used; the last one: {problem.rstrip('.')}"
        return self._failure(asker, prompt_hash, FailureKind.BAD_ANSWER, reason)

    def _failure(self, asker: Asker, prompt_hash: str, kind: FailureKind, reason: str) -> Failure:
        return Failure(
            kind=kind,
            reason=_one_line(self.gateway.redactor.text(reason)),
            model=self.name,
            prompt_hash=prompt_hash,
            usage=asker.usage(),
        )

    def _question(
        self, task: Task, scene: Scene, contracts: Sequence[Contract], candidates: Sequence[SkillCall]
    ) -> Question:
        return Question(
            prompt=self.prompting.score(task, scene, contracts),
            options=tuple(str(call) for call in candidates),
            checks=tuple(checked_facts(scene, contracts, candidates)),
        )


def _one_line(reason: str) -> str:
    """Return a reason for people: what it quotes of server and model neither fills nor steers a terminal."""
    printable = "".join(c if c.isprintable() else " " for c in reason)
    return shorten(printable, width=LONGEST_REASON, placeholder=" …")


def _key(question: Question) -> str:
    return f"{question.prompt.hash} {question.options}"


def _scores(
    probabilities: Mapping[str, float], candidates: Sequence[SkillCall], method: str
) -> tuple[Score, ...]:
    """Return one score per candidate; belief in none of them is belief that the person must be asked."""
    shares = {call: probabilities[str(call)] for call in candidates}
    if ASK in shares:
        shares[ASK] += probabilities[NONE_OF_THESE]
    total = sum(shares.values()) or 1.0
    return tuple(Score(call=call, probability=shares[call] / total, method=method) for call in candidates)
