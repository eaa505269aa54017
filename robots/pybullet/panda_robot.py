"""Room robots: the simulated mobile Panda, an implementation of the `Robot` protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from robots.arrays import Array, frozen
from robots.command_gate import CommandGate
from robots.mobile_base import ARM_HOME, HEAD_CAMERA_PITCH_YAW, HEAD_CAMERA_XYZ
from robots.panda import PANDA_LIMITS
from robots.robot import (
    CameraFrame,
    Command,
    CommandReport,
    Observation,
    RobotLimits,
    TrackedPerson,
    Violation,
)
from robots.transforms import pose

from .cameras import CameraModel, render
from .client import PHYSICS_STEP_S, BulletClient
from .panda_body import PandaBody

LOOSE_FORCE = 2.0
"""Force with which a slipping hand opens, [N]."""
SUBSTEPS = round(PANDA_LIMITS.tick_s / PHYSICS_STEP_S)

_OPTICAL = pose(0, 0, 0, roll=-np.pi / 2, yaw=-np.pi / 2)
"""Optical frame (z forward, x right, y down) in a frame whose x looks forward and z up."""

_T_HAND_CAMERA = pose(-0.075, 0.0, 0.02) @ pose(0, 0, 0, yaw=np.pi / 2) @ pose(0, 0, 0, roll=0.35)
"""Wrist camera on the hand, tilted so that it sees the finger tips."""


@dataclass(frozen=True, kw_only=True)
class RobotMemory:
    """What the driver knows and physics does not store."""

    history: tuple[Array, Array, Array]
    width: float
    force: float
    tick: int
    loose_ticks: int


class PybulletRobot:
    """A Panda with its hand on a holonomic base; every `command` advances physics by one tick."""

    def __init__(
        self,
        bullet: BulletClient,
        *,
        base: Sequence[float],
        on_tick: Callable[[], None],
        cameras: Mapping[str, CameraModel],
    ) -> None:
        """Load the robot at rest in its carrying configuration, with an open hand.

        Args:
            bullet: The physics world.
            base: Base pose x, y, yaw in the world frame.
            on_tick: Called after every tick; the home's buttons and processes run in it.
            cameras: Camera models by name; the names must be among "head" and "wrist".
        """
        self._bullet = bullet
        self._on_tick = on_tick
        self._cameras = dict(cameras)
        self.people: Callable[[], tuple[TrackedPerson, ...]] = tuple
        """The person tracker; the home sets it."""
        self.person_bodies: set[int] = set()
        """Body numbers of people, whom no part of the robot should touch."""
        self._panda = PandaBody(bullet)
        self._width, self._force, self._tick, self._loose_ticks = PANDA_LIMITS.gripper_max_width, 40.0, 0, 0
        base_array = np.array(base, dtype=np.float64)
        self._gate = CommandGate(PANDA_LIMITS, ARM_HOME, base_array)
        self.place_at_rest(ARM_HOME, base_array)

    @property
    def name(self) -> str:
        """Return the embodiment's name."""
        return "mobile_panda"

    @property
    def body(self) -> int:
        """Return the body's number in the physics world."""
        return self._panda.number

    @property
    def fingers(self) -> tuple[int, int]:
        """Return the link numbers of the two fingers."""
        return self._panda.fingers

    @property
    def limits(self) -> RobotLimits:
        """Return the Panda's published limits and those of the base."""
        return PANDA_LIMITS

    @property
    def camera_names(self) -> tuple[str, ...]:
        """Return the cameras that `observe` can be asked for."""
        return tuple(self._cameras)

    @property
    def tick(self) -> int:
        """Return how many ticks have passed since the start."""
        return self._tick

    @property
    def time_s(self) -> float:
        """Return the simulated time since the start, [s]."""
        return self._tick * PANDA_LIMITS.tick_s

    def place_at_rest(self, q_arm: Array, base: Array, *, width: float | None = None) -> None:
        """Put the robot somewhere without moving there (before the episode only)."""
        self._width = PANDA_LIMITS.gripper_max_width if width is None else width
        self._panda.put(np.concatenate([q_arm, base]), self._width)
        self._gate.reset(q_arm, base)

    def command(self, command: Command) -> CommandReport:
        """Execute one tick. A command outside the limits is refused whole, and the robot brakes."""
        violations = self._gate.check(command)
        if violations:
            return self._braking_tick(violations)
        if command.gripper_width is not None:
            self._width = float(command.gripper_width)
            self._force = float(command.gripper_force)
        self._run_tick(self._gate.wanted(command))
        told = self._gate.target
        return CommandReport(executed=replace(command, q_arm=told[:7], base=told[7:]))

    def stop(self) -> None:
        """Bring every joint to rest within its limits and hold."""
        self._braking_tick(())
        while not self._gate.is_at_rest:
            self._braking_tick(())

    def _braking_tick(self, violations: tuple[Violation, ...]) -> CommandReport:
        target = self._gate.braked()
        self._run_tick(target)
        executed = Command(
            q_arm=frozen(target[:7]),
            base=frozen(target[7:]),
            gripper_width=self._width,
            gripper_force=self._force,
        )
        return CommandReport(executed=executed, violations=violations)

    def loosen_grip(self, ticks: int) -> None:
        """Disturb: the hand holds with no force for so many ticks, as when an object slips."""
        self._loose_ticks = max(self._loose_ticks, ticks)

    def _run_tick(self, target: Array) -> None:
        start = self._gate.target
        self._gate.accept(target)
        velocity = (target - start) / PANDA_LIMITS.tick_s
        is_loose = self._loose_ticks > 0
        width = PANDA_LIMITS.gripper_max_width if is_loose else self._width
        force = LOOSE_FORCE if is_loose else self._force
        for k in range(SUBSTEPS):
            # Reference at the start of the substep: the feed-forward velocity carries it to the end.
            self._panda.drive(start + velocity * (k * PHYSICS_STEP_S), velocity)
            self._panda.drive_fingers(width, force)
            self._bullet.stepSimulation()
        self._tick += 1
        self._loose_ticks = max(0, self._loose_ticks - 1)
        self._on_tick()

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state; renders only the cameras asked for."""
        joints = self._panda.measure()
        return Observation(
            time_s=self.time_s,
            q_arm=frozen(joints.q[:7]),
            dq_arm=frozen(joints.dq[:7]),
            base=frozen(joints.q[7:]),
            base_velocity=frozen(joints.dq[7:]),
            gripper_width=joints.width,
            gripper_force=self._panda.pad_force(),
            frames={name: self._frame(name) for name in cameras},
            people=self.people(),
            external_force=self._panda.external_force(self.person_bodies),
            hand_force=self._panda.hand_force(),
        )

    def _frame(self, name: str) -> CameraFrame:
        if name not in self._cameras:
            raise ValueError(f"camera {name!r} does not exist; cameras: {', '.join(self._cameras)}")
        return render(self._bullet, self._cameras[name], self.camera_pose(name), time_s=self.time_s)

    def camera_pose(self, name: str) -> Array:
        """Return T_world_camera (optical frame) of "head" or "wrist"."""
        if name == "wrist":
            return self.hand_pose() @ _T_HAND_CAMERA
        pitch, yaw = HEAD_CAMERA_PITCH_YAW
        T_base_head = pose(*HEAD_CAMERA_XYZ, pitch=pitch, yaw=yaw)
        return self._panda.link_pose(self._panda.base) @ T_base_head @ _OPTICAL

    def hand_pose(self) -> Array:
        """Return T_world_hand: z along the fingers, y along their motion; pads are centred at z = 0.1024."""
        return self._panda.link_pose(self._panda.hand)

    @property
    def memory(self) -> RobotMemory:
        """Return what the driver knows and physics does not store."""
        return RobotMemory(
            history=self._gate.history,
            width=self._width,
            force=self._force,
            tick=self._tick,
            loose_ticks=self._loose_ticks,
        )

    def restore_memory(self, memory: RobotMemory) -> None:
        """Put back what `memory` returned."""
        self._gate.history = memory.history
        self._width, self._force = memory.width, memory.force
        self._tick, self._loose_ticks = memory.tick, memory.loose_ticks

    def start_clock(self) -> None:
        """Call this moment time 0."""
        self._tick = 0
