"""Room grounding: spatial relations and superlatives, measured in a scene.

Left, right, front and behind are those of a robot that stands at the dock of the place and faces it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from grounding.extents import in_region_frame, is_within
from grounding.memory import place_of
from grounding.scene import Scene
from robots import Array, Fixture
from robots.polygons import gap_between

from .expression import RelationKind, Superlative

NEXT_TO = 0.25
"""Items with at most this much between them are next to each other, [m]."""
FIXTURES_NEXT_TO = 1.3
"""Docks at most this far apart belong to neighbouring fixtures, [m]."""
SIDE = 0.02
"""One item is left of another when it is at least this far to its left, [m]."""


def place_in(scene: Scene, name: str) -> str | None:
    """Return the fixture where an item is; a fixture is its own place."""
    return name if name in scene.fixtures else place_of(scene.facts, name, scene.fixtures)


def is_related(scene: Scene, kind: RelationKind, name: str, anchors: Sequence[str]) -> bool:
    """Return whether an item or fixture stands in a relation to its anchors (two for `between`)."""
    if kind == "held":
        return name == scene.held_item
    if kind == "between":
        return len(anchors) == 2 and _is_between(scene, name, *anchors)
    anchor = anchors[0]
    if name == anchor:
        return False
    match kind:
        case "on":
            return _is_on(scene, name, anchor)
        case "in":
            return is_inside(scene, name, anchor)
        case "at":
            near = anchor in scene.items and _is_next_to(scene, name, anchor)
            return near or place_in(scene, name) == anchor
        case "next_to":
            return _is_next_to(scene, name, anchor)
    return _is_beside(scene, kind, name, anchor)


def is_inside(scene: Scene, name: str, anchor: str) -> bool:
    """Return whether an item is in something, also through a bowl in it."""
    hosts = [fact[2] for fact in scene.facts if fact[0] == "in" and fact[1] == name]
    return any(host == anchor or is_inside(scene, host, anchor) for host in hosts)


def _is_on(scene: Scene, name: str, anchor: str) -> bool:
    if anchor in scene.fixtures:
        kinds = scene.fixtures[anchor].kinds
        return place_in(scene, name) == anchor and not kinds & {"openable", "bin"}
    if name not in scene.outlines or anchor not in scene.outlines:
        return False
    upper, lower = scene.outlines[name], scene.outlines[anchor]
    is_over = is_within(lower.corners, upper.centre)
    return is_over and upper.low >= lower.low and upper.high > lower.high and name != scene.held_item


def _is_next_to(scene: Scene, name: str, anchor: str) -> bool:
    if name in scene.fixtures and anchor in scene.fixtures:
        return 0.0 < _dock_distance(scene, name, anchor) <= FIXTURES_NEXT_TO
    if name in scene.items and anchor in scene.items:
        if place_in(scene, name) != place_in(scene, anchor) or place_in(scene, name) is None:
            return False
        return gap_between(scene.outlines[name].corners, scene.outlines[anchor].corners) <= NEXT_TO
    place = place_in(scene, name)
    return place is not None and (place == anchor or _is_next_to(scene, place, anchor))


def _dock_distance(scene: Scene, a: str, b: str) -> float:
    return math.dist(scene.fixtures[a].dock[:2], scene.fixtures[b].dock[:2])


def _is_beside(scene: Scene, kind: RelationKind, name: str, anchor: str) -> bool:
    place = place_in(scene, anchor)
    if place is None:
        return False
    both_items = name in scene.items and anchor in scene.items
    is_far = not _is_next_to(scene, name, anchor) if not both_items else place_in(scene, name) != place
    if is_far:
        return False
    ahead, left = np.subtract(seen_at(scene, place, name), seen_at(scene, place, anchor))
    amount = {"left_of": left, "right_of": -left, "behind": ahead, "in_front_of": -ahead}[kind]
    return bool(amount >= SIDE)


def seen_at(scene: Scene, place: str, name: str) -> Array:
    """Return how far ahead and to the left a thing is, seen from the dock of a place, [m], shape (2,)."""
    p_world = scene.items[name].p_world_item if name in scene.items else _middle(scene.fixtures[name])
    return np.asarray(in_region_frame(scene.fixtures[place].region, p_world)[:2])


def _middle(fixture: Fixture) -> Array:
    return fixture.region.T_world_region[:3, 3]


def _is_between(scene: Scene, name: str, a: str, b: str) -> bool:
    if name in (a, b):
        return False
    points = [_point(scene, n) for n in (name, a, b)]
    along = points[2] - points[1]
    length = float(np.linalg.norm(along))
    if length < 1e-6:
        return False
    share = float((points[0] - points[1]) @ along) / length**2
    aside = float(np.linalg.norm(points[0] - points[1] - share * along))
    return 0.05 < share < 0.95 and aside <= max(0.12, 0.3 * length)


def _point(scene: Scene, name: str) -> Array:
    """Return the x and y of a thing in the world, [m], shape (2,)."""
    if name in scene.items:
        return scene.items[name].p_world_item[:2]
    return _middle(scene.fixtures[name])[:2]


def sorted_by(
    scene: Scene, superlative: Superlative, names: Sequence[str], *, origin: str | None = None
) -> tuple[str, ...]:
    """Return the names from the one that fits the superlative best to the one that fits it least.

    Leftmost and the like compare what is at one place: where the robot stands if some are there, else where
    the first name is. Nearest and farthest are measured from `origin`, or from the robot.
    """
    if superlative in ("leftmost", "rightmost", "front", "back", "middle"):
        place = _common_place(scene, names)
        if place is None:
            return tuple(names)
        here = [n for n in names if n in scene.fixtures or place_in(scene, n) == place]
        seen = {n: seen_at(scene, place, n) for n in here}
        if superlative == "middle":
            middle = float(np.median([seen[n][1] for n in here]))
            return tuple(sorted(here, key=lambda n: (abs(seen[n][1] - middle), n)))
        axis, sign = {"leftmost": (1, -1), "rightmost": (1, 1), "front": (0, 1), "back": (0, -1)}[superlative]
        return tuple(sorted(here, key=lambda n: (sign * seen[n][axis], n)))
    return tuple(sorted(names, key=lambda n: (_amount(scene, superlative, n, origin), n)))


def _common_place(scene: Scene, names: Sequence[str]) -> str | None:
    places = [place for n in names if (place := place_in(scene, n)) is not None]
    here = [place for place in places if ("robot_at", place) in scene.facts]
    return next(iter(here or places), None)


def _amount(scene: Scene, superlative: Superlative, name: str, origin: str | None) -> float:
    if superlative in ("nearest", "farthest"):
        start = scene.observation.base[:2] if origin is None else _point(scene, origin)
        away = math.dist(_point(scene, name), start)
        return away if superlative == "nearest" else -away
    size = scene.items[name].item.size if name in scene.items else scene.fixtures[name].region.size
    volume = float(np.prod(size))
    return {"largest": -volume, "smallest": volume, "tallest": -size[2]}[superlative]
