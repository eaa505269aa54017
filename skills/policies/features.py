"""Room skills: what our own policies see: pictures as they are, and a vector of hand and base."""

from __future__ import annotations

import numpy as np

from robots import Array, Observation
from robots.panda_kinematics import TOOL, arm_mount, link_poses, tool_jacobian, tool_pose
from robots.transforms import inverse, pose

STATE_NAMES = (
    *("tool_x", "tool_y", "tool_z"),
    *("tool_xx", "tool_xy", "tool_xz", "tool_yx", "tool_yy", "tool_yz"),
    *("gripper_width", "gripper_force"),
    *("base_x", "base_y", "base_yaw"),
    *("tool_vx", "tool_vy", "tool_vz", "tool_wx", "tool_wy", "tool_wz"),
)
"""Start frame: position [m], x and y axes of the tool, pads' distance [m], force in 40 N (at most 1), change
of the base [m, rad], velocity [m/s, rad/s]."""
ACTION_NAMES = (
    *("tool_dx", "tool_dy", "tool_dz", "tool_rx", "tool_ry", "tool_rz"),
    *("gripper_width", "base_dx", "base_dy", "base_dyaw"),
)
"""One step: the tool's motion [m], rotation vector [rad], pads' distance [m], the base's motion [m, rad]."""
FULL_FORCE_N = 40.0
GRIPPING_N = 2.0
"""Pads that press with more than this hold something, [N]."""
PICTURE_PX = 96
"""Height and width of the pictures that our own policies see, [pixel]."""


def start_frame(observation: Observation) -> Array:
    """Return T_world_start: the base as it stands now, (4, 4)."""
    x, y, yaw = (float(v) for v in observation.base)
    return pose(x, y, 0.0, yaw=yaw)


def world_tool(observation: Observation) -> Array:
    """Return T_world_tool as the joints are measured, (4, 4)."""
    return np.asarray(arm_mount(observation.base) @ tool_pose(observation.q_arm))


def state_vector(observation: Observation, T_world_start: Array) -> Array:
    """Return what the hand and the base do, in the order of `STATE_NAMES`, shape (20,)."""
    links = link_poses(observation.q_arm[None])
    T_start_arm = inverse(T_world_start) @ arm_mount(observation.base)
    T_start_tool = T_start_arm @ links[0, TOOL]
    J = tool_jacobian(links)[0]  # (6, 7), arm frame
    twist = J @ observation.dq_arm
    R = T_start_arm[:3, :3]
    T_start_base = inverse(T_world_start) @ start_frame(observation)
    yaw = float(np.arctan2(T_start_base[1, 0], T_start_base[0, 0]))
    return np.array(
        [
            *T_start_tool[:3, 3],
            *T_start_tool[:3, 0],
            *T_start_tool[:3, 1],
            observation.gripper_width,
            min(1.0, observation.gripper_force / FULL_FORCE_N),
            *T_start_base[:2, 3],
            yaw,
            *(R @ twist[:3]),
            *(R @ twist[3:]),
        ]
    )
