"""Room planner: rate by OpenAI's Decisions endpoint: all options and all precondition checks in one request.

Source: openai 3.57, `types/decision_create_params.py` and `types/decision.py`.
"""

from __future__ import annotations

from typing import Any

from planner.language_model import FailureKind
from planner.remote.answers import Unusable
from planner.remote.asking import Asker
from planner.remote.clients.raw_reply import dicts, number
from planner.remote.gateway import Body, CallFailed, Request

from .question import Question, Rated, distribution

MOST_CHECKS = 100


class DecisionsScorer:
    """Implements `Scorer`."""

    method = "decisions"
    most_options = 255
    settings = ""

    def __init__(self, model: str) -> None:
        """Take the model that serves the endpoint."""
        self._model = model

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Ask one choice, and one predicate for each check."""
        checks = question.checks[:MOST_CHECKS]
        body = await asker.ask(
            Request(
                purpose="score",
                model=f"openai:{self._model}",
                endpoint="decisions",
                body=self._body(question, checks),
                prompt_hash=question.prompt.hash,
            )
        )
        answers = dicts(body.get("answers"))
        if len(answers) != 1 + len(checks):
            raise Unusable(f"{1 + len(checks)} questions got {len(answers)} answers.")
        held = {fact: _probability(a) for fact, a in zip(checks, answers[1:], strict=True)}
        return Rated(
            probabilities=_choice(answers[0], question.offered),
            checks={fact: p for fact, p in held.items() if p is not None},
        )

    def _body(self, question: Question, checks: tuple[str, ...]) -> Body:
        choices: list[Body] = [{"value": option} for option in question.offered]
        questions: list[Body] = [
            {
                "type": "choice",
                "name": "next",
                "instructions": "Which action is the right next one?",
                "choices": choices,
            }
        ]
        questions += [
            {"type": "predicate", "name": f"check_{i}", "instructions": f"This is true in the scene: {fact}"}
            for i, fact in enumerate(checks)
        ]
        return {
            "model": self._model,
            "input": [
                {"role": "developer", "content": question.prompt.system},
                {"role": "user", "content": question.user_text},
            ],
            "questions": questions,
            "prompt_cache_key": f"saycando-{question.prompt.static_hash}",
        }


def _choice(answer: Body, offered: tuple[str, ...]) -> dict[str, float]:
    if answer.get("type") == "refusal":
        raise CallFailed(FailureKind.REFUSED, "the model refused to rate the options")
    weights: dict[str, float] = {}
    for entry in dicts(answer.get("probabilities")):
        value, probability = str(entry.get("value")), _weight(entry.get("probability"))
        if value in weights:
            raise Unusable(f"The option {value} was rated twice.")
        weights[value] = probability
    return distribution(weights, offered)


def _probability(answer: Body) -> float | None:
    """Return a predicate's probability; None when it was refused or is no probability."""
    value = number(answer.get("probability"))
    return value if value is not None and 0.0 <= value <= 1.0 else None


def _weight(value: Any) -> float:
    weight = number(value)
    if weight is None or weight > 1.0 + 1e-6:
        raise Unusable(f"{value!r} is not a probability.")
    return weight
