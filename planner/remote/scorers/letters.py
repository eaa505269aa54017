"""Room planner: rate by the log-probabilities of one letter: a menu, shuffled, and one token of answer.

Source: Ren et al., "Robots That Ask For Help" (2023), without its bias on the logits, which servers leave out
of the log-probabilities they return.
"""

from __future__ import annotations

import math
import random
import string
from collections.abc import Iterable
from typing import Any

from planner.remote.answers import Unusable
from planner.remote.asking import Asker
from planner.remote.clients.raw_reply import dicts, number
from planner.remote.gateway import Body, Request

from .question import Question, Rated, distribution

LETTERS = string.ascii_uppercase
NOT_AMONG_TOP = -9000.0
"""Servers report a token outside the top ones with about -9999."""
LEAST_MASS = 0.5
"""Share of the probability that has to be on letters; else the model wants to say something else."""


class LettersScorer:
    """Implements `Scorer` over Chat Completions."""

    method = "letters"
    most_options = 20

    def __init__(
        self, name: str, model: str, *, orders: int = 1, is_local: bool = False, effort: str | None = None
    ):
        """Take the model.

        Args:
            name: Provider and model for the journal.
            model: Its name on the server.
            orders: Shuffled menus to average over: letters carry a position bias.
            is_local: Whether the server knows only the older `max_tokens`.
            effort: Reasoning effort to ask for; log-probabilities need "none" where there is one.
        """
        self._name = name
        self._model = model
        self._orders = orders
        self._extra: Body = (
            {"max_tokens": 1, "temperature": 0.0} if is_local else {"max_completion_tokens": 1}
        )
        if effort is not None:
            self._extra["reasoning_effort"] = effort

    @property
    def settings(self) -> str:
        """Return the number of orders."""
        return f"orders={self._orders}"

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Average over shuffled menus."""
        total = dict.fromkeys(question.offered, 0.0)
        for order in range(self._orders):
            menu = shuffled(question.offered, seed=order)
            body = await asker.ask(self._request(question, menu, order))
            for option, probability in zip(menu, letter_shares(_top(body), len(menu)), strict=True):
                total[option] += probability / self._orders
        return Rated(probabilities=distribution(total, question.offered))

    def _request(self, question: Question, menu: tuple[str, ...], order: int) -> Request:
        lines = "\n".join(f"{LETTERS[i]}) {option}" for i, option in enumerate(menu))
        ask = f"{question.user_text}\nOptions:\n{lines}\n\nAnswer with the letter of one option only."
        body: Body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": question.prompt.system},
                {"role": "user", "content": ask},
            ],
            "logprobs": True,
            "top_logprobs": 20,
            **self._extra,
        }
        return Request(
            purpose="score",
            model=self._name,
            endpoint="chat",
            body=body,
            prompt_hash=question.prompt.hash,
            most_output=1,
            sample=order,
        )


def shuffled(options: tuple[str, ...], *, seed: int) -> tuple[str, ...]:
    """Return the options in an order that depends on them and the seed alone."""
    return tuple(random.Random(f"{seed} {options}").sample(options, len(options)))


def letter_shares(top: Iterable[tuple[str, float]], count: int) -> list[float]:
    """Return the probability of each letter, summing to 1.

    Args:
        top: Tokens with their log-probabilities at one position; " B", "b" and "B)" all vote for B.
        count: How many letters are on the menu.

    Raises:
        Unusable: If less than half of the probability is on letters of the menu.
    """
    shares = [0.0] * count
    smallest = 1.0
    for token, logprob in top:
        if not math.isfinite(logprob) or logprob <= NOT_AMONG_TOP:
            continue
        probability = math.exp(min(0.0, logprob))
        smallest = min(smallest, probability)
        letter = token.strip().strip("().:*\"'").upper()
        if len(letter) == 1 and letter in LETTERS[:count]:
            shares[LETTERS.index(letter)] += probability
    mass = sum(shares)
    if mass < LEAST_MASS:
        raise Unusable(f"Only {mass:.0%} of the answer is a letter of the menu. Answer with one letter.")
    # A letter that is not among the top tokens has at most the probability of the last of them.
    filled = [share or min(smallest, max(0.0, 1.0 - mass) / count) for share in shares]
    return [share / sum(filled) for share in filled]


def _top(body: Body) -> list[tuple[str, float]]:
    choices = dicts(body.get("choices"))
    logprobs: Any = choices[0].get("logprobs") if choices else None
    positions = dicts(logprobs.get("content")) if isinstance(logprobs, dict) else []
    if not positions:
        raise Unusable("The reply has no log-probabilities.")
    found = []
    for entry in dicts(positions[0].get("top_logprobs")):
        logprob = number(entry.get("logprob"))
        if logprob is not None:
            found.append((str(entry.get("token")), logprob))
    return found
