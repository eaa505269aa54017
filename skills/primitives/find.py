"""Room skills: drive to where an item is, and look at it with the head camera."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from robots import Array
from skills.motion.body import Body, Halt, failed, first_halt
from skills.motion.drive import drive_to, drive_to_dock
from skills.motion.posture import tidy
from skills.skill import Outcome, SkillCall, SkillContext

HALF_VIEW_RAD = 0.45
"""Half of the head camera's horizontal angle of view that we rely on."""


class Find:
    """`find(item)`: drive to the place that has the item; succeed when perception says that it is found."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Drive there and look."""
        (item,) = call.arguments
        body, scene = Body(context), context.perceive()
        place = place_of(item, scene)
        if place is None:
            return body.finish(failed(f"nobody knows where {item} is"), "")
        halt = first_halt(
            lambda: tidy(body, scene),
            lambda: drive_to_dock(body, scene, scene.fixtures[place]),
            lambda: self._look(body, context, item, place),
        )
        return body.finish(halt, f"{item} is at {place}")

    def _look(self, body: Body, context: SkillContext, item: str, place: str) -> Halt | None:
        scene = context.perceive()
        bearing = bearing_of(scene.items[item].p_world_item, body.base)
        if ("found", item) not in scene.facts and abs(bearing) > HALF_VIEW_RAD:
            halt = drive_to(body, scene, body.base + np.array([0.0, 0.0, bearing]))
            if halt is not None:
                return halt
            scene = context.perceive()
            bearing = bearing_of(scene.items[item].p_world_item, body.base)
        body.evidence |= {"bearing_rad": bearing, "is_seen": ("found", item) in scene.facts}
        if ("found", item) not in scene.facts:
            return failed(f"{item} is not in view at {place}")
        return None


def place_of(item: str, scene: Scene) -> str | None:
    """Return the fixture where the item is, through the receptacle that holds it if need be."""
    for fact in sorted(scene.facts):
        if fact[0] in ("on", "in") and fact[1] == item:
            return fact[2] if fact[2] in scene.fixtures else place_of(fact[2], scene)
        if fact == ("with_operator", item):
            people = (name for name, fixture in scene.fixtures.items() if "person" in fixture.kinds)
            return min(people, default=None)
    return None


def bearing_of(p_world_item: Array, base: Array) -> float:
    """Return the angle of an item from the robot's forward direction, [rad], left positive."""
    cos, sin = np.cos(base[2]), np.sin(base[2])
    x, y = p_world_item[:2] - base[:2]
    return float(np.arctan2(-sin * x + cos * y, cos * x + sin * y))
