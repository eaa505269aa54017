"""Room planner: rate as SayCan did: the probability of each option's own words after the prompt.

The sum of log-probabilities punishes long names; here their mean per token counts.

Source: Ahn et al., "Do As I Can, Not As I Say" (2022); normalised by length against the published sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from planner.remote.answers import Unusable
from planner.remote.asking import Asker
from planner.remote.clients.raw_reply import dicts, number
from planner.remote.gateway import Body, Request

from .question import Question, Rated, distribution

LEAD = "\nThe right next action is: "


class NoEcho(Unusable):
    """The server gives no log-probabilities of the prompt."""


class EchoScorer:
    """Implements `Scorer` over Completions with `echo`."""

    method = "echo"
    most_options = 1000
    settings = "normalised by length"

    def __init__(self, name: str, model: str) -> None:
        """Take provider and model for the journal, and the model's name on the server."""
        self._name = name
        self._model = model

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Score every option's tokens in one request."""
        lead = f"{question.prompt.system}\n{question.user_text}{LEAD}"
        offered = question.offered
        body = await asker.ask(
            Request(
                purpose="score",
                model=self._name,
                endpoint="completions",
                body={
                    "model": self._model,
                    "prompt": [lead + option for option in offered],
                    "max_tokens": 0,
                    "echo": True,
                    "logprobs": 1,
                    "temperature": 0.0,
                },
                prompt_hash=question.prompt.hash,
            )
        )
        records = _records(body, offered)
        means = [mean_logprob(r, option) for r, option in zip(records, offered, strict=True)]
        best = max(means)
        weights = {option: math.exp(mean - best) for option, mean in zip(offered, means, strict=True)}
        return Rated(probabilities=distribution(weights, offered))


def mean_logprob(record: Body, option: str) -> float:
    """Return the mean log-probability of the tokens that spell `option` at the end of an echoed prompt.

    Tokens are counted from the end: some tokenizers shift the text offsets by a space.

    Raises:
        NoEcho: If the record has no such tokens.
    """
    tokens, logprobs = record.get("tokens"), record.get("token_logprobs")
    if not isinstance(tokens, list) or not isinstance(logprobs, list) or len(tokens) != len(logprobs):
        raise NoEcho("The reply has no log-probabilities of the prompt.")
    spelled, values = "", []
    for token, given in zip(reversed(tokens), reversed(logprobs), strict=True):
        logprob = number(given)
        if logprob is None:
            raise NoEcho("The reply lacks log-probabilities of an option's tokens.")
        spelled = f"{token}{spelled}"
        values.append(logprob)
        if len(spelled.strip()) >= len(option):
            break
    if not spelled.strip().endswith(option):
        raise NoEcho(f"The echoed tokens end with {spelled[-40:]!r}, not with {option!r}.")
    return sum(values) / len(values)


def _records(body: Body, offered: Sequence[str]) -> list[Body]:
    choices = dicts(body.get("choices"))
    if len(choices) != len(offered):
        raise NoEcho(f"{len(offered)} prompts got {len(choices)} answers.")

    def index(choice: Body) -> int:
        value = choice.get("index")
        return value if isinstance(value, int) else 0

    records: list[Any] = [choice.get("logprobs") for choice in sorted(choices, key=index)]
    if not all(isinstance(record, dict) for record in records):
        raise NoEcho("The reply has no log-probabilities.")
    return records
