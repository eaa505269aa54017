"""Room planner: the chores that are disturbed: short ones, so that many fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Chore:
    """A task with its start and what must be true in the end."""

    instruction: str
    goal: str
    ticks: int
    """For how many ticks the robot moves, at least, when nothing disturbs it."""
    objects: Mapping[str, str] = field(default_factory=dict)
    robot_at: str = "table"
    holding: str | None = None
    opened: tuple[str, ...] = ()


PICK = Chore(
    instruction="pick up the apple",
    goal="(holding apple_1)",
    ticks=500,
    objects={"apple_1": "table", "coke_can_1": "table"},
)
STORE = Chore(
    instruction="put the apple into the bowl",
    goal="(in apple_1 bowl_1)",
    ticks=300,
    objects={"bowl_1": "table"},
    holding="apple_1",
)
DRIVE = Chore(instruction="go to the far counter", goal="(robot_at far_counter)", ticks=300)
FETCH = Chore(
    instruction="put the orange into the bowl",
    goal="(in orange_1 bowl_1)",
    ticks=800,
    objects={"orange_1": "table", "bowl_1": "table", "apple_1": "table"},
)
MOTIONS = (PICK, STORE, DRIVE)
"""Arm, arm with a load, base."""
OPEN_DOOR = Chore(instruction="open the fridge", goal="(open fridge)", ticks=300, robot_at="fridge")
