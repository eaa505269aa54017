"""Room planner: the offline model's say: how well each candidate begins one of the plans."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language_model import ASK, DONE, Score
from skills import SkillCall

_BEST = 1.0
"""Weight of the first step of the preferred plan; the others are relative to it."""
_OTHER_PLAN = 0.4
"""The first step of a plan with another object."""
_LATER = 0.1
"""A later step of the preferred plan, halved for each step in between."""
_USELESS = 1e-4
_PREMATURE = 1e-6
"""`done` before the goal holds."""


def rate(
    candidates: Sequence[SkillCall], plans: Sequence[Sequence[SkillCall]], *, is_done: bool, method: str
) -> tuple[Score, ...]:
    """Return one score per candidate, summing to 1.

    Args:
        candidates: Calls to rate, `DONE` and `ASK` among them.
        plans: Plans for what is left, best first; empty when the instruction is not understood.
        is_done: Whether the model believes that the goal holds.
        method: Name of this scorer.
    """
    weights = [_weight(call, plans, is_done) for call in candidates]
    total = sum(weights) or 1.0
    return tuple(
        Score(call=call, probability=weight / total, method=method)
        for call, weight in zip(candidates, weights, strict=True)
    )


def _weight(call: SkillCall, plans: Sequence[Sequence[SkillCall]], is_done: bool) -> float:
    if call == DONE:
        return _BEST if is_done else _PREMATURE
    if call == ASK:
        return _USELESS if plans or is_done else _BEST
    best = _USELESS
    for rank, plan in enumerate(plans):
        if call in plan:
            position = list(plan).index(call)
            first = _BEST if rank == 0 else _OTHER_PLAN
            best = max(
                best, first if position == 0 else _LATER * 0.5 ** (position - 1) * (1.0 if rank == 0 else 0.5)
            )
    return best
