"""Room planner: temperature scaling: one number that makes a scorer less (or more) sure of itself.

Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .conformal import ConformalError, Labelled, check_acceptable, check_probabilities

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.05, 20.0
"""Where the best temperature is sought; KnowNo's own was 5."""

LEAST_PROBABILITY = 1e-6
"""What a probability of 0 counts as: a scorer that says 0 means "less than I can tell"."""


def with_temperature(probabilities: Mapping[str, float], temperature: float) -> dict[str, float]:
    """Return p^(1/T), renormalised: T > 1 brings the options closer together, T < 1 drives them apart.

    Probabilities below `LEAST_PROBABILITY` count as that much, so T = 1 changes nothing larger.

    Raises:
        ConformalError: If the probabilities are none, or the temperature is not finite and positive.
    """
    check_probabilities(probabilities)
    if not (0 < temperature < math.inf):
        raise ConformalError(f"temperature {temperature:g} is not valid; valid are numbers above 0")
    logs = _logs(probabilities) / temperature  # (options,)
    weights = np.exp(logs - logs.max())
    return dict(zip(probabilities, (weights / weights.sum()).tolist(), strict=True))


def negative_log_likelihood(labelled: Sequence[Labelled], temperature: float) -> float:
    """Return the mean of -log(probability that an acceptable option is chosen) at a temperature, [nat].

    Raises:
        ConformalError: If there is no situation, or one of them or the temperature is not valid.
    """
    if not (0 < temperature < math.inf):
        raise ConformalError(f"temperature {temperature:g} is not valid; valid are numbers above 0")
    return _loss(labelled)(math.log(temperature))


def fit_temperature(labelled: Sequence[Labelled]) -> float:
    """Return the temperature, 0.05 to 20, at which the acceptable options are likeliest.

    Never less likely than at T = 1. Several acceptable options can make several valleys, so that a grid
    finds the valley and a golden section its floor.

    Raises:
        ConformalError: If there is no situation, or one of them is not valid.
    """
    loss = _loss(labelled)
    grid = np.linspace(math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE), 61)
    best = int(np.argmin([loss(float(log_t)) for log_t in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    candidates = (0.0, float(grid[best]), _golden_section(loss, low, high))  # log 1 = 0
    return math.exp(min(candidates, key=loss))


def _loss(labelled: Sequence[Labelled]) -> Callable[[float], float]:
    if not labelled:
        raise ConformalError("there is no situation to fit a temperature to; at least one is needed")
    for probabilities, acceptable in labelled:
        check_probabilities(probabilities)
        check_acceptable(probabilities, acceptable)
    widest = max(len(probabilities) for probabilities, _ in labelled)
    logs = np.full((len(labelled), widest), -np.inf)  # (situations, options), padded with log 0
    right = np.full_like(logs, -np.inf)  # (situations, options), log 0 where not acceptable
    for row, (probabilities, acceptable) in enumerate(labelled):
        logs[row, : len(probabilities)] = _logs(probabilities)
        is_right = [option in acceptable for option in probabilities]
        right[row, : len(probabilities)] = np.where(is_right, logs[row, : len(probabilities)], -np.inf)

    def loss(log_temperature: float) -> float:
        beta = math.exp(-log_temperature)
        masses = np.logaddexp.reduce(right * beta, axis=1) - np.logaddexp.reduce(logs * beta, axis=1)
        return float(-masses.mean())

    return loss


def _logs(probabilities: Mapping[str, float]) -> NDArray[np.float64]:
    return np.log(np.maximum(list(probabilities.values()), LEAST_PROBABILITY))


def _golden_section(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the minimum of a function with one valley, to 1e-6 of its argument."""
    ratio = (math.sqrt(5) - 1) / 2
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-6:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = function(right)
    return (low + high) / 2
