"""Room robots: the mobile Panda's body in the physics world: joints, motors, pads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array
from robots.panda import PANDA_LIMITS
from robots.transforms import from_quaternion

from .client import BulletClient
from .panda_urdf import mobile_panda
from .urdf import load_urdf

ARM_FORCES = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)
"""Joint torques, [Nm]. Source: frankaemika/docs control-parameters-joint-panda.csv @ cda9283."""
BASE_FORCES = (8000.0, 8000.0, 8000.0)
"""Our own platform: stiff enough that the arm's motion does not move it, [N, N, Nm]."""
FINGER_SPEED = 0.05
"""Speed of one finger, [m/s]. Source: Franka Hand data sheet, 50 mm/s per finger."""
CATCHING_UP = 0.95
"""Share of the published speed at which a motor makes up for a position error."""
POSITION_GAIN = 0.2
"""Part of a position error that a motor removes per physics step; the feed-forward does the rest."""


@dataclass(frozen=True, kw_only=True)
class JointState:
    """Measured positions and velocities, arm then base, shape (10,) each, and the hand's opening."""

    q: Array
    dq: Array
    width: float


class PandaBody:
    """Body number, joint numbers and motors of the robot in one physics world."""

    def __init__(self, bullet: BulletClient) -> None:
        """Load the robot."""
        self._bullet = bullet
        flags = bullet.URDF_USE_INERTIA_FROM_FILE
        description = mobile_panda()
        self.number = load_urdf(bullet, description.urdf, description.meshes, useFixedBase=True, flags=flags)
        infos = [bullet.getJointInfo(self.number, i) for i in range(bullet.getNumJoints(self.number))]
        joint = {info[1].decode(): info[0] for info in infos}
        link = {info[12].decode(): info[0] for info in infos}
        arm = tuple(joint[f"panda_joint{i}"] for i in range(1, 8))
        base = tuple(joint[f"base_{axis}_joint"] for axis in ("x", "y", "yaw"))
        self._joints = (*arm, *base)
        self.fingers = (joint["panda_finger_joint1"], joint["panda_finger_joint2"])
        self._hands = {joint["panda_hand_joint"], *self.fingers}
        """Links that touch things on purpose."""
        self.hand, self.base = link["panda_hand"], link["base"]
        published = np.concatenate([PANDA_LIMITS.arm.velocity, PANDA_LIMITS.base.velocity])
        top = (published * CATCHING_UP).tolist()
        self._motors = tuple(zip(self._joints, (*ARM_FORCES, *BASE_FORCES), top, strict=True))
        self._set_contact(len(infos))
        self._couple_fingers()

    def _set_contact(self, links: int) -> None:
        change = self._bullet.changeDynamics
        for index in range(-1, links):
            change(
                self.number,
                index,
                jointDamping=0.0,
                linearDamping=0.0,
                angularDamping=0.0,
                lateralFriction=0.5,
            )
        for finger in self.fingers:
            change(self.number, finger, lateralFriction=1.6, spinningFriction=0.02, rollingFriction=0.002)

    def _couple_fingers(self) -> None:
        # The real hand drives both fingers with one belt.
        bullet, (left, right), zero = self._bullet, self.fingers, [0, 0, 0]
        gear = bullet.createConstraint(
            self.number, left, self.number, right, bullet.JOINT_GEAR, [1, 0, 0], zero, zero
        )
        bullet.changeConstraint(gear, gearRatio=-1, erp=0.2, maxForce=200)

    def put(self, q: Array, width: float) -> None:
        """Put arm and base, shape (10,), and fingers somewhere, at rest."""
        for joint, value in zip(self._joints, q.tolist(), strict=True):
            self._bullet.resetJointState(self.number, joint, value, 0.0)
        for finger in self.fingers:
            self._bullet.resetJointState(self.number, finger, width / 2, 0.0)

    def drive(self, reference: Array, velocity: Array) -> None:
        """Set the motors of arm and base, shape (10,) each, for the next physics step."""
        bullet = self._bullet
        mode, set_motor = bullet.POSITION_CONTROL, bullet.setJointMotorControl2
        goals = zip(self._motors, reference.tolist(), velocity.tolist(), strict=True)
        for (joint, force, top), position, speed in goals:
            set_motor(
                self.number,
                joint,
                mode,
                targetPosition=position,
                targetVelocity=speed,
                positionGain=POSITION_GAIN,
                velocityGain=1.0,
                force=force,
                maxVelocity=top,
            )

    def drive_fingers(self, width: float, force: float) -> None:
        """Set the motors of the fingers for the next physics step."""
        bullet = self._bullet
        for finger in self.fingers:
            bullet.setJointMotorControl2(
                self.number,
                finger,
                bullet.POSITION_CONTROL,
                targetPosition=width / 2,
                positionGain=POSITION_GAIN,
                velocityGain=1.0,
                force=force,
                maxVelocity=FINGER_SPEED,
            )

    def measure(self) -> JointState:
        """Return what the joint sensors say."""
        joints = self._bullet.getJointStates(self.number, self._joints)
        fingers = self._bullet.getJointStates(self.number, self.fingers)
        return JointState(
            q=np.array([s[0] for s in joints]),
            dq=np.array([s[1] for s in joints]),
            width=float(fingers[0][0] + fingers[1][0]),
        )

    def pad_force(self) -> float:
        """Return the mean normal force on the two fingers, [N]."""
        contacts = self._bullet.getContactPoints
        touching = (contacts(bodyA=self.number, linkIndexA=finger) for finger in self.fingers)
        return float(sum(point[9] for points in touching for point in points)) / 2.0

    def external_force(self, people: Collection[int]) -> float:
        """Return the largest contact force on arm or base, or of any part with a person, [N]."""
        worst = 0.0
        for point in self._bullet.getContactPoints(bodyA=self.number):
            other, link, force = point[2], point[3], point[9]
            if other != self.number and force > worst and (link not in self._hands or other in people):
                worst = force
        return float(worst)

    def hand_force(self) -> float:
        """Return the largest single contact force on hand and fingers, [N]."""
        points = self._bullet.getContactPoints(bodyA=self.number)
        return max((float(p[9]) for p in points if p[3] in self._hands and p[2] != self.number), default=0.0)

    def link_pose(self, link: int) -> Array:
        """Return T_world_link of the URDF link frame."""
        state = self._bullet.getLinkState(self.number, link, computeForwardKinematics=1)
        return from_quaternion(state[4], state[5])
