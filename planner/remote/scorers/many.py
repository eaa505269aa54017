"""Room planner: rate more options than fit one request, by their odds against `NONE_OF_THESE` in each part.

Source: Luce's choice axiom (1959): the ratio of two options does not depend on what else is offered.
"""

from __future__ import annotations

from dataclasses import replace

from planner.language_model import NONE_OF_THESE
from planner.remote.asking import Asker

from .question import Question, Rated, Scorer, distribution

LEAST_NONE = 1e-6
"""A smaller probability of `NONE_OF_THESE` counts as this, so that odds stay finite."""


async def rate_many(scorer: Scorer, question: Question, asker: Asker) -> Rated:
    """Return one distribution, with as few requests as the options need.

    Raises:
        Unusable: If a part's answer is no distribution.
        CallFailed: If a part has no answer.
    """
    room = scorer.most_options - 1
    if len(question.options) <= room:
        return await scorer.rate(question, asker)
    odds: dict[str, float] = {NONE_OF_THESE: 1.0}
    checks: dict[str, float] = {}
    agreements: list[float] = []
    for start in range(0, len(question.options), room):
        part = replace(
            question,
            options=question.options[start : start + room],
            checks=question.checks if start == 0 else (),
        )
        rated = await scorer.rate(part, asker)
        none = max(LEAST_NONE, rated.probabilities[NONE_OF_THESE])
        odds |= {option: rated.probabilities[option] / none for option in part.options}
        checks |= rated.checks
        agreements += [rated.agreement] if rated.agreement is not None else []
    return Rated(
        probabilities=distribution(odds, question.offered),
        checks=checks,
        agreement=min(agreements) if agreements else None,
    )
