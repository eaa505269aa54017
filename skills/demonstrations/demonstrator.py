"""Room skills: what a teacher is: a law from the state of the hand to its next step, computed from the truth.

The law has no memory, so it can label any state, also one into which noise or a learning policy has brought
the hand (Ross et al., A reduction of imitation learning to no-regret online learning, 2011; Laskey et al.,
DART, 2017). Rolled forward on paper it gives the whole chunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from robots import Array
from robots.transforms import from_rotation_vector, inverse, rotation_vector

MOST_STEP_M = 0.026
MOST_TURN_RAD = 0.20
CLOSING_STEP_M = 0.022
"""How far the fingers come together in a step of 0.1 s when they close, [m]."""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What the law looks at."""

    T_start_tool: Array
    """The tool as last commanded, start frame."""
    width: float
    """Distance between the pads, [m]."""
    is_gripping: bool
    """Whether the pads press against something."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the law."""

    move: Array
    """Of the tool in the start frame, [m], shape (3,)."""
    turn: Array
    """Rotation vector in the start frame, [rad], shape (3,)."""
    width: float
    """Gripper width to command, [m]."""
    base: Array
    """Of the base, shape (3,)."""


class Demonstrator(Protocol):
    """Shows one skill on one object."""

    p_start_target: Array
    """The point that the policy should look at, start frame, [m], shape (3,)."""
    held_width: float
    """Distance between the pads when they hold the object, [m]; 0 where nothing is held."""

    def step(self, glance: Glance) -> Step:
        """Return what to do next."""
        ...


def chunk_of(teacher: Demonstrator, glance: Glance, horizon: int) -> list[Step]:
    """Return the next steps as they would follow if the hand did as told."""
    steps = []
    for _ in range(horizon):
        step = teacher.step(glance)
        steps.append(step)
        glance = _after(glance, step, teacher.held_width)
    return steps


def _after(glance: Glance, step: Step, held_width: float) -> Glance:
    T = from_rotation_vector(step.turn) @ glance.T_start_tool
    T[:3, 3] = glance.T_start_tool[:3, 3] + step.move
    change = float(np.clip(step.width - glance.width, -CLOSING_STEP_M, CLOSING_STEP_M))
    width = glance.width + change
    if step.width < held_width:
        width = max(width, held_width)
    is_gripping = step.width < held_width and abs(width - held_width) < 1e-6
    return replace(glance, T_start_tool=T, width=width, is_gripping=is_gripping)


def towards(T_start_tool: Array, T_start_goal: Array, *, gain: float = 0.45) -> tuple[Array, Array]:
    """Return a step towards a pose: part of the way, at most so far and so much turned."""
    move = gain * (T_start_goal[:3, 3] - T_start_tool[:3, 3])
    turn = gain * rotation_vector(T_start_goal @ inverse(T_start_tool))
    return limited(move, MOST_STEP_M), limited(turn, MOST_TURN_RAD)


def limited(vector: Array, most: float) -> Array:
    """Return a vector no longer than `most`."""
    length = float(np.linalg.norm(vector))
    return vector if length <= most else vector * (most / length)
