"""Room skills: where the held item is in the hand, and tool poses that bring it where it shall be."""

from __future__ import annotations

from itertools import product

import numpy as np

from grounding import Scene
from robots import Array, Item
from robots.panda_kinematics import arm_mount, tool_pose
from robots.panda_spheres import Spheres, spheres_in_box
from robots.transforms import inverse, pose

from .cartesian import rotation_of


def tool_in_world(scene: Scene) -> Array:
    """Return T_world_tool as measured when the scene was seen."""
    seen = scene.observation
    return np.asarray(arm_mount(seen.base) @ tool_pose(seen.q_arm), dtype=np.float64)


def item_in_tool(scene: Scene, item: Item) -> Array:
    """Return T_tool_item of the held item."""
    return np.asarray(inverse(tool_in_world(scene)) @ item.T_world_item, dtype=np.float64)


def held_spheres(scene: Scene, item: Item) -> Spheres:
    """Return the held item as spheres in the tool frame, for collision checks."""
    return spheres_in_box(item.size, item_in_tool(scene, item))


def squared(T_tool_item: Array) -> Array:
    """Return the pose with the item turned as little as needed to lie flush between the fingers."""
    T = np.array(T_tool_item)
    axis = int(np.abs(T[1, :3]).argmax())  # the item's axis nearest to the closing direction
    normal = T[:3, axis] * np.sign(T[1, axis])
    turn = np.cross(normal, [0.0, 1.0, 0.0])
    sine = float(np.linalg.norm(turn))
    if sine > 1e-9:
        T[:3, :3] = rotation_of(turn / sine * np.arcsin(min(1.0, sine))) @ T[:3, :3]
    return T


def lowest_face(T_tool_item: Array) -> tuple[int, float]:
    """Return axis and sign of the item's face that looks most along the hand; a broad face is preferred."""
    along = T_tool_item[2, :3]  # the tool's z axis in the item's frame
    weights = np.abs(along) * np.array([0.8, 0.8, 1.0])
    axis = int(weights.argmax())
    return axis, 1.0 if along[axis] > 0 else -1.0


def face_down(axis: int, sign: float) -> Array:
    """Return a rotation, shape (4, 4), after which the face `sign` along `axis` looks down."""
    normal = np.zeros(3)
    normal[axis] = sign
    other = np.roll(np.array([1.0, 0.0, 0.0]), (axis + 1) % 3)
    z = -normal
    x = other
    R_item_flat = np.column_stack([x, np.cross(z, x), z])
    T = np.eye(4)
    T[:3, :3] = R_item_flat.T
    return T


def turned_about_vertical(T: Array, angles: Array) -> list[Array]:
    """Return the pose turned about the vertical through its own origin by each angle, [rad]."""
    poses = []
    for angle in angles:
        turned = pose(0.0, 0.0, 0.0, yaw=float(angle)) @ T
        turned[:3, 3] = T[:3, 3]
        poses.append(turned)
    return poses


def grid_of(*axes: Array) -> Array:
    """Return every combination of the values, shape (n, number of axes)."""
    return np.array(list(product(*axes)), dtype=np.float64)
