"""Room planner: fit temperature and threshold on rated situations, and measure them on others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.bench.statistics import Share, share_of
from planner.language_model import NONE_OF_THESE

from . import temperature as scaling
from .conformal import (
    ASK_OPTION,
    ConformalError,
    Labelled,
    Quality,
    TooFewSituations,
    check_probabilities,
    conformal_threshold,
    nonconformity,
    quality_of,
    situations_needed,
)
from .situations import Situation


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A situation with what a scorer said about it.

    Raises:
        ConformalError: If the probabilities are none, or not those of its options.
    """

    situation: Situation
    probabilities: Mapping[str, float]
    """One per option and one for `NONE_OF_THESE`, summing to 1; `ask()` may be there too."""

    def __post_init__(self) -> None:
        """Check that the scorer rated exactly these options."""
        expected, rated = {*self.situation.options, NONE_OF_THESE}, set(self.probabilities)
        for what, names in (("misses", expected - rated), ("has unknown", rated - expected - {ASK_OPTION})):
            if names:
                raise ConformalError(
                    f"the rating of situation {self.situation.id} {what} {', '.join(sorted(names))};"
                    f" valid are its options and {NONE_OF_THESE!r}"
                )
        check_probabilities(self.probabilities)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A threshold and a temperature, with how they did on situations that neither had seen."""

    coverage: float
    """What was asked for: least probability that a set holds an acceptable option."""
    qhat: float
    temperature: float
    """1 when none was fitted."""
    fitted_on: int
    """Situations used for temperature and threshold together."""
    held_out: Quality
    accuracy: Share
    """Held-out situations in which the likeliest option is acceptable: acting without ever asking."""
    seed: int


def calibrate(rated: Sequence[Rated], *, coverage: float, seed: int, fit_temperature: bool) -> Fit:
    """Split the situations at random, fit on one half and measure on the other.

    The first half sets the threshold. When a temperature is fitted too, it gets half of that half for itself:
    scores of situations that chose the temperature would not be exchangeable with those to come.

    Args:
        rated: Situations, in any order; each is used once.
        coverage: Least probability that a set holds an acceptable option, in (0, 1).
        seed: Decides the split.
        fit_temperature: Whether to fit one, which needs twice the situations.

    Raises:
        ConformalError: If the coverage is not valid.
        TooFewSituations: If the part that sets the threshold is too small for this coverage.
    """
    parts = 4 if fit_temperature else 2
    n, needed = len(rated), parts * situations_needed(coverage)
    if n < needed:
        raise TooFewSituations(given=n, needed=needed, coverage=coverage)
    order = np.random.default_rng(seed).permutation(n)
    raw: list[Labelled] = [(rated[i].probabilities, rated[i].situation.acceptable) for i in order]
    for_threshold, half = n // parts, n // 2
    t = scaling.fit_temperature(raw[for_threshold:half]) if fit_temperature else 1.0
    labelled = [(scaling.with_temperature(p, t), acceptable) for p, acceptable in raw]
    qhat = conformal_threshold([nonconformity(*one) for one in labelled[:for_threshold]], coverage)
    unseen = labelled[half:]
    return Fit(
        coverage=coverage,
        qhat=qhat,
        temperature=t,
        fitted_on=half,
        held_out=quality_of(unseen, qhat),
        accuracy=share_of([max(p, key=p.__getitem__) in acceptable for p, acceptable in unseen]),
        seed=seed,
    )
