"""Room safety: one rule as a person reviewed it, and how it was broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grounding import Formula, Variable
from grounding.formula_parser import Node


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule over scene predicates and time."""

    name: str
    text: str
    """The rule in one sentence, for people."""
    reason: str
    """What happens otherwise."""
    severity: str
    """ "veto": it must never break; "duty": what was begun has to be brought to its end."""
    formula: Node
    source: str
    """The formula as it stands in the file."""
    variables: tuple[Variable, ...] = ()
    """The rule is kept for every binding of these on its own."""
    unless_asked: bool = False
    """Whether an end that was asked for in so many words may break it."""
    file: str = ""
    line: int = 0
    good: tuple[str, ...] = ()
    """A trace that keeps it, one state a line: `action | facts`."""
    bad: tuple[str, ...] = ()
    """A trace just outside."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """A rule that is broken, or would be if the trace ended now."""

    rule: Rule
    binding: Mapping[str, str]
    instance: int
    """Number of the rule's instance in its monitor."""
    continuation: tuple[Formula, ...] = field(default=())
    """The shortest that would keep the rule, one formula per further state; empty when nothing does."""

    @property
    def subject(self) -> str:
        """Return the names that the rule is about here."""
        return ", ".join(self.binding.values()) or "the home"
