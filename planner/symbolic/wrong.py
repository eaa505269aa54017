"""Room planner: what keeps a condition from holding, so that edits which cannot help are not tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .conditions import Choice, Condition, Count, bits


@dataclass(frozen=True, slots=True)
class Wrong:
    """Facts that are missing, facts that are in the way, and for every unmet alternative what each lacks."""

    missing: int = 0
    present: int = 0
    choices: tuple[tuple[Wrong, ...], ...] = ()

    def is_righted_by(self, add: int, delete: int) -> bool:
        """Return whether one change that adds and deletes at most these facts could be enough."""
        if self.missing & ~add or self.present & ~delete:
            return False
        return all(any(w.is_righted_by(add, delete) for w in choice) for choice in self.choices)


def wrong(conditions: Iterable[Condition], state: int) -> Wrong:
    """Return what keeps the conditions from holding in the state."""
    missing = present = 0
    choices: list[tuple[Wrong, ...]] = []
    for one in conditions:
        missing |= one.positive & ~state
        present |= one.negative & state
        choices += [_alternatives(part, state) for part in one.parts if not part.holds(state)]
    return Wrong(missing, present, tuple(choices))


def _alternatives(part: Choice | Count, state: int) -> tuple[Wrong, ...]:
    if isinstance(part, Count):
        return (Wrong(),)  # counting is not analysed: anything may help
    found = [Wrong(missing=1 << n) for n in bits(part.positive)]
    found += [Wrong(present=1 << n) for n in bits(part.negative)]
    for inner in part.parts:
        found += [Wrong()] if isinstance(inner, Count) else [wrong([inner], state)]
    return tuple(found)
