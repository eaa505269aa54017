"""Room safety: where the robot's surface is, how fast it moves, and how near somebody stands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from robots import Array, TrackedPerson
from robots.mobile_base import BASE_RADIUS
from robots.panda import T_BASE_ARM_XYZ
from robots.panda_kinematics import TOOL, link_poses
from robots.panda_spheres import panda_spheres

_SPHERES = panda_spheres(0.08)
_HELD_RADIUS = 0.12
"""Ball around the tool point that contains what the hand holds, [m]: half the longest item we know."""
_FOOT = (0.25, 0.26)
"""Half length and width of platform, mast and head together, [m]."""
REACH = 1.45
"""No part of the robot is farther from the base's axis than this, [m]."""


@dataclass(frozen=True)
class Surface:
    """The robot at one configuration."""

    points: Array
    """Centres of the arm's spheres in the world frame, shape (n, 3), [m]."""
    radii: Array
    tool: Array
    """Tool point in the world frame, shape (3,)."""
    base: Array
    """x, y, yaw."""

    def gap(self, person: TrackedPerson) -> float:
        """Return the distance between the robot's surface and a person's, [m]."""
        across = np.hypot(*(self.points[:, :2] - person.p_world).T) - person.radius
        above = np.maximum(self.points[:, 2] - person.height, 0.0)
        arm = np.hypot(np.maximum(across, 0.0), above) - self.radii
        return min(float(arm.min()), self._foot_gap(person))

    def tool_gap(self, person: TrackedPerson) -> float:
        """Return the distance between the tool point and a person's surface, [m]."""
        return float(np.hypot(*(self.tool[:2] - person.p_world))) - person.radius

    def _foot_gap(self, person: TrackedPerson) -> float:
        x, y, yaw = self.base
        dx, dy = person.p_world[0] - x, person.p_world[1] - y
        ahead, aside = dx * math.cos(yaw) + dy * math.sin(yaw), dy * math.cos(yaw) - dx * math.sin(yaw)
        out = math.hypot(max(abs(ahead) - _FOOT[0], 0.0), max(abs(aside) - _FOOT[1], 0.0))
        return out - person.radius


def surface_at(configuration: Array, *, is_holding: bool) -> Surface:
    """Return the robot's surface at arm joints and base pose, shape (10,)."""
    links = link_poses(configuration[None, :7])[0]
    T = links[_SPHERES.links]
    centres = np.einsum("sij,sj->si", T[:, :3, :3], _SPHERES.centres) + T[:, :3, 3]
    tool = links[TOOL][:3, 3]
    radii = _SPHERES.radii
    if is_holding:
        centres, radii = np.vstack([centres, tool]), np.append(radii, _HELD_RADIUS)
    x, y, yaw = configuration[7:]
    cos, sin = math.cos(yaw), math.sin(yaw)
    R = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    mount = np.array([x, y, 0.0]) + R @ np.array(T_BASE_ARM_XYZ)
    return Surface(points=centres @ R.T + mount, radii=radii, tool=R @ tool + mount, base=configuration[7:])


def speeds(now: Surface, next_: Surface, dt: float) -> tuple[float, float]:
    """Return the speed of the fastest point of the robot, and of the tool, between two ticks, [m/s]."""
    moved = float(np.sqrt(((next_.points - now.points) ** 2).sum(axis=1).max()))
    turned = abs(float(next_.base[2] - now.base[2])) * BASE_RADIUS
    rolled = float(np.hypot(*(next_.base[:2] - now.base[:2]))) + turned
    tool = float(np.sqrt(((next_.tool - now.tool) ** 2).sum()))
    return max(moved, rolled) / dt, tool / dt


def is_far(configuration: Array, person: TrackedPerson, distance: float) -> bool:
    """Return whether a person is certainly farther than `distance` from every part of the robot, [m]."""
    return float(np.hypot(*(person.p_world - configuration[7:9]))) - person.radius - REACH > distance
