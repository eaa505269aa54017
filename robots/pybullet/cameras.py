"""Room robots: RGB-D pictures by Bullet's software renderer, without shadows, in the optical convention."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array, frozen
from robots.robot import CameraFrame
from robots.transforms import inverse

from .client import BulletClient

_OPTICAL_FROM_GL = np.diag([1.0, -1.0, -1.0, 1.0])


@dataclass(frozen=True, kw_only=True)
class Light:
    """One distant lamp and what the walls send back."""

    direction: tuple[float, float, float] = (0.4, -0.6, 1.0)
    """Towards the lamp, world frame."""
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    ambient: float = 0.6
    diffuse: float = 0.35
    specular: float = 0.05


@dataclass(frozen=True, kw_only=True)
class CameraModel:
    """A pinhole camera."""

    width: int = 96
    height: int = 96
    vertical_fov: float = math.radians(70.0)
    near: float = 0.03
    far: float = 8.0
    light: Light = Light()
    T_mount_camera: Array | None = None
    """Where the camera really sits in the optical frame that its calibration tells; None: exactly there."""

    @property
    def K(self) -> Array:
        """Return the intrinsics, shape (3, 3), [pixel]."""
        f = self.height / 2.0 / math.tan(self.vertical_fov / 2.0)
        return frozen([[f, 0.0, self.width / 2.0], [0.0, f, self.height / 2.0], [0.0, 0.0, 1.0]])


def render(bullet: BulletClient, model: CameraModel, T_world_camera: Array, *, time_s: float) -> CameraFrame:
    """Return the RGB-D picture that a camera sees."""
    T_mount_camera = np.eye(4) if model.T_mount_camera is None else model.T_mount_camera
    view = inverse(T_world_camera @ T_mount_camera @ _OPTICAL_FROM_GL)
    light = model.light
    projection = bullet_projection(model)
    _, _, rgba, buffer, _ = bullet.getCameraImage(
        model.width,
        model.height,
        viewMatrix=view.T.ravel().tolist(),
        projectionMatrix=projection.T.ravel().tolist(),
        shadow=0,
        lightDirection=list(light.direction),
        lightColor=list(light.colour),
        lightAmbientCoeff=light.ambient,
        lightDiffuseCoeff=light.diffuse,
        lightSpecularCoeff=light.specular,
        renderer=bullet.ER_TINY_RENDERER,
        flags=bullet.ER_NO_SEGMENTATION_MASK,
    )
    shape = (model.height, model.width)
    near, far = model.near, model.far
    z = np.asarray(buffer, dtype=np.float32).reshape(shape)
    depth = (far * near / (far - (far - near) * z)).astype(np.float32)
    rgb = np.ascontiguousarray(np.asarray(rgba, dtype=np.uint8).reshape(*shape, 4)[..., :3])
    return CameraFrame(rgb=rgb, depth=depth, K=model.K, T_world_camera=frozen(T_world_camera), time_s=time_s)


def bullet_projection(model: CameraModel) -> Array:
    """Return the OpenGL projection matrix, shape (4, 4)."""
    f = 1.0 / math.tan(model.vertical_fov / 2.0)
    near, far = model.near, model.far
    aspect = model.width / model.height
    return np.array(
        [
            [f / aspect, 0.0, 0.0, 0.0],
            [0.0, f, 0.0, 0.0],
            [0.0, 0.0, (far + near) / (near - far), 2 * far * near / (near - far)],
            [0.0, 0.0, -1.0, 0.0],
        ]
    )


def looking_at(eye: tuple[float, float, float], target: tuple[float, float, float]) -> Array:
    """Return T_world_camera (optical) of an upright camera that looks from one point to another."""
    forward = np.subtract(target, eye)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right = right / np.linalg.norm(right)
    T_world_camera = np.eye(4)
    T_world_camera[:3, :3] = np.column_stack([right, np.cross(forward, right), forward])
    T_world_camera[:3, 3] = eye
    return T_world_camera
