"""Room safety: what filter and guard say when they refuse a command for what it is, or for how often."""

from __future__ import annotations

from collections.abc import Sequence

from robots import Violation

MOST_REFUSALS_S = 0.5
"""A skill whose commands are refused for so long without a pause is stopped, [s]."""


def not_finite() -> Violation:
    """Return that a filtered target is no number."""
    return Violation(
        rule="finite", layer="tick", subject="filtered target", measured="nan", allowed="finite numbers"
    )


def too_late() -> Violation:
    """Return that a skill goes on after it should have ended."""
    return Violation(
        rule="skill_ends",
        layer="tick",
        subject="the skill",
        measured="over",
        allowed="",
        reason="it took twice its time and still sends commands",
    )


def keeps_on(violations: Sequence[Violation]) -> Violation:
    """Return that a skill goes on sending what is refused."""
    first = violations[0] if violations else not_finite()
    return Violation(
        rule="commands_are_possible",
        layer="tick",
        subject=first.subject,
        measured=first.measured,
        allowed=first.allowed,
        unit=first.unit,
        reason=f"commands were refused for {MOST_REFUSALS_S:g} s without a pause, the last for {first.rule}",
    )


def at_limit(axis: str, wanted: float) -> Violation:
    """Return that a target is outside the limits of its axis, [rad] or [m]."""
    return Violation(
        rule="joint position",
        layer="tick",
        subject=axis,
        measured=round(wanted, 4),
        allowed="inside its limits",
    )


def no_braking_room() -> Violation:
    """Return that a joint moves too fast to stop before its position limit."""
    return Violation(
        rule="braking_room",
        layer="tick",
        subject="the motion",
        measured="too fast",
        allowed="",
        reason="a joint could not stop before its position limit",
    )
