"""Room safety: hold a whole trace against rules, as `saycando rules monitor` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grounding import Formula, Universe

from .ltl import Break, Monitor, Rule, State
from .trace import Instant


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that a trace breaks."""

    instant: Instant
    """The state that breaks it; for a duty that is left over, the last."""
    broken: Break
    remedy: Formula | None = None
    """The fewest facts that, changed before that state, would have kept the rule."""
    is_owed: bool = False
    """Whether it is a duty that is left over at the end."""


def watch(rules: Sequence[Rule], trace: Sequence[Instant], universe: Universe) -> tuple[Finding, ...]:
    """Return every rule that the trace breaks with the state that did; duties left over count at the last."""
    monitor = Monitor(rules, universe)
    found, before = [], State(frozenset())
    for instant in trace:
        earlier, state = monitor.copy(), instant.state
        changed = (before.facts ^ state.facts) | (before.unknown ^ state.unknown)
        for broken in monitor.step(state):
            remedy = earlier.remedy(broken, state, changed)
            found.append(Finding(instant=instant, broken=broken, remedy=remedy))
        before = state
    return (*found, *(Finding(instant=trace[-1], broken=owed, is_owed=True) for owed in monitor.owed()))
