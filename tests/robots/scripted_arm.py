"""Room tests: drive the simulated arm along straight lines, with no planner in between."""

from __future__ import annotations

import math

import numpy as np

from robots import Array, Command
from robots.mobile_base import ARM_HOME
from robots.panda import T_BASE_ARM_XYZ
from robots.pybullet import PybulletKitchen
from robots.transforms import inverse, pose, rotation_vector

PAD_Z = 0.1024
_A = (0.0, 0.0, 0.0, 0.0825, -0.0825, 0.0, 0.088)
_D = (0.333, 0.0, 0.316, 0.0, 0.384, 0.0, 0.0)
_ALPHA = (0.0, -math.pi / 2, math.pi / 2, math.pi / 2, -math.pi / 2, math.pi / 2, math.pi / 2)
_T_LINK7_PADS = pose(0, 0, 0.107 + PAD_Z, yaw=-math.pi / 4)
TOP_DOWN = pose(0, 0, 0, roll=math.pi)
"""Tool orientation: fingers straight down, closing along the world's y turned with the base."""


def arm_fk(q: Array) -> Array:
    """Return T_arm_pads: between the pads, z along the fingers, y along their motion (Craig's DH)."""
    T = np.eye(4)
    for a, d, alpha, angle in zip(_A, _D, _ALPHA, q, strict=True):
        T = T @ pose(a, 0, 0, roll=alpha) @ pose(0, 0, d, yaw=float(angle))
    return T @ _T_LINK7_PADS


def arm_ik(T_arm_pads: Array, q: Array, *, iterations: int = 60) -> Array:
    """Return joint angles near `q` by damped least squares; asserts that the pose is reached."""
    q = np.array(q, dtype=np.float64)
    for _ in range(iterations):
        error = _twist(arm_fk(q), T_arm_pads)
        if np.linalg.norm(error) < 1e-5:
            return q
        J = np.column_stack([_twist(arm_fk(q), arm_fk(q + 1e-6 * e)) for e in np.eye(7)]) / 1e-6
        # Keep the posture near home with what the six task dimensions leave free.
        step = J.T @ np.linalg.solve(J @ J.T + 1e-5 * np.eye(6), error)
        q = q + np.clip(step, -0.2, 0.2)
    raise AssertionError(f"the test asks for an unreachable pose: {np.round(T_arm_pads[:3, 3], 3)}")


def _twist(T_a_b: Array, T_a_c: Array) -> Array:
    rotation = T_a_b[:3, :3] @ rotation_vector(inverse(T_a_b) @ T_a_c)
    return np.concatenate([T_a_c[:3, 3] - T_a_b[:3, 3], rotation])


class ScriptedArm:
    """Streams commands to the robot of a kitchen."""

    def __init__(self, kitchen: PybulletKitchen) -> None:
        """Start from where the robot is."""
        self.kitchen = kitchen
        self.robot = kitchen.robot
        self.q = np.array(kitchen.robot.observe().q_arm)
        self.width = 0.08

    def T_world_arm(self) -> Array:
        x, y, yaw = self.robot.observe().base
        return pose(x, y, 0, yaw=yaw) @ pose(*T_BASE_ARM_XYZ)

    def T_world_pads(self) -> Array:
        return self.T_world_arm() @ arm_fk(self.q)

    def move(self, T_world_pads: Array, *, speed: float = 0.15) -> None:
        """Move the pads along a straight line to a pose."""
        start, T_arm_goal = arm_fk(self.q), inverse(self.T_world_arm()) @ T_world_pads
        R0 = start.copy()
        turn = rotation_vector(inverse(start) @ T_arm_goal)
        shift = T_arm_goal[:3, 3] - start[:3, 3]
        length = max(np.linalg.norm(shift), 0.3 * np.linalg.norm(turn), 1e-3)
        n = max(20, math.ceil(1.9 * length / speed / self.robot.limits.tick_s))
        for k in range(1, n + 1):
            s = (k / n) ** 3 * (10 - 15 * (k / n) + 6 * (k / n) ** 2)
            T = R0 @ _exp(turn * s)
            T[:3, 3] = start[:3, 3] + s * shift
            self.q = arm_ik(T, self.q)
            self._send(Command(q_arm=self.q, gripper_width=self.width))

    def shift(self, x: float, y: float, z: float, *, speed: float = 0.15) -> None:
        """Move the pads by a world displacement, without turning them."""
        T = self.T_world_pads()
        T[:3, 3] += (x, y, z)
        self.move(T, speed=speed)

    def grip(self, width: float, *, ticks: int = 80) -> None:
        """Open or close the hand."""
        self.width = width
        for _ in range(ticks):
            self._send(Command(q_arm=self.q, gripper_width=width))

    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self._send(Command(q_arm=self.q, gripper_width=self.width))

    def drive(self, x: float, y: float, yaw: float, *, speed: float = 0.4) -> None:
        """Move the base along a straight line to a pose."""
        start = np.array(self.robot.observe().base)
        delta = np.array([x, y, yaw]) - start
        n = max(30, math.ceil(2.5 * max(np.linalg.norm(delta[:2]), abs(delta[2]) / 2) / speed * 120))
        for k in range(1, n + 1):
            s = (k / n) ** 3 * (10 - 15 * (k / n) + 6 * (k / n) ** 2)
            self._send(Command(q_arm=self.q, base=start + s * delta, gripper_width=self.width))

    def _send(self, command: Command) -> None:
        report = self.robot.command(command)
        assert not report.violations, report.violations


def _exp(rotation: Array) -> Array:
    angle = float(np.linalg.norm(rotation))
    if angle < 1e-12:
        return np.eye(4)
    x, y, z = rotation / angle
    K = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    T = np.eye(4)
    T[:3, :3] = np.eye(3) + math.sin(angle) * K + (1 - math.cos(angle)) * (K @ K)
    return T


__all__ = ["ARM_HOME", "PAD_Z", "TOP_DOWN", "ScriptedArm", "arm_fk", "arm_ik"]
