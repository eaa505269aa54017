"""Room planner: rows for a vendor that stalls, is overloaded, or answers nonsense, over real sockets."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib import import_module

import numpy as np

from planner.executive import Event, ModelFailed
from planner.remote.gateway import CallSettings

from .flaky_cloud import FlakyCloud, Reply, asking, error, garbled, said, saying
from .model_rows import errand_of, run_dry
from .trial import Row, Trial

DEADLINE_S = 0.4
"""Deadline of a plan in these trials, [s]: 90 s in use, shortened so that many fit."""
QUESTIONS = 3
"""How often a person is asked at most whether to try again."""
CORRECTED = 9
"""Answers that are asked for at most before a person is: three plans, each corrected twice."""
ATTEMPTS = 4
"""Requests of one question at most, when its faults look transient."""


class _Stopwatch:
    """Listens, and measures how long the longest question took that got no answer."""

    def __init__(self) -> None:
        self._last_s = time.monotonic()
        self.longest_s: float | None = None

    def __call__(self, event: Event) -> None:
        now_s = time.monotonic()
        if isinstance(event, ModelFailed):
            self.longest_s = max(self.longest_s or 0.0, now_s - self._last_s)
        self._last_s = now_s


def _asked(
    rng: np.random.Generator,
    cloud: FlakyCloud,
    injected: str,
    words: tuple[str, ...],
    *,
    is_recoverable: bool,
    calls: CallSettings,
) -> Trial:
    import_module("openai.resources.responses")  # a client imports its SDK when it first sends
    errand, watch = errand_of(rng), _Stopwatch()
    with cloud, asking(cloud, calls) as model:
        trial = run_dry(
            errand, model, injected=injected, words=words, answer="try again", is_recoverable=is_recoverable,
            listener=watch,
        )  # fmt: skip
    return replace(trial, reaction_s=None if watch.longest_s is None else round(watch.longest_s, 3))


def _timeout(rng: np.random.Generator) -> Trial:
    stalls = int(rng.integers(1, QUESTIONS + 3))

    def spoil(number: int, right: Reply) -> Reply:
        if number >= stalls:
            return right
        cloud.stall(60.0)
        return right

    cloud = FlakyCloud(spoil)
    return _asked(
        rng, cloud, f"the model stalled {stalls} times", ("deadline",), is_recoverable=stalls <= QUESTIONS,
        calls=CallSettings(decompose_deadline_s=DEADLINE_S),
    )  # fmt: skip


def _overloaded(rng: np.random.Generator) -> Trial:
    burst, status = int(rng.integers(1, 21)), int(rng.choice((429, 500, 502, 503, 529)))

    def spoil(number: int, right: Reply) -> Reply:
        return right if number >= burst else error(status, "try later")

    return _asked(
        rng, FlakyCloud(spoil), f"{burst} times HTTP {status}",
        ("too many requests", "server error", "overloaded"),
        is_recoverable=burst < ATTEMPTS * (QUESTIONS + 1),
        calls=CallSettings(first_wait_s=0.01, attempts=ATTEMPTS),
    )  # fmt: skip


def _garbage(rng: np.random.Generator) -> Trial:
    spoilt = int(rng.integers(1, 13))

    def spoil(number: int, right: Reply) -> Reply:
        text = said(right)
        return right if number >= spoilt or text is None else saying(right, garbled(text, rng))

    return _asked(
        rng, FlakyCloud(spoil), f"the first {spoilt} answers garbled",
        ("bad answer", "vetoed(", "cannot work", "goal"),
        is_recoverable=spoilt < CORRECTED, calls=CallSettings(),
    )  # fmt: skip


WIRE_ROWS = (
    Row(
        name="model-timeout",
        group="model",
        injection=f"the vendor stalls 1 to {QUESTIONS + 2} times; deadline {DEADLINE_S:g} s",
        expected="the deadline ends each wait; done when an answer comes, else stopped with the reason",
        inject=_timeout,
        reaction="noticed",
        bound_s=DEADLINE_S + 0.5,
    ),
    Row(
        name="model-overloaded",
        group="model",
        injection="1 to 20 errors in a row: 429, 500, 502, 503 or 529",
        expected="tried again with pauses, then the person is asked; done when the vendor is back",
        inject=_overloaded,
    ),
    Row(
        name="model-garbage",
        group="model",
        injection="1 to 12 answers cut, doubled, renamed, huge, not JSON, or with names that do not exist",
        expected="never carried out as they are: corrected, asked afresh, or given up with the reason",
        inject=_garbage,
    ),
)
