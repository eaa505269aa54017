"""Room skills: push an item on a surface away, closer, left or right."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from robots import Array
from skills.motion.body import Body, Halt, failed, first_halt
from skills.motion.posture import leave, take_shape
from skills.motion.pushing import DIRECTION_RAD, plan_push
from skills.skill import Outcome, SkillCall, SkillContext

from .find import place_of

PUSH_SPEED = 0.12
MOVED_ENOUGH_M = 0.05


class Push:
    """`push(item, direction)`: slide it by a hand's width; succeed when it is measured displaced."""

    name = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Push, and look."""
        item, direction = call.arguments
        body, before = Body(context), context.perceive()
        place = place_of(item, before)
        if place is None:
            return body.finish(failed(f"{item} is on no surface"), "")
        halt = self._push(body, context, item, direction, place)
        after = context.perceive()
        moved = displacement(before, after, item, before.fixtures[place].dock[2] + DIRECTION_RAD[direction])
        if halt is None and (moved < MOVED_ENOUGH_M or place_of(item, after) != place):
            halt = failed(f"{item} moved {moved:.2f} m {direction} and is at {place_of(item, after)}")
        return body.finish(halt, f"pushed {item} {direction}", {"moved_m": moved})

    def _push(self, body: Body, context: SkillContext, item: str, direction: str, place: str) -> Halt | None:
        scene = context.perceive()
        fixture = scene.fixtures[place]
        plan = plan_push(scene, fixture, scene.items[item].item, direction, attempt=context.attempt)
        if isinstance(plan, Halt):
            return plan
        body.evidence["planned_m"] = plan.distance_m
        back = body_back(plan.end, plan.base)
        halt = take_shape(body, scene, plan.base, plan.q_line[0], width=0.0)
        if halt is not None:
            return halt
        halt = first_halt(
            lambda: body.move_arm(*plan.q_line[1:], speed=0.5),
            lambda: body.move_base(plan.end, speed=PUSH_SPEED),
            lambda: body.move_base(back, speed=PUSH_SPEED),
        )
        return leave(body, context, fixture, plan.q_line[::-1][1:], halt)


def body_back(end: Array, start: Array) -> Array:
    """Return the base pose two centimetres back from the end of a push, towards its start."""
    way = (start - end)[:2]
    return np.array([*(end[:2] + 0.02 * way / np.linalg.norm(way)), end[2]])


def displacement(before: Scene, after: Scene, item: str, yaw: float) -> float:
    """Return how far the item moved along a direction of the world frame, [m]."""
    moved = after.items[item].p_world_item - before.items[item].p_world_item
    return float(np.cos(yaw) * moved[0] + np.sin(yaw) * moved[1])
