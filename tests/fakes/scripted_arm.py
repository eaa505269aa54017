"""Room tests: drive the simulated arm along straight lines, with no planner in between."""

from __future__ import annotations

import math

import numpy as np

from robots import Array, Command
from robots.panda import PANDA_ARM_LIMITS
from robots.panda_kinematics import arm_mount, find_configurations, link_poses, tool_jacobian, tool_pose
from robots.pybullet import PybulletKitchen
from robots.transforms import inverse, pose, rotation_vector

TOP_DOWN = pose(0, 0, 0, roll=math.pi)
"""Tool orientation in the base frame: fingers straight down, closing sideways."""


class Unreachable(AssertionError):
    """A straight line that leaves the arm's reach."""


def follow(T_arm_tool: Array, q: Array) -> Array:
    """Return the joint angles next to `q` that reach a nearby pose exactly."""
    q = np.array(q, dtype=np.float64)
    for _ in range(40):
        T = tool_pose(q)
        rotation = T[:3, :3] @ rotation_vector(inverse(T) @ T_arm_tool)
        error = np.concatenate([T_arm_tool[:3, 3] - T[:3, 3], rotation])
        if np.linalg.norm(error) < 1e-7:
            break
        J = tool_jacobian(link_poses(q[None]))[0]
        q = q + np.clip(J.T @ np.linalg.solve(J @ J.T + 1e-7 * np.eye(6), error), -0.1, 0.1)
    else:
        raise Unreachable(f"no line to {np.round(T_arm_tool[:3, 3], 3)}")
    margin = 0.01
    if np.any(q < PANDA_ARM_LIMITS.lower + margin) or np.any(q > PANDA_ARM_LIMITS.upper - margin):
        raise Unreachable(f"joint limits on the way to {np.round(T_arm_tool[:3, 3], 3)}")
    return q


def line(T_a: Array, T_b: Array, n: int) -> list[Array]:
    """Return n poses from T_a (excluded) to T_b, starting and ending at rest."""
    turn, shift = rotation_vector(inverse(T_a) @ T_b), T_b[:3, 3] - T_a[:3, 3]
    poses = []
    for k in range(1, n + 1):
        s = smooth(k / n)
        T = T_a @ rotated(turn * s)
        T[:3, 3] = T_a[:3, 3] + s * shift
        poses.append(T)
    return poses


def smooth(u: float) -> float:
    """Return the quintic from 0 to 1 with zero speed and acceleration at both ends."""
    return u**3 * (10 - 15 * u + 6 * u**2)


def rotated(vector: Array) -> Array:
    """Return the transform of a rotation vector (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    T = np.eye(4)
    if angle > 1e-12:
        x, y, z = vector / angle
        K = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        T[:3, :3] += math.sin(angle) * K + (1 - math.cos(angle)) * (K @ K)
    return T


class ScriptedArm:
    """Streams commands to the robot of a kitchen, and asserts that none is refused."""

    def __init__(self, kitchen: PybulletKitchen) -> None:
        self.kitchen = kitchen
        self.robot = kitchen.robot
        self.q = np.array(kitchen.robot.observe().q_arm)
        self.width = 0.08

    def T_world_arm(self) -> Array:
        return arm_mount(self.robot.observe().base)

    def T_world_tool(self) -> Array:
        return self.T_world_arm() @ tool_pose(self.q)

    def start_line(self, *T_world_tools: Array) -> None:
        """Move in joint space to the first pose, in a posture from which lines through the others exist."""
        T_arm = [inverse(self.T_world_arm()) @ T for T in T_world_tools]
        found = find_configurations(T_arm[0], np.random.default_rng(0), seeds=60)
        for q in sorted(found, key=lambda q: float(np.abs(q - self.q).max())):
            try:
                now = q
                for a, b in zip(T_arm, T_arm[1:], strict=False):
                    for T in line(a, b, 25):
                        now = follow(T, now)
            except Unreachable:
                continue
            self.joint_move(follow(T_arm[0], q))
            return
        raise Unreachable(f"none of {len(found)} postures serves")

    def joint_move(self, goal: Array) -> None:
        start = self.q.copy()
        n = max(40, math.ceil(120 * 2.5 * float(np.abs(goal - start).max())))
        for k in range(1, n + 1):
            self.q = start + smooth(k / n) * (goal - start)
            self.send(Command(q_arm=self.q, gripper_width=self.width))

    def move(self, T_world_tool: Array, *, speed: float = 0.15) -> None:
        """Move the tool along a straight line to a pose."""
        start, goal = tool_pose(self.q), inverse(self.T_world_arm()) @ T_world_tool
        turn = float(np.linalg.norm(rotation_vector(inverse(start) @ goal)))
        length = max(float(np.linalg.norm(goal[:3, 3] - start[:3, 3])), 0.3 * turn, 0.01)
        for T in line(start, goal, max(20, math.ceil(1.9 * length / speed * 120))):
            self.q = follow(T, self.q)
            self.send(Command(q_arm=self.q, gripper_width=self.width))

    def shift(self, x: float, y: float, z: float, *, speed: float = 0.15) -> None:
        """Move the tool by a world displacement, without turning it."""
        T = self.T_world_tool()
        T[:3, 3] += (x, y, z)
        self.move(T, speed=speed)

    def grip(self, width: float, *, ticks: int = 80) -> None:
        """Open or close the hand."""
        self.width = width
        self.wait(ticks)

    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self.send(Command(q_arm=self.q, gripper_width=self.width))

    def drive(self, x: float, y: float, yaw: float, *, speed: float = 0.4) -> None:
        """Move the base along a straight line to a pose."""
        start = np.array(self.robot.observe().base)
        delta = np.array([x, y, yaw]) - start
        length = max(float(np.linalg.norm(delta[:2])), abs(float(delta[2])) / 2, 0.02)
        n = max(30, math.ceil(2.5 * length / speed * 120), math.ceil(math.sqrt(5.8 * length / 1.2) * 120))
        for k in range(1, n + 1):
            base = start + smooth(k / n) * delta
            self.send(Command(q_arm=self.q, base=base, gripper_width=self.width))

    def send(self, command: Command) -> None:
        report = self.robot.command(command)
        assert not report.violations, report.violations
