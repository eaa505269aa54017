"""Room planner: the world changes behind the robot's back: things slip, move, change places, doors shut."""

from __future__ import annotations

import numpy as np

from planner.bench.disturber import free_spot
from planner.executive import Event, StepEnded
from skills import Status

from .fault import Fault
from .stage import Stage

LIFT_M, SLIP_TICKS = 0.03, 120
"""A grasp slips once the thing is lifted this far, [m], and for so many ticks."""


class Noticed(Fault):
    """A fault whose reaction ends when the run says that something is not as it should be."""

    def listen(self, event: Event) -> None:
        """Note the first step after the fault that did not come out as it should."""
        if not self.has_struck or self.reaction_s is not None or not isinstance(event, StepEnded):
            return
        if not event.effects_hold or event.outcome.status is not Status.SUCCEEDED:
            self.reaction_s = self.stage.now_s - (self.stage.at_s or 0.0)


class Slip(Noticed):
    """The hand loses what it holds."""

    words = ("slipped", "not held", "holding", "gripper", "hand", "grasp", "known place", "floor", "contact")

    def __init__(self, rng: np.random.Generator, item: str) -> None:
        """Take the thing that will slip."""
        super().__init__(rng)
        self._item = item
        self._wait = 0
        self._start_z = 0.0
        self._carried = 0

    def enter(self, stage: Stage) -> None:
        """Choose for how many ticks the thing is carried before it slips."""
        super().enter(stage)
        self._wait = int(self.rng.integers(1, 150))
        self._start_z = float(stage.kitchen.state().items[self._item].T_world_item[2, 3])
        if stage.chore.holding == self._item:
            self._start_z -= LIFT_M  # carried from the beginning

    def tick(self) -> None:
        """Look whether the thing is carried; let go when it was for long enough."""
        if self.has_struck:
            return
        height = float(self.stage.kitchen.items[self._item].pose()[2, 3])
        is_lifted = height >= self._start_z + LIFT_M
        self._carried += is_lifted and self.stage.is_moving
        if self._carried >= self._wait and self._item in self.stage.kitchen.state().held:
            self.has_struck = True
            self.stage.kitchen.loosen_grip(SLIP_TICKS)
            self.stage.struck(f"{self._item} slipped from the hand", must_stop=False)


class Moved(Noticed):
    """Somebody puts a thing elsewhere."""

    words = (
        "apple_1",
        "orange_1",
        "not where",
        "precondition",
        "nothing",
        "grasp",
        "reach",
        "empty",
        "contact",
    )

    def __init__(self, rng: np.random.Generator, item: str) -> None:
        """Take the thing that will be moved."""
        super().__init__(rng)
        self._item = item

    def strike(self) -> None:
        """Move it, unless the hand holds it."""
        state = self.stage.kitchen.state()
        spot = free_spot(state, self._item, self.rng)
        if self._item in state.held or spot is None:
            self.has_struck = False
            return
        place, T_world_item = spot
        self.stage.kitchen.move_item(self._item, T_world_item)
        self.stage.struck(f"{self._item} was moved to another spot of {place}", must_stop=False)


class Swapped(Noticed):
    """Two things change places."""

    words = Moved.words

    def __init__(self, rng: np.random.Generator, one: str, other: str) -> None:
        """Take the two things."""
        super().__init__(rng)
        self._pair = (one, other)

    def strike(self) -> None:
        """Swap them, unless the hand holds one of them."""
        kitchen = self.stage.kitchen
        held = kitchen.state().held
        if held & set(self._pair):
            self.has_struck = False
            return
        poses = [np.array(kitchen.items[name].pose()) for name in self._pair]
        heights = [pose[2, 3] for pose in poses]
        for name, pose, height in zip(self._pair, reversed(poses), heights, strict=True):
            there = np.array(pose)
            there[2, 3] = height + 0.003  # both lie on one surface: each keeps its own height on it
            kitchen.move_item(name, there)
        self.stage.struck(f"{self._pair[0]} and {self._pair[1]} changed places", must_stop=False)


class DoorShut(Noticed):
    """A door that the robot has opened falls shut."""

    words = ("open", "door", "closed", "shut", "handle")

    def __init__(self, rng: np.random.Generator, door: str) -> None:
        """Take the door."""
        super().__init__(rng)
        self._door = door

    def tick(self) -> None:
        """Strike only once the door is open."""
        if self._is_open():
            super().tick()

    def strike(self) -> None:
        """Shut it."""
        self.stage.kitchen.set_joint(self._door, 0.0)
        self.stage.struck(f"the {self._door} fell shut", must_stop=False)

    def _is_open(self) -> bool:
        return self.stage.kitchen.fixtures[self._door].position > 0.5
