"""Room planner: somebody walks in, and somebody presses the emergency stop."""

from __future__ import annotations

import math

import numpy as np

from robots import Command, Robot
from safety import HouseholdSupervisor
from safety.motion import Mode

from .fault import Fault
from .stage import Stage

FAR_M = 3.5
"""Where a person comes from and goes to, [m] from the robot's axis."""
PASSES_M = (0.3, 1.6)
"""How near to the robot's axis they come, [m]."""


class PersonEnters(Fault):
    """A person walks at the robot at 1.6 m/s, close by or right into it, and on to the other side."""

    words = ("separation", "tool_is_slow_near_people", "walker", "contact", "person", "commands_are_possible")

    def strike(self) -> None:
        """Send them on their way."""
        kitchen = self.stage.kitchen
        base = np.array(kitchen.robot.observe().base[:2])
        come, go = self.rng.uniform(0.0, 2.0 * math.pi, 2)
        near = float(self.rng.uniform(*PASSES_M))
        way = [base + FAR_M * _towards(come), base + near * _towards(come), base + FAR_M * _towards(go)]
        kitchen.add_person("walker", [point.tolist() for point in way])
        self.stage.struck(f"a person came as near as {near:.2f} m to the robot's axis", must_stop=False)


class EmergencyStop(Fault):
    """Somebody presses the button; nobody resets it before the run has ended."""

    words = ("emergency",)
    may_recover = False

    def strike(self) -> None:
        """Press it."""
        supervisor = self.stage.session.parts.supervisor
        assert isinstance(supervisor, HouseholdSupervisor)
        supervisor.modes.press_e_stop()
        self.stage.struck("the emergency stop was pressed")


def after_e_stop(stage: Stage) -> None:
    """Try to move after the reset and after arming: only a command after both may move anything."""
    supervisor = stage.session.parts.supervisor
    assert isinstance(supervisor, HouseholdSupervisor)
    modes, witness = supervisor.modes, stage.witness
    if not any(isinstance(fault, EmergencyStop) and fault.has_struck for fault in stage.faults):
        return
    witness.is_over = True
    robot = supervisor.guard(stage.kitchen.robot)
    for act, mode in ((modes.press_e_stop, Mode.E_STOP), (modes.reset, Mode.HOLD)):
        act()
        if modes.mode is not mode:
            witness.found(f"the mode is {modes.mode.name}, expected {mode.name}")
        if _nudged(robot):
            witness.found(f"the robot moved in {modes.mode.name}")
    modes.arm()
    if _drifted(robot):
        witness.found("the robot moved when it was armed, without a command")
    if not _nudged(robot):
        witness.found("the robot did not move when it was armed and commanded")


def _nudged(robot: Robot) -> bool:
    """Ask for a little motion of the first joint, and return whether the driver took it."""
    now = robot.observe()
    q = np.array(now.q_arm)
    q[0] += 1e-5
    return not robot.command(Command(q_arm=q, base=now.base)).was_refused


def _drifted(robot: Robot) -> bool:
    before = robot.observe()
    for _ in range(12):
        robot.command(Command())
    after = robot.observe()
    moved = np.abs(np.concatenate([after.q_arm - before.q_arm, after.base - before.base])).max()
    return bool(moved > 2e-3)


def _towards(angle: float) -> np.ndarray:
    return np.array([math.cos(angle), math.sin(angle)])
