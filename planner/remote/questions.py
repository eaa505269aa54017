"""Room planner: how a decomposition and a rating are asked: prompt, answer, correction; asynchronous.

An answer that cannot be used goes back with what was wrong, at most twice. What comes out is a value whatever
happens: a decomposition, scores, or a `Failure`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from grounding import Scene
from planner.calibration import Calibration, with_temperature
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
from robots.catalogue import Catalogue
from skills import Contract, SkillCall

from .answers import Unusable, answer_schema, read_decomposition
from .asking import Asker
from .checks import doubts_of
from .gateway import CallFailed, Gateway, Request
from .pictures import pictures_of
from .prompting import Prompting
from .scorers import Question, Rated, Scorer, rate_many
from .texts import one_line
from .told import Client, Correction, Told

CORRECTIONS = 2
"""Times that an unusable answer goes back with what was wrong."""
LONGEST_REASON = 600
"""Longest reason of a failure, [characters]."""
LONGEST_PROBLEM = 2000
"""Longest sentence about what was wrong with an answer, [characters]."""

T = TypeVar("T")


class Questions:
    """Asks one model."""

    def __init__(
        self,
        client: Client,
        scorer: Scorer,
        gateway: Gateway,
        catalogue: Catalogue,
        *,
        shows_pictures: bool,
    ) -> None:
        """Take the parts; nothing is sent."""
        self.client = client
        self.scorer = scorer
        self.gateway = gateway
        self.prompting = Prompting()
        self.shows_pictures = shows_pictures
        self.calibration: Calibration | None = None
        self._catalogue = catalogue

    async def decompose(
        self, task: Task, scene: Scene, contracts: Sequence[Contract]
    ) -> Decomposition | Failure:
        """Return a goal and steps, a question, or why there are none."""
        prompt = self.prompting.decompose(task, scene, contracts)
        told = Told(
            prompt=prompt,
            schema=answer_schema(contracts),
            schema_name="plan",
            pictures=pictures_of(scene) if self.shows_pictures else (),
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
        return replace(answer, model=self.client.name, prompt_hash=prompt.hash, usage=asker.usage())

    async def score(
        self,
        question: Question,
        candidates: Sequence[SkillCall],
        *,
        ahead: list[Request] | None = None,
    ) -> Scores | Failure:
        """Rate the candidates, or say why not.

        Args:
            question: Prompt, options and checks.
            candidates: Calls, in the order of the options.
            ahead: Where requests are noted that are asked for a scene that may not come.
        """
        within_s = self.gateway.settings.score_deadline_s
        asker = Asker(self.gateway, self.client, within_s=within_s, ahead=ahead)
        rated = await self._corrected(
            asker, question.prompt.hash, lambda note: self._rate(question, note, asker)
        )
        if isinstance(rated, Failure):
            return rated
        fitted, method = self.calibration, self.scorer.method
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
            doubts=doubts_of(rated.checks),
            agreement=rated.agreement,
            model=self.client.name,
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
                problem = one_line(str(unusable), LONGEST_PROBLEM)
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
            reason=one_line(self.gateway.redactor.text(reason), LONGEST_REASON),
            model=self.client.name,
            prompt_hash=prompt_hash,
            usage=asker.usage(),
        )

    async def rate(self, question: Question) -> Rated | Failure:
        """Rate free-text options, without a temperature."""
        asker = Asker(self.gateway, self.client, within_s=self.gateway.settings.score_deadline_s)
        return await self._corrected(
            asker, question.prompt.hash, lambda note: self._rate(question, note, asker)
        )


def _scores(
    probabilities: Mapping[str, float], candidates: Sequence[SkillCall], method: str
) -> tuple[Score, ...]:
    """Return one score per candidate; belief in none of them is belief that the person must be asked."""
    shares = {call: probabilities[str(call)] for call in candidates}
    if ASK in shares:
        shares[ASK] += probabilities[NONE_OF_THESE]
    total = sum(shares.values()) or 1.0
    return tuple(Score(call=call, probability=shares[call] / total, method=method) for call in candidates)
