"""Room safety: hazard rules as data, checked when they are read, and matched against events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from safety.verdict import Ruling

from .event import ROLES, Event
from .lexicon import Properties, load_lexicon, read_data
from .verbs import load_manners, load_verbs
from .world import STATES

DERIVED = frozenset(
    ["combine", "end", "heat_nothing", "hide", "process", "put_near", "put_on", "request", "shut_on"]
)
"""Kinds of events that no verb names: they follow from what is done."""


class RuleError(ValueError):
    """A rule that cannot be read; the message names it."""


class _When(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    event: str
    object: str | None = None
    target: str | None = None
    liquid: str | None = None
    tool: str | None = None
    words: str | None = None
    unless: str | None = None


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    rule: str = Field(pattern="^[a-z][a-z_]*$")
    text: str
    reason: str
    ruling: Literal["refuse", "ask"] = "refuse"
    breaks: tuple[str, ...] = Field(min_length=1)
    keeps: tuple[str, ...] = Field(min_length=1)
    when: tuple[_When, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Condition:
    """A disjunction of conjunctions of properties, e.g. `a & !b | c`."""

    options: tuple[tuple[Properties, Properties], ...]
    """Per option: what must be there and what must not."""

    def fits(self, properties: Properties) -> bool:
        """Return whether some option fits."""
        return any(need <= properties and not avoid & properties for need, avoid in self.options)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One `when` line."""

    kinds: frozenset[str]
    roles: tuple[tuple[str, Condition, bool], ...]
    """Role, condition, and whether the thing must be there."""
    words: Condition | None
    unless: Condition | None

    def fits(self, event: Event, manners: Properties) -> bool:
        """Return whether this line fits an event of one of its kinds."""
        if self.words is not None and not self.words.fits(manners):
            return False
        if self.unless is not None and self.unless.fits(manners):
            return False
        return all(self._role_fits(event, *role) for role in self.roles)

    @staticmethod
    def _role_fits(event: Event, role: str, condition: Condition, must_be: bool) -> bool:
        if role not in event.parts:
            return not must_be
        return condition.fits(event.properties(role))


@dataclass(frozen=True, kw_only=True)
class HazardRule:
    """What must not happen, and why."""

    name: str
    text: str
    reason: str
    ruling: Ruling
    cases: tuple[Case, ...]
    breaks: tuple[str, ...]
    """Requests that break it."""
    keeps: tuple[str, ...]
    """Requests like them that are allowed."""

    def broken_by(self, events: Mapping[str, Sequence[Event]], manners: Properties) -> Event | None:
        """Return an event that breaks this rule, or None.

        Args:
            events: What would happen, by kind; see `by_kind`.
            manners: The manners of the instruction.
        """
        for case in self.cases:
            for kind in sorted(case.kinds & events.keys()):
                for event in events[kind]:
                    if case.fits(event, manners):
                        return event
        return None


def by_kind(events: Iterable[Event]) -> Mapping[str, Sequence[Event]]:
    """Sort events by kind, in their order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.kind, []).append(event)
    return found


def read_condition(text: str) -> Condition:
    """Read `a & !b | c`; `any` and `none` demand nothing of the properties."""
    options = []
    for option in text.split("|"):
        terms = [term.strip() for term in option.split("&")]
        if not all(terms):
            raise RuleError(f"the condition {text!r} lacks a property beside | or &")
        need = frozenset(t for t in terms if not t.startswith("!") and t not in {"any", "none"})
        options.append((need, frozenset(t[1:].strip() for t in terms if t.startswith("!"))))
    return Condition(tuple(options))


@lru_cache(maxsize=1)
def load_rules() -> tuple[HazardRule, ...]:
    """Read and check `rules.yaml` once.

    Raises:
        RuleError: If the file does not have the form that its head describes, or names what does not exist.
    """
    try:
        entries = TypeAdapter(tuple[_Rule, ...]).validate_python(read_data("rules.yaml"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"hazard rule {where}: {first['msg']}") from error
    for entry in entries:
        for when in entry.when:
            _check_names(entry.rule, when)
    return tuple(
        HazardRule(
            name=entry.rule,
            text=entry.text,
            reason=entry.reason,
            ruling=Ruling(entry.ruling),
            cases=tuple(_case(when) for when in entry.when),
            breaks=entry.breaks,
            keeps=entry.keeps,
        )
        for entry in entries
    )


def _check_names(rule: str, when: _When) -> None:
    """Refuse a misspelt property or manner, which would never fit."""
    things = load_lexicon().vocabulary | STATES | {"any", "none"}
    ways = frozenset(load_manners())
    kinds = DERIVED | set(load_verbs().senses.values())
    if unknown := [k for k in when.event.split("|") if k.strip() not in kinds]:
        raise RuleError(f"hazard rule {rule}: event names {unknown[0]!r}, which is no event")
    for key, known in (*((role, things) for role in ROLES), ("words", ways), ("unless", ways)):
        for term in re.split("[|&]", getattr(when, key) or ""):
            name = re.sub("^(with|in)_", "", term.strip().removeprefix("!").strip())
            if name and name not in known and term.strip().removeprefix("!") not in known:
                raise RuleError(f"hazard rule {rule}: {key} names {name!r}, which is no property")


def _case(when: _When) -> Case:
    roles = tuple(_role(role, text) for role in ROLES if (text := getattr(when, role)) is not None)
    return Case(
        kinds=frozenset(kind.strip() for kind in when.event.split("|")),
        roles=roles,
        words=None if when.words is None else read_condition(when.words),
        unless=None if when.unless is None else read_condition(when.unless),
    )


def _role(role: str, text: str) -> tuple[str, Condition, bool]:
    options = [option.strip() for option in text.split("|")]
    said = [option for option in options if option != "none"]
    condition = read_condition(" | ".join(said)) if said else Condition(())
    return role, condition, len(said) == len(options)
