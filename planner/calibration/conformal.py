"""Room planner: conformal prediction over a scorer's probabilities: ask unless exactly one option is left.

If the situations used to fit the threshold and a new one are exchangeable, the new prediction set holds an
acceptable option with at least the chosen probability, however bad the scorer is. A bad scorer pays with
larger sets and more questions.

Source: Ren et al., Robots That Ask For Help (KnowNo), CoRL 2023, section 3; Angelopoulos and Bates, A Gentle
Introduction to Conformal Prediction (2021), section 1.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from planner.bench.statistics import Share, share_of
from planner.language_model import NONE_OF_THESE

ASK_OPTION = "ask()"
"""How an executive's menu spells the call that asks the person."""

Labelled: TypeAlias = tuple[Mapping[str, float], Collection[str]]
"""A probability per option, summing to 1, and the options that would be right."""


class ConformalError(ValueError):
    """Numbers that cannot be used; one sentence with what is valid."""


class TooFewSituations(ConformalError):
    """So few situations that no threshold can promise the coverage."""

    def __init__(self, *, given: int, needed: int, coverage: float) -> None:
        """Write the sentence from the facts."""
        super().__init__(f"coverage {coverage:g} needs at least {needed} situations; only {given} are given")


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How prediction sets did on situations that the threshold had not seen."""

    n: int
    coverage: Share
    """Situations with an acceptable option in the set: what the threshold promises."""
    help_rate: Share
    """Situations in which the robot would ask."""
    mean_set_size: float


def nonconformity(probabilities: Mapping[str, float], acceptable: Collection[str]) -> float:
    """Return 1 minus the probability of the likeliest acceptable option, in [0, 1].

    Raises:
        ConformalError: If the probabilities are none, or an acceptable option has none.
    """
    check_probabilities(probabilities)
    check_acceptable(probabilities, acceptable)
    return min(_surprise(probabilities[option]) for option in acceptable)


def situations_needed(coverage: float) -> int:
    """Return the least number of situations from which a threshold for `coverage` can be fitted.

    Raises:
        ConformalError: If the coverage is not between 0 and 1, both excluded.
    """
    if not 0 < coverage < 1:
        raise ConformalError(f"coverage {coverage:g} is not valid; valid are numbers between 0 and 1")
    n = math.floor(coverage / (1 - coverage))  # from ceil((n + 1) * coverage) <= n, up to rounding
    while _rank(n, coverage) > n:
        n += 1
    return max(1, n)


def conformal_threshold(scores: Sequence[float], coverage: float) -> float:
    """Return qhat: the ceil((n + 1) * coverage) / n quantile of the scores, rounded up to a score.

    numpy's "higher" is used as published; below the largest score it takes one rank more than the theorem
    asks, so that coverage is kept, and over-fulfilled by about 1 / n.

    Args:
        scores: `nonconformity` of situations exchangeable with those to come.
        coverage: Least probability that a set holds an acceptable option, in (0, 1).

    Raises:
        ConformalError: If the coverage or a score is not valid.
        TooFewSituations: If no number of the scores can promise this coverage.
    """
    needed, n = situations_needed(coverage), len(scores)
    if n < needed:
        raise TooFewSituations(given=n, needed=needed, coverage=coverage)
    if not all(0 <= score <= 1 for score in scores):
        raise ConformalError("a nonconformity score is not valid; valid are numbers from 0 to 1")
    level = _rank(n, coverage) / n
    return float(np.quantile(np.asarray(scores, dtype=float), level, method="higher"))


def prediction_set(probabilities: Mapping[str, float], qhat: float) -> tuple[str, ...]:
    """Return the options with a probability of at least 1 - qhat, best first; equals keep their order.

    Raises:
        ConformalError: If the probabilities are none, or qhat is not in [0, 1].
    """
    check_probabilities(probabilities)
    if not 0 <= qhat <= 1:
        raise ConformalError(f"qhat {qhat:g} is not valid; valid are numbers from 0 to 1")
    # The same subtraction as in the scores: the option that set qhat must never fall out by rounding.
    plausible = [option for option, p in probabilities.items() if _surprise(p) <= qhat]
    return tuple(sorted(plausible, key=lambda option: -probabilities[option]))


def needs_help(options: Sequence[str]) -> bool:
    """Say whether a prediction set sends the robot to the person: not one option, or one without action."""
    return len(options) != 1 or options[0] in (NONE_OF_THESE, ASK_OPTION)


def quality_of(labelled: Sequence[Labelled], qhat: float) -> Quality:
    """Measure the prediction sets of labelled situations.

    Raises:
        ConformalError: If there are none, or one of them or qhat is not valid.
    """
    if not labelled:
        raise ConformalError("there is no situation to measure; at least one is needed")
    for probabilities, acceptable in labelled:
        check_acceptable(probabilities, acceptable)
    sets = [prediction_set(probabilities, qhat) for probabilities, _ in labelled]
    return Quality(
        n=len(sets),
        coverage=share_of([any(o in a for o in s) for s, (_, a) in zip(sets, labelled, strict=True)]),
        help_rate=share_of([needs_help(s) for s in sets]),
        mean_set_size=sum(map(len, sets)) / len(sets),
    )


def check_probabilities(probabilities: Mapping[str, float]) -> None:
    """Refuse what is no probability distribution.

    Raises:
        ConformalError: If there is no option, or the numbers are not in [0, 1] or do not sum to 1.
    """
    total = math.fsum(probabilities.values())
    if not all(0 <= p <= 1 + _ROUNDING for p in probabilities.values()) or abs(total - 1) > _ROUNDING:
        shown = ", ".join(f"{option} {p:.4g}" for option, p in list(probabilities.items())[:6])
        raise ConformalError(
            f"probabilities must be numbers from 0 to 1 that sum to 1, not {shown or 'nothing'}"
            f" (sum {total:.6g})"
        )


def check_acceptable(probabilities: Mapping[str, float], acceptable: Collection[str]) -> None:
    """Refuse acceptable options that the scorer never saw, and a situation without any.

    Raises:
        ConformalError: In these two cases.
    """
    unknown = [option for option in acceptable if option not in probabilities]
    if unknown or not acceptable:
        what = f"has no probability for {unknown[0]!r}" if unknown else "names no acceptable option"
        raise ConformalError(f"a situation {what}; options: {', '.join(list(probabilities)[:6])}")


_ROUNDING = 1e-6
"""How far a sum of probabilities may be from 1: rounding of single-precision scorers."""


def _surprise(p: float) -> float:
    return max(0.0, 1.0 - p)  # p may exceed 1 by rounding


def _rank(n: int, coverage: float) -> int:
    return math.ceil(round((n + 1) * coverage, 9))  # 100 * 0.07 is 7.000000000000001: rank 7, not 8
