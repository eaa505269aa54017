"""Room planner: rate by asking in words: k distributions over shuffled options, averaged, then tempered.

For models that give no log-probabilities. Source: Tian et al., "Just Ask for Calibration" (2023).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from planner.language_model import FailureKind
from planner.remote.answers import Unusable, load_json
from planner.remote.asking import Asker
from planner.remote.gateway import CallFailed
from planner.remote.told import Client, Told

from .letters import shuffled
from .question import Question, Rated, distribution


class VerbalScorer:
    """Implements `Scorer` over any client."""

    method = "verbal"
    most_options = 60

    def __init__(self, client: Client, *, samples: int = 5) -> None:
        """Take the client and how many samples are averaged, >= 1."""
        self._client = client
        self._samples = samples

    @property
    def settings(self) -> str:
        """Return the number of samples."""
        return f"samples={self._samples}"

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Ask once, so that the prompt is cached; then the rest at the same time."""
        first = await self._sample(question, asker, 0)
        if isinstance(first, CallFailed) and first.kind is not FailureKind.REFUSED:
            raise first
        results: list[Mapping[str, float] | Unusable | CallFailed] = [first]
        rest = (self._sample(question, asker, number) for number in range(1, self._samples))
        results += await asyncio.gather(*rest)
        usable = [r for r in results if isinstance(r, Mapping)]
        if len(usable) * 2 <= self._samples:
            raise next(r for r in results if isinstance(r, Exception))
        mean = {o: sum(d[o] for d in usable) / len(usable) for o in question.offered}
        best = [max(d, key=lambda option: d[option]) for d in usable]
        agreement = max(best.count(option) for option in best) / len(best)
        return Rated(probabilities=distribution(mean, question.offered), agreement=agreement)

    async def _sample(
        self, question: Question, asker: Asker, number: int
    ) -> Mapping[str, float] | Unusable | CallFailed:
        ids = {f"o{i}": option for i, option in enumerate(question.offered)}
        menu = shuffled(tuple(ids), seed=number)
        lines = "\n".join(f"{i}: {ids[i]}" for i in menu)
        note = f"\n{question.note}" if question.note else ""
        ask = (
            f"\nOptions:\n{lines}{note}\n\n"
            "Give every option its chance, 0 to 100, of being the right next action; all together 100."
        )
        told = Told(
            prompt=question.prompt,
            schema=_schema(tuple(ids)),
            schema_name="chances",
            menu=ask,
            sample=number,
            most_output=2000 + 12 * len(ids),
        )
        try:
            body = await asker.ask(self._client.completion(told))
            return _read(self._client.read_completion(body), ids, question.offered)
        except (Unusable, CallFailed) as error:
            return error


def _schema(ids: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {i: {"type": "integer", "description": "0 to 100"} for i in ids},
        "required": list(ids),
        "additionalProperties": False,
    }


def _read(text: str, ids: Mapping[str, str], offered: tuple[str, ...]) -> dict[str, float]:
    data = load_json(text)
    if not isinstance(data, dict):
        raise Unusable("The answer is not a JSON object with one chance per option.")
    weights: dict[str, float] = {}
    for key, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise Unusable(f"The chance of {key} is {value!r}, not a number from 0 to 100.")
        weights[ids.get(key, str(key))] = float(value)
    return distribution(weights, offered)
