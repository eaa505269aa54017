"""Room grounding: a probability with the reasons that lowered it; independent ones multiply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chance:
    """Probability that one thing goes well, 0 to 1, and what lowered it, in words."""

    probability: float
    reasons: tuple[str, ...] = ()


CERTAIN = Chance(1.0)


def impossible(reason: str) -> Chance:
    """Return a chance of zero and why."""
    return Chance(0.0, (reason,))


def all_of(*chances: Chance) -> Chance:
    """Return the chance that all of several independent things go well."""
    probability = 1.0
    for chance in chances:
        probability *= chance.probability
    return Chance(probability, tuple(reason for chance in chances for reason in chance.reasons))
