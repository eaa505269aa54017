"""Room grounding: which of several fitting objects is easiest to get at: the default choice for "a soda"."""

from __future__ import annotations

import math
from collections.abc import Iterable

from grounding.scene import Scene

from .spatial import place_in

_CLOSED = 4.0
_INSIDE_ITEM = 0.5
_DISCARDED = 100.0
_NOWHERE = 50.0
_WITH_PERSON = 2.0
"""Added to the driving distance, [m]: what opening a door, or taking from a bowl, a bin, the floor costs."""


def ranked(scene: Scene, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names from the easiest to the hardest to get at; names break ties."""
    return tuple(sorted(names, key=lambda name: (effort(scene, name), name)))


def effort(scene: Scene, name: str) -> float:
    """Return the driving distance to a thing plus what makes it harder to take, [m]."""
    if name == scene.held_item:
        return -1.0
    place = place_in(scene, name)
    if place is None:
        return _NOWHERE
    fixture = scene.fixtures[place]
    distance = math.dist(fixture.dock[:2], scene.observation.base[:2])
    if ("robot_at", place) in scene.facts:
        distance = 0.0
    is_shut = "openable" in fixture.kinds and ("open", place) not in scene.facts
    hosts = [f[2] for f in scene.facts if f[0] == "in" and f[1] == name]
    extra = _CLOSED * is_shut + _INSIDE_ITEM * any(host in scene.items for host in hosts)
    if name in scene.items:
        extra += _DISCARDED * ("bin" in fixture.kinds) + _WITH_PERSON * ("person" in fixture.kinds)
    return distance + extra
