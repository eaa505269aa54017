"""A robot that follows every accepted command exactly, and small scenes around it (no simulator)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grounding import Facts, Scene, SceneItem
from robots import Array, Box, Command, CommandReport, Fixture, Item, Observation, Region, RobotLimits, Solid
from robots.command_gate import CommandGate
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from robots.transforms import pose


class IdealRobot:
    """Implements `robots.Robot`: targets are reached at the end of their tick."""

    name = "ideal"
    limits: RobotLimits = PANDA_LIMITS
    camera_names: tuple[str, ...] = ()

    def __init__(self, base: Sequence[float] = (0.0, 0.0, 0.0)) -> None:
        self.gate = CommandGate(PANDA_LIMITS, ARM_HOME, np.array(base, dtype=np.float64))
        self.refusals = 0
        self._ticks = 0
        self._width = PANDA_LIMITS.gripper_max_width

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        return Observation(
            time_s=self._ticks * PANDA_LIMITS.tick_s,
            q_arm=self.gate.target[:7],
            dq_arm=self.gate.velocity[:7],
            base=self.gate.target[7:],
            base_velocity=self.gate.velocity[7:],
            gripper_width=self._width,
            gripper_force=0.0,
        )

    def command(self, command: Command) -> CommandReport:
        self._ticks += 1
        violations = self.gate.check(command)
        self.refusals += bool(violations)
        target = self.gate.braked() if violations else self.gate.wanted(command)
        self.gate.accept(target)
        if not violations and command.gripper_width is not None:
            self._width = command.gripper_width
        executed = replace(command, q_arm=target[:7], base=target[7:])
        return CommandReport(executed=executed, violations=violations)

    def stop(self) -> None:
        while not self.gate.is_at_rest:
            self.command(Command())


def make_fixture(
    name: str, *, at: tuple[float, float, float], kinds: Sequence[str] = ("surface",), station: str = ""
) -> Fixture:
    """Return a 1.0 x 0.5 x 0.75 m block whose front faces the dock 0.33 m before it."""
    T_world_fixture = pose(at[0], at[1], 0.0, yaw=at[2])
    block = Solid(shape=Box(size=(0.5, 1.0, 0.75)), T_owner_solid=T_world_fixture @ pose(0.25, 0.0, 0.375))
    region = Region(T_world_region=T_world_fixture @ pose(0.2, 0.0, 0.75), size=(0.3, 0.9, 0.3))
    dock: Array = T_world_fixture @ np.array([-0.33, 0.0, 0.0, 1.0])
    return Fixture(
        name=name,
        kinds=frozenset({"place", *kinds}),
        solids=(block,),
        region=region,
        dock=(float(dock[0]), float(dock[1]), at[2]),
        station=station or name,
    )


def make_item(name: str, *, at: tuple[float, float, float], types: Sequence[str] = ()) -> SceneItem:
    """Return an upright 6 x 6 x 12 cm box."""
    category = name.rpartition("_")[0]
    solid = Solid(shape=Box(size=(0.06, 0.06, 0.12)), T_owner_solid=np.eye(4))
    item = Item(
        name=name, category=category, T_world_item=pose(*at), solids=(solid,), size=(0.06, 0.06, 0.12)
    )
    return SceneItem(item=item, confidence=1.0, seen_at_s=0.0, types=frozenset({"item", category, *types}))


def make_scene(
    robot: IdealRobot,
    fixtures: Sequence[Fixture],
    items: Sequence[SceneItem] = (),
    facts: Facts = frozenset(),
) -> Scene:
    """Return a scene seen by `robot` now."""
    observation = robot.observe()
    return Scene(
        time_s=observation.time_s,
        items={thing.item.name: thing for thing in items},
        fixtures={fixture.name: fixture for fixture in fixtures},
        observation=observation,
        facts=facts,
    )
