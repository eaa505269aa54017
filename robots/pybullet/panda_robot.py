"""Room robots: the simulated mobile Panda, an implementation of the `Robot` protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array, frozen
from robots.command_gate import CommandGate
from robots.mobile_base import ARM_HOME, HEAD_CAMERA_PITCH_YAW, HEAD_CAMERA_XYZ
from robots.panda import PANDA_LIMITS
from robots.robot import CameraFrame, Command, CommandReport, Observation, RobotLimits, Violation
from robots.transforms import from_quaternion, pose

from .cameras import CameraModel, render
from .client import PHYSICS_STEP_S, BulletClient
from .panda_urdf import mobile_panda_urdf
from .urdf import load_urdf

ARM_FORCES = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)
"""Joint torques, [Nm]. Source: frankaemika/docs control-parameters-joint-panda.csv @ cda9283."""
BASE_FORCES = (8000.0, 8000.0, 8000.0)
FINGER_SPEED = 0.05
"""Speed of one finger, [m/s]. Source: Franka Hand data sheet, 50 mm/s per finger."""
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
        self.body = load_urdf(
            bullet,
            mobile_panda_urdf(),
            useFixedBase=True,
            flags=bullet.URDF_USE_INERTIA_FROM_FILE,
        )
        self._index_links()
        self._width, self._force, self._tick, self._loose_ticks = PANDA_LIMITS.gripper_max_width, 40.0, 0, 0
        base_array = np.array(base, dtype=np.float64)
        self._gate = CommandGate(PANDA_LIMITS, ARM_HOME, base_array)
        self.place_at_rest(ARM_HOME, base_array)

    def _index_links(self) -> None:
        bullet = self._bullet
        infos = [bullet.getJointInfo(self.body, i) for i in range(bullet.getNumJoints(self.body))]
        joint = {info[1].decode(): info[0] for info in infos}
        link = {info[12].decode(): info[0] for info in infos}
        self._arm = [joint[f"panda_joint{i}"] for i in range(1, 8)]
        self._base = [joint[f"base_{axis}_joint"] for axis in ("x", "y", "yaw")]
        self.fingers = (joint["panda_finger_joint1"], joint["panda_finger_joint2"])
        top = (*PANDA_LIMITS.arm.velocity, *PANDA_LIMITS.base.velocity)
        forces = (*ARM_FORCES, *BASE_FORCES)
        self._motors = tuple(zip((*self._arm, *self._base), forces, map(float, top), strict=True))
        self._hand, self._base_link = link["panda_hand"], link["base"]
        for index in range(-1, len(infos)):
            bullet.changeDynamics(
                self.body, index, jointDamping=0.0, linearDamping=0.0, angularDamping=0.0, lateralFriction=0.5
            )
        for finger in self.fingers:
            bullet.changeDynamics(
                self.body, finger, lateralFriction=1.6, spinningFriction=0.02, rollingFriction=0.002
            )
        gear = bullet.createConstraint(
            self.body,
            self.fingers[0],
            self.body,
            self.fingers[1],
            bullet.JOINT_GEAR,
            [1, 0, 0],
            [0] * 3,
            [0] * 3,
        )
        bullet.changeConstraint(gear, gearRatio=-1, erp=0.2, maxForce=200)

    @property
    def name(self) -> str:
        """Return the embodiment's name."""
        return "mobile_panda"

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
        bullet = self._bullet
        for indices, values in ((self._arm, q_arm), (self._base, base)):
            for index, value in zip(indices, values, strict=True):
                bullet.resetJointState(self.body, index, float(value), 0.0)
        self._width = PANDA_LIMITS.gripper_max_width if width is None else width
        for finger in self.fingers:
            bullet.resetJointState(self.body, finger, self._width / 2, 0.0)
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
        return CommandReport(executed=command)

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
        for k in range(SUBSTEPS):
            # Reference at the start of the substep: the feed-forward velocity carries it to the end.
            self._drive(start + velocity * (k * PHYSICS_STEP_S), velocity)
            self._bullet.stepSimulation()
        self._tick += 1
        self._loose_ticks = max(0, self._loose_ticks - 1)
        self._on_tick()

    def _drive(self, reference: Array, velocity: Array) -> None:
        bullet = self._bullet
        mode, set_motor = bullet.POSITION_CONTROL, bullet.setJointMotorControl2
        goals = zip(self._motors, reference.tolist(), velocity.tolist(), strict=True)
        for (joint, force, top), position, speed in goals:
            set_motor(
                self.body,
                joint,
                mode,
                targetPosition=position,
                targetVelocity=speed,
                positionGain=0.2,
                velocityGain=1.0,
                force=force,
                maxVelocity=top,
            )
        is_loose = self._loose_ticks > 0
        for finger in self.fingers:
            set_motor(
                self.body,
                finger,
                mode,
                targetPosition=PANDA_LIMITS.gripper_max_width / 2 if is_loose else self._width / 2,
                positionGain=0.2,
                velocityGain=1.0,
                force=LOOSE_FORCE if is_loose else self._force,
                maxVelocity=FINGER_SPEED,
            )

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state; renders only the cameras asked for."""
        bullet = self._bullet
        arm = bullet.getJointStates(self.body, self._arm)
        base = bullet.getJointStates(self.body, self._base)
        fingers = bullet.getJointStates(self.body, self.fingers)
        return Observation(
            time_s=self.time_s,
            q_arm=frozen([s[0] for s in arm]),
            dq_arm=frozen([s[1] for s in arm]),
            base=frozen([s[0] for s in base]),
            base_velocity=frozen([s[1] for s in base]),
            gripper_width=float(fingers[0][0] + fingers[1][0]),
            gripper_force=self._pad_force(),
            frames={name: self._frame(name) for name in cameras},
        )

    def _pad_force(self) -> float:
        total = 0.0
        for finger in self.fingers:
            total += sum(
                point[9] for point in self._bullet.getContactPoints(bodyA=self.body, linkIndexA=finger)
            )
        return total / 2.0

    def _frame(self, name: str) -> CameraFrame:
        if name not in self._cameras:
            raise ValueError(f"camera {name!r} does not exist; cameras: {', '.join(self._cameras)}")
        return render(self._bullet, self._cameras[name], self.camera_pose(name), time_s=self.time_s)

    def camera_pose(self, name: str) -> Array:
        """Return T_world_camera (optical frame) of "head" or "wrist"."""
        if name == "wrist":
            return self.link_pose(self._hand) @ _T_HAND_CAMERA
        pitch, yaw = HEAD_CAMERA_PITCH_YAW
        T_base_optical = pose(*HEAD_CAMERA_XYZ, pitch=pitch, yaw=yaw) @ pose(
            0, 0, 0, roll=-np.pi / 2, yaw=-np.pi / 2
        )
        return self.link_pose(self._base_link) @ T_base_optical

    def link_pose(self, link: int) -> Array:
        """Return T_world_link of the URDF link frame."""
        state = self._bullet.getLinkState(self.body, link, computeForwardKinematics=1)
        return from_quaternion(state[4], state[5])

    def hand_pose(self) -> Array:
        """Return T_world_hand: z along the fingers, y along their motion; pads are centred at z = 0.1024."""
        return self.link_pose(self._hand)

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
