"""Room safety: whether a rule's own examples bear it out."""

from __future__ import annotations

from collections.abc import Sequence

from .ltl import Rule
from .trace import TraceError, read_example, universe_of, watch


def example_problems(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return a sentence for every example that is missing, unreadable or on the wrong side of its rule."""
    found = []
    for rule in rules:
        where = f"{rule.file}:{rule.line}: rule {rule.name}"
        for kind, lines in (("good", rule.good), ("bad", rule.bad)):
            if not lines:
                found.append(f"{where}: there is no {kind} example")
                continue
            try:
                trace = read_example(lines)
            except TraceError as error:
                found.append(f"{where}: {kind} example: {error}")
                continue
            is_broken = bool(watch([rule], trace, universe_of(trace)))
            if is_broken != (kind == "bad"):
                found.append(f"{where}: the {kind} example {'breaks' if is_broken else 'keeps'} it")
    return tuple(found)
