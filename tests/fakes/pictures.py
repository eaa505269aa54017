"""Pictures that a test makes up, and an observation that has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from robots import CameraFrame, Observation

from .ideal_robot import IdealRobot


def frame_of(rgb: NDArray[np.uint8], *, time_s: float = 0.0) -> CameraFrame:
    """A picture with a flat depth and a calibration that nobody looks at."""
    depth = np.ones(rgb.shape[:2], dtype=np.float32)
    return CameraFrame(rgb=rgb, depth=depth, K=np.eye(3), T_world_camera=np.eye(4), time_s=time_s)


def grey(shade: int, size: int = 96) -> NDArray[np.uint8]:
    return np.full((size, size, 3), shade, dtype=np.uint8)


def noisy(seed: int, size: int = 96) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, size=(size, size, 3), dtype=np.uint8)


def seen_with(time_s: float = 0.0, **pictures: NDArray[np.uint8]) -> Observation:
    """What an ideal robot at home sees, with these pictures by camera."""
    frames = {name: frame_of(rgb, time_s=time_s) for name, rgb in pictures.items()}
    return replace(IdealRobot().observe(), frames=frames, time_s=time_s)
