"""Room skills: turn steps of a policy into joint targets: tool poses by inverse kinematics, joined smoothly.

The joint positions of the steps are control points of a uniform cubic B-spline: two steps late, twice
differentiable, never outside what the steps span. Its speed and acceleration are bounded by the first and
second differences of its control points, so a step that asks for too much is shortened before it is sent.

Source: Farin, Curves and Surfaces for CAGD (2002), ch. 8 (convex hull and derivatives of B-splines).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from robots import Array, JointLimits
from robots.panda_kinematics import arm_mount, solve_ik, tool_pose
from robots.transforms import from_rotation_vector, inverse, pose
from skills.motion.whole_body import ARM, BASE

from .policy import ActionChunk, ActionKind, Frame

SHARE = 0.85
"""Share of each limit that a step may ask for."""
LEAST_MARGIN_RAD = 0.06
"""Distance that steps keep from the joint limits, [rad]: the spline must still be able to stop."""
_BASIS = np.array([[1, 4, 1, 0], [-3, 0, 3, 0], [3, -6, 3, 0], [-1, 3, -3, 1]]) / 6.0
"""Uniform cubic B-spline: powers of u times this times the last four control points."""


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """Why a step has no joint positions."""

    reason: str


class Servo:
    """Remembers the last four control points and the frame in which the skill began."""

    def __init__(self, target: Array, limits: JointLimits, *, tick_s: float, rate_hz: float) -> None:
        """Start at rest.

        Args:
            target: Arm and base as last commanded, shape (10,).
            limits: Of all ten joints, see `body_limits`.
            tick_s: Control period, [s].
            rate_hz: Steps per second.
        """
        self._points: deque[Array] = deque([np.array(target)] * 4, maxlen=4)
        self._limits = limits
        self._step_s = 1.0 / rate_hz
        ticks = max(1, round(self._step_s / tick_s))
        u = np.arange(1, ticks + 1) / ticks
        self._weights = np.stack([np.ones_like(u), u, u**2, u**3], axis=1) @ _BASIS  # (ticks, 4)
        base = target[BASE]
        self.T_world_start = pose(float(base[0]), float(base[1]), 0.0, yaw=float(base[2]))
        self.steps = 0
        self.shortened = 0
        """Steps that asked for more speed or acceleration than the limits allow, and got less."""

    @property
    def last(self) -> Array:
        """Return the last control point: where the spline is going, shape (10,)."""
        return self._points[-1]

    @property
    def T_start_tool(self) -> Array:
        """Return the tool's pose at the last control point, in the start frame."""
        return np.asarray(
            inverse(self.T_world_start) @ arm_mount(self.last[BASE]) @ tool_pose(self.last[ARM])
        )

    def rest_at(self, target: Array) -> None:
        """Forget the motion: the robot was brought to rest there, shape (10,)."""
        self._points.extend([np.array(target)] * 4)

    def advance(self, chunk: ActionChunk, step: int) -> Array | Unreachable:
        """Return the configurations of one step's ticks, shape (n, 10), and go on from there."""
        wanted = self._wanted(chunk, step)
        if isinstance(wanted, Unreachable):
            return wanted
        point = self._within_limits(wanted)
        self.steps += 1
        self.shortened += int(np.abs(point - wanted).max() > 1e-9)
        return self._go_on_to(point)

    def come_to_rest(self) -> Array:
        """Return the configurations that end the motion where it was going, shape (n, 10)."""
        pieces: list[Array] = []
        while not pieces or any(np.abs(point - self.last).max() > 1e-9 for point in self._points):
            pieces.append(self._go_on_to(self._within_limits(self.last)))
        return np.vstack(pieces)

    def _go_on_to(self, point: Array) -> Array:
        self._points.append(point)
        return np.asarray(self._weights @ np.stack(self._points))

    def _wanted(self, chunk: ActionChunk, step: int) -> Array | Unreachable:
        wanted = np.array(self.last)
        motion = chunk.motion[step]
        if chunk.base is not None:
            cos, sin = self.T_world_start[0, 0], self.T_world_start[1, 0]
            x, y, yaw = chunk.base[step]
            wanted[BASE] += (cos * x - sin * y, sin * x + cos * y, yaw)
        if chunk.kind is ActionKind.JOINT_POSITION:
            wanted[ARM] = motion
        elif chunk.kind is ActionKind.JOINT_DELTA:
            wanted[ARM] += motion
        else:
            T_start_tool = moved(self.T_start_tool, motion, chunk.kind, chunk.frame)
            T_arm_tool = inverse(arm_mount(wanted[BASE])) @ self.T_world_start @ T_start_tool
            found = solve_ik(T_arm_tool[None], self.last[None, ARM])
            if not found.is_solved[0]:
                x, y, z = T_start_tool[:3, 3]
                return Unreachable(reason=f"no inverse kinematics for the tool at {x:.2f}, {y:.2f}, {z:.2f}")
            wanted[ARM] = found.q[0]
        return wanted

    def _within_limits(self, wanted: Array) -> Array:
        """Return the nearest control point that the limits on position, speed and acceleration allow."""
        lower, upper = self._limits.lower + LEAST_MARGIN_RAD, self._limits.upper - LEAST_MARGIN_RAD
        before, last = self._points[-2], self._points[-1]
        step = np.clip(wanted, np.minimum(lower, last), np.maximum(upper, last)) - last
        fastest = SHARE * self._limits.velocity * self._step_s
        step *= min(1.0, float(np.min(fastest / np.maximum(np.abs(step), 1e-12))))
        change = SHARE * self._limits.acceleration * self._step_s**2
        return np.asarray(last + np.clip(step, last - before - change, last - before + change))


def moved(T_start_tool: Array, motion: Array, kind: ActionKind, frame: Frame) -> Array:
    """Return the tool's pose after one step of a tool motion, in the start frame."""
    turned = from_rotation_vector(motion[3:6])
    shifted = np.array(turned)
    shifted[:3, 3] = motion[:3]
    if kind is ActionKind.TOOL_POSE:
        return shifted
    if frame is Frame.TOOL:
        return np.asarray(T_start_tool @ shifted)
    T = np.array(turned @ T_start_tool)
    T[:3, 3] = T_start_tool[:3, 3] + motion[:3]
    return T
