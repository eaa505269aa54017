"""Room planner: camera frames of a scene as PNG files for a model."""

from __future__ import annotations

import numpy as np

from grounding import Scene


def pictures_of(scene: Scene) -> tuple[bytes, ...]:
    """Return the frames that the scene's observation has, by camera name, as PNG."""
    frames = scene.observation.frames
    return tuple(png_of(frames[name].rgb) for name in sorted(frames))


def png_of(rgb: np.ndarray) -> bytes:
    """Return a picture, shape (height, width, 3), as a PNG file.

    Raises:
        ValueError: If it cannot be encoded.
    """
    import cv2

    done, encoded = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    if not done:
        raise ValueError(f"a picture of shape {rgb.shape} cannot be written as PNG")
    return encoded.tobytes()
