"""Room grounding: what one look cannot show and perception must remember: visited, found, pushed, poured.

`remember` is a pure function from the memory before and the measurements now to the memory after.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from robots import Array, Fixture, Observation

from .formula import Facts
from .scene import SceneItem

PUSH_DISTANCE = 0.05
"""An item that moved this far along a direction on its surface was pushed, [m]."""
SIGHT_DISTANCE = 1.6
"""Farthest item that counts as looked at, from the base, [m]."""
SIGHT_BEARING = math.radians(65.0)
"""Greatest bearing from the heading at which an item counts as looked at."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Where an item was put down last; pushes are measured from here."""

    surface: str
    p_world_item: Array
    """Shape (3,), [m]."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What happened since the start of the run."""

    visited: frozenset[str] = frozenset()
    """Places reached after the start; standing somewhere at the start is not a visit."""
    found: frozenset[str] = frozenset()
    pushed: frozenset[tuple[str, str]] = frozenset()
    poured: frozenset[tuple[str, str]] = frozenset()
    wiped: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    """Doors and drawers that counted as open at the last look."""
    anchors: Mapping[str, Anchor] = field(default_factory=dict)
    started_s: float | None = None
    """Robot clock at the first look, [s]."""


def remember(
    before: Memory,
    *,
    facts: Facts,
    items: Mapping[str, SceneItem],
    fixtures: Mapping[str, Fixture],
    observation: Observation,
    poured: frozenset[tuple[str, str]] = frozenset(),
) -> Memory:
    """Return the memory after a look.

    Args:
        before: The memory until now.
        facts: What holds now, judged with `before`.
        items: Believed objects.
        fixtures: The home.
        observation: Where the robot stands.
        poured: Pairs (source, target) that perception noticed.
    """
    at = frozenset(f[1] for f in facts if f[0] == "robot_at")
    is_first = before.started_s is None
    arrived = at if not is_first and observation.time_s > (before.started_s or 0.0) else frozenset()
    anchors, pushed = _pushes(before, facts, items, fixtures, at)
    return Memory(
        visited=before.visited | arrived,
        found=before.found | _seen(facts, items, fixtures, observation, at),
        pushed=before.pushed | pushed,
        poured=before.poured | poured,
        wiped=before.wiped | {f[1] for f in facts if f[0] == "wiped"},
        opened=frozenset(f[1] for f in facts if f[0] == "open"),
        anchors=anchors,
        started_s=observation.time_s if is_first else before.started_s,
    )


def place_of(facts: Facts, item: str, fixtures: Mapping[str, Fixture]) -> str | None:
    """Return the surface, container or person where an item is, through the bowl that holds it."""
    for fact in facts:
        if fact[0] in ("on", "in") and fact[1] == item:
            return fact[2] if fact[2] in fixtures else place_of(facts, fact[2], fixtures)
        if fact == ("with_operator", item):
            return next((name for name, f in sorted(fixtures.items()) if "person" in f.kinds), None)
    return None


def _seen(
    facts: Facts,
    items: Mapping[str, SceneItem],
    fixtures: Mapping[str, Fixture],
    observation: Observation,
    at: frozenset[str],
) -> frozenset[str]:
    x, y, yaw = (float(v) for v in observation.base)
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(yaw)):
        return frozenset()
    seen = set()
    for name, thing in items.items():
        dx, dy = float(thing.p_world_item[0]) - x, float(thing.p_world_item[1]) - y
        bearing = abs(math.remainder(math.atan2(dy, dx) - yaw, math.tau))
        if math.hypot(dx, dy) <= SIGHT_DISTANCE and bearing <= SIGHT_BEARING:
            seen.add(name)
    closed = {n for n, f in fixtures.items() if f.articulation is not None and ("open", n) not in facts}
    usable = at - closed
    return frozenset(n for n in seen if ("holding", n) in facts or place_of(facts, n, fixtures) in usable)


def _pushes(
    before: Memory,
    facts: Facts,
    items: Mapping[str, SceneItem],
    fixtures: Mapping[str, Fixture],
    at: frozenset[str],
) -> tuple[dict[str, Anchor], frozenset[tuple[str, str]]]:
    anchors: dict[str, Anchor] = {}
    pushed: set[tuple[str, str]] = set()
    for _, name, surface in sorted(f for f in facts if f[0] == "on"):
        now = Anchor(surface=surface, p_world_item=np.array(items[name].p_world_item))
        last = before.anchors.get(name)
        anchors[name] = now
        if last is None or last.surface != surface:
            continue
        direction = push_direction(last.p_world_item, now.p_world_item, fixtures[surface])
        if direction is None:
            anchors[name] = last
        elif surface in at:
            pushed.add((name, direction))
    return anchors, frozenset(pushed)


def push_direction(p_world_from: Array, p_world_to: Array, surface: Fixture) -> str | None:
    """Return the direction in which an item moved on a surface, or None when it hardly moved.

    Directions are those of a robot that faces the surface from its dock.
    """
    moved = surface.region.T_world_region[:3, :3].T @ (p_world_to - p_world_from)
    along, across = float(moved[0]), float(moved[1])
    if max(abs(along), abs(across)) < PUSH_DISTANCE:
        return None
    if abs(along) >= abs(across):
        return "away" if along > 0 else "closer"
    return "left" if across > 0 else "right"
