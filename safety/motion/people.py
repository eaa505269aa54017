"""Room safety: how fast the robot may be beside people: separation, hand-over speed, and sharp things.

A person who passes is kept at the protective distance of ISO/TS 15066 from whatever moves. A partner who
stands at a hand-over place takes part: near them the tool is slow instead (power and force limiting).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from robots import Array, TrackedPerson, Violation

from .bounds import PERSON_SPEED, protective_distance, separation_scale
from .surface import is_far, speeds, surface_at

NEAR_M = 1.0
"""Within this of a person the tool is slow, and nothing sharp is moved: our own rule of the house."""
NEAR_TOOL_SPEED = 0.25
"""Largest tool speed near people and in SLOW, [m/s]. Source: ISO 10218-1, reduced speed."""
AIM = 0.94
"""Share of that speed which is aimed at: within one tick the path may turn to where the tool is faster."""
EAGERNESS = 0.7
"""Share of the deceleration that the limits allow which is counted on."""
REACTION_S = 0.1
"""From a person being somewhere to the robot beginning to brake, [s]: 30 Hz tracker, a tick, a margin."""
STALE_S = 0.2
"""A tracked person who was not seen for longer may be anywhere they could have walked."""
DANGEROUS = frozenset({"sharp", "hot"})
"""What is not moved near a person; glass is fragile and not dangerous in a closed hand."""
_FARTHEST = protective_distance(1.5, REACTION_S, 0.8)


@dataclass(frozen=True)
class Allowance:
    """The largest share of the asked speed, and what decided it."""

    scale: float = 1.0
    reason: Violation | None = None

    def stricter(self, scale: float, reason: Violation) -> Allowance:
        """Return the stricter of both."""
        return Allowance(scale, reason) if scale < self.scale else self


def allowance(
    people: Sequence[TrackedPerson],
    now: Array,
    asked: Array,
    *,
    dt: float,
    now_s: float,
    stopping_s: float,
    held_types: frozenset[str],
    is_slow: bool,
) -> Allowance:
    """Return how much of a tick's motion is allowed.

    Args:
        people: Everybody the tracker knows.
        now: Configuration now, shape (10,).
        asked: Configuration that a tick at full speed would reach, shape (10,).
        dt: Control period, [s].
        now_s: Robot clock, [s].
        stopping_s: Time to stop on the path from full speed, [s].
        held_types: What the hand holds is all of these.
        is_slow: Whether the mode is SLOW.
    """
    near = [p for p in (_aged(p, now_s) for p in people) if not is_far(now, p, _FARTHEST)]
    if not near and not is_slow:
        return Allowance()
    here = surface_at(now, is_holding=bool(held_types))
    speed, tool = speeds(here, surface_at(asked, is_holding=bool(held_types)), dt)
    found = Allowance()
    if is_slow:
        found = found.stricter(*_tool_limit(tool, "the robot is in SLOW"))
    for person in near:
        gap = here.gap(person)
        why = f"{person.name} is {max(gap, 0.0):.2f} m away"
        found = found.stricter(*_tool_limit(tool, why, gap - NEAR_M, stopping_s))
        if gap <= NEAR_M and held_types & DANGEROUS and not person.is_partner:
            found = found.stricter(0.0, _sharp(person, gap))
        if not person.is_partner:
            scale = separation_scale(
                gap, max(speed, 1e-3), REACTION_S + dt, stopping_s, person_speed=PERSON_SPEED
            )
            found = found.stricter(scale, _separation(person, gap, speed, stopping_s))
    return found


def _aged(person: TrackedPerson, now_s: float) -> TrackedPerson:
    """Return a person who was not seen lately as large as the ground that they may have covered."""
    unseen_s = now_s - person.seen_at_s
    if person.is_partner or unseen_s <= STALE_S:
        return person
    return replace(person, radius=person.radius + PERSON_SPEED * unseen_s)


def _tool_limit(tool: float, why: str, room: float = 0.0, stopping_s: float = 1.0) -> tuple[float, Violation]:
    """Return the share of speed from which the tool is slow once `room`, [m], is used up."""
    braking = EAGERNESS * tool / stopping_s
    aim = math.sqrt((NEAR_TOOL_SPEED * AIM) ** 2 + 2.0 * braking * max(room, 0.0))
    scale = aim / tool if tool > aim else 1.0
    return scale, Violation(
        rule="tool_is_slow_near_people",
        layer="tick",
        subject="tool speed",
        measured=round(tool, 3),
        allowed=NEAR_TOOL_SPEED,
        unit="m/s",
        reason=why,
    )


def _sharp(person: TrackedPerson, gap: float) -> Violation:
    return Violation(
        rule="nothing_sharp_near_people",
        layer="tick",
        subject=person.name,
        measured=round(gap, 3),
        allowed=NEAR_M,
        unit="m",
    )


def _separation(person: TrackedPerson, gap: float, speed: float, stopping_s: float) -> Violation:
    needed = protective_distance(speed, REACTION_S, stopping_s)
    return Violation(
        rule="separation",
        layer="tick",
        subject=f"distance to {person.name}",
        measured=round(gap, 3),
        allowed=round(needed, 3),
        unit="m",
    )
