"""Room planner: what a scorer is asked and answers, and the protocol of scorers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planner.language_model import NONE_OF_THESE
from planner.remote.answers import Unusable
from planner.remote.asking import Asker
from prompts import Rendered


@dataclass(frozen=True, kw_only=True)
class Question:
    """Options to rate after a prompt."""

    prompt: Rendered
    options: tuple[str, ...]
    """Unique; `NONE_OF_THESE` is not among them, scorers add it."""
    checks: tuple[str, ...] = ()
    """Facts that preconditions rest on, for scorers that can judge them in the same request."""
    note: str = ""
    """What was wrong with the last answer, for the model."""

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the options and `NONE_OF_THESE`."""
        return (*self.options, NONE_OF_THESE)

    @property
    def user_text(self) -> str:
        """Return the dynamic part with the note, if there is one."""
        return f"{self.prompt.user}\n{self.note}\n" if self.note else self.prompt.user


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A distribution over the options and `NONE_OF_THESE`."""

    probabilities: Mapping[str, float]
    checks: Mapping[str, float] = field(default_factory=dict)
    """Probability of each checked fact, where the scorer judges facts."""
    agreement: float | None = None
    """Share of samples with the same best option."""


class Scorer(Protocol):
    """A way to get probabilities out of a model."""

    @property
    def method(self) -> str:
        """Return its name for journal and calibration, e.g. "decisions"."""
        ...

    @property
    def most_options(self) -> int:
        """Return how many options fit one request, `NONE_OF_THESE` included."""
        ...

    @property
    def settings(self) -> str:
        """Return what the answer depends on besides the prompt, e.g. "samples=5"."""
        ...

    async def rate(self, question: Question, asker: Asker) -> Rated:
        """Return the distribution.

        Raises:
            Unusable: If the answer is no distribution over exactly these options; written for the model.
            CallFailed: If there is no answer.
        """
        ...


def distribution(weights: Mapping[str, float], options: tuple[str, ...]) -> dict[str, float]:
    """Return `weights` scaled to sum 1, in the order of the options.

    Raises:
        Unusable: If options are missing or unknown, or a weight is negative, not finite, or all are 0.
    """
    missing, unknown = set(options) - set(weights), set(weights) - set(options)
    if missing:
        raise Unusable(f"Options were left out: {_listed(missing)}. Rate every option.")
    if unknown:
        raise Unusable(f"These are not options: {_listed(unknown)}. Rate only the options given.")
    total = sum(weights.values())
    if any(w < 0.0 for w in weights.values()) or not math.isfinite(total):
        raise Unusable("A probability is negative or not a finite number.")
    if total == 0.0:
        raise Unusable("All probabilities are 0; at least one option must be possible.")
    return {option: weights[option] / total for option in options}


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:8]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return ", ".join(shown) + more
