"""Room planner: disturb a run once, by seed: move an object, make a grasp slip, or shut a door.

The disturber stands between executive and robot (it is a robot that passes everything on) and listens to the
run, so that it can strike in the middle of a skill. What it did is in `injected`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.executive import Event, PlanMade, StepEnded, StepStarted
from robots import Array, Command, CommandReport, Fixture, Item, RobotProxy, WorldState
from skills import SkillCall

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen

LIFT_M, SLIP_TICKS, LOOK_EVERY = 0.04, 120, 6
"""A grasp slips once the item is lifted this far, [m]; for so many ticks; looked at every so many ticks."""


class Disturber(RobotProxy):
    """Strikes once."""

    def __init__(self, kitchen: PybulletKitchen, rng: np.random.Generator) -> None:
        """Take the world's hooks and the dice."""
        super().__init__(kitchen.robot)
        self._kitchen = kitchen
        self._rng = rng
        self._kind: str | None = None
        self._countdown = 0
        self._slipping: str | None = None
        self._victim: str | None = None
        """Item to move once more than `_moment` steps have started."""
        self._moment = 0
        self._started = 0
        self._start_z = 0.0
        self._ticks = 0
        self.injected: tuple[str, ...] = ()

    def command(self, command: Command) -> CommandReport:
        """Execute one tick; loosen the grip when the watched item has been lifted."""
        report = self._robot.command(command)
        self._ticks += 1
        if self._slipping is not None and self._ticks % LOOK_EVERY == 0:
            state = self._kitchen.state()
            item = state.items[self._slipping]
            if self._slipping in state.held and item.T_world_item[2, 3] > self._start_z + LIFT_M:
                self._kitchen.loosen_grip(SLIP_TICKS)
                self._note(f"{self._slipping} slipped from the hand")
        return report

    def __call__(self, event: Event) -> None:
        """Choose at the first plan what to do and when; strike when its moment comes."""
        match event:
            case PlanMade() if self._kind is None:
                self._choose([step.call for step in event.steps])
            case StepStarted():
                self._step_started(event)
            case StepEnded() if event.call.skill == "open" and event.effects_hold and self._kind == "shut":
                self._after_open(event.call.arguments[0])

    def _choose(self, plan: Sequence[SkillCall]) -> None:
        """Choose kind and moment; a strategy that shows no plan is disturbed at its first pick."""
        picks = [i for i, call in enumerate(plan) if call.skill == "pick"]
        opens = [i for i, call in enumerate(plan) if call.skill == "open"]
        kinds = (["move", "slip"] if picks or not plan else []) + (["shut"] if opens else [])
        self._kind = str(self._rng.choice(kinds)) if kinds else "nothing"
        if self._kind == "shut":
            self._countdown = int(self._rng.integers(len(opens)))
        elif picks:
            chosen = int(self._rng.integers(len(picks)))
            self._countdown = chosen
            if self._kind == "move":
                first = picks[chosen - 1] + 1 if chosen else 0
                self._moment = int(self._rng.integers(first, picks[chosen] + 1))
                self._victim = plan[picks[chosen]].arguments[0]

    def _step_started(self, event: StepStarted) -> None:
        """Move the item that is picked next, while the robot is still on its way; or arm the slip."""
        self._started += 1
        if self._victim is not None:
            if self._started > self._moment and not self.injected:
                self._move(self._victim)
        elif event.call.skill == "pick" and self._kind in ("move", "slip") and self._is_due():
            item = event.call.arguments[0]
            if self._kind == "move":
                self._move(item)
            else:
                self._slipping = item
                self._start_z = float(self._kitchen.state().items[item].T_world_item[2, 3])

    def _is_due(self) -> bool:
        self._countdown -= 1
        return self._countdown < 0 and not self.injected and self._slipping is None

    def _move(self, item: str) -> None:
        state = self._kitchen.state()
        spot = free_spot(state, item, self._rng)
        if spot is not None and item not in state.held:
            place, T_world_item = spot
            self._kitchen.move_item(item, T_world_item)
            self._note(f"{item} was moved to another spot of {place}")

    def _after_open(self, fixture: str) -> None:
        if self._is_due():
            self._kitchen.set_joint(fixture, 0.0)
            self._note(f"{fixture} was shut")

    def _note(self, text: str) -> None:
        self.injected = (*self.injected, text)
        self._slipping = None


def free_spot(state: WorldState, name: str, rng: np.random.Generator) -> tuple[str, Array] | None:
    """Return a surface and a free upright pose on it, at least a hand's width from where the item is.

    Half of the time the surface is the one where it stands, if it stands on one.
    """
    item = state.items[name]
    surfaces = sorted(n for n, f in state.fixtures.items() if "surface" in f.kinds and "stove" not in f.kinds)
    here = [n for n in surfaces if (name, n) in state.contacts]
    order = [str(n) for n in rng.permutation(surfaces)]
    order = here + order if rng.random() < 0.5 else order
    others = [other for other in state.items.values() if other.name != name]
    for surface in order:
        for _ in range(60):
            T = _upright(state.fixtures[surface], item, rng)
            far = float(np.linalg.norm(T[:2, 3] - item.T_world_item[:2, 3])) > 0.10
            if far and all(_gap(T, item, other) > 0.05 for other in others):
                return surface, T
    return None


def _upright(fixture: Fixture, item: Item, rng: np.random.Generator) -> Array:
    region, radius = fixture.region, _radius(item)
    room = np.maximum(np.array(region.size[:2]) / 2 - radius, 0.0)
    x, y = rng.uniform(-room, room)
    T_region_item = np.eye(4)
    T_region_item[:3, 3] = (x, y, item.size[2] / 2 + 0.003)
    T: Array = region.T_world_region @ T_region_item
    return T


def _gap(T: Array, item: Item, other: Item) -> float:
    distance = float(np.linalg.norm(T[:2, 3] - other.T_world_item[:2, 3]))
    return distance - _radius(item) - _radius(other)


def _radius(item: Item) -> float:
    return math.hypot(item.size[0], item.size[1]) / 2
