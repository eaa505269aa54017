"""Room skills: come to a working place with the arm in shape, and leave it with the arm folded."""

from __future__ import annotations

import numpy as np

from grounding import Scene
from robots import Array, Fixture
from robots.mobile_base import ARM_HOME
from skills.skill import SkillContext

from .base_planner import is_edge_free
from .body import Body, Halt, first_halt
from .drive import drive_to, drive_to_dock
from .floor_map import floor_map_of

STANDOFF_M = 0.18
"""How far behind its working place the base stands while the arm takes shape or folds."""


def behind(base: Array, distance_m: float) -> Array:
    """Return the base pose so much further back, shape (3,)."""
    return base - distance_m * np.array([np.cos(base[2]), np.sin(base[2]), 0.0])


def take_shape(
    body: Body, scene: Scene, base: Array, q_arm: Array, *, width: float | None = None, speed: float = 1.0
) -> Halt | None:
    """Drive up with the arm as it is, form the arm a step before `base`, and step up.

    Args:
        body: The robot's body.
        scene: What stands around.
        base: Working pose of the base.
        q_arm: Joint positions to arrive with.
        width: Gripper width to command meanwhile, [m].
        speed: Share of the arm's speed; less when the hand holds something.
    """
    back = behind(base, STANDOFF_M)
    standoff = back if is_edge_free(floor_map_of(scene), base, back) else base
    return first_halt(
        lambda: drive_to(body, scene, standoff),
        lambda: body.move_arm(q_arm, width=width, speed=speed),
        lambda: body.move_base(np.array([*base[:2], body.base[2]]), speed=0.5),
    )


def fold(body: Body, *, speed: float = 1.0) -> Halt | None:
    """Step back from the working place and bring the arm into its carrying configuration."""
    return first_halt(
        lambda: body.move_base(behind(body.base, STANDOFF_M), speed=0.6),
        lambda: body.move_arm(ARM_HOME, speed=speed),
    )


def leave(
    body: Body,
    context: SkillContext,
    fixture: Fixture,
    q_back: Array,
    halt: Halt | None,
    *,
    speed: float = 1.0,
) -> Halt | None:
    """Withdraw along `q_back` (n, 7), fold, and return to the dock, also after a failure; return `halt`.

    A cancelled skill stays where it is.
    """
    if halt is not None and halt.is_interruption:
        return halt
    after = first_halt(
        lambda: body.move_arm(*q_back, speed=0.6 * speed),
        lambda: fold(body, speed=speed),
        lambda: drive_to_dock(body, context.perceive(), fixture),
    )
    return halt or after
