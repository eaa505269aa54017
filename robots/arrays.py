"""Room robots: array aliases used in every signature that carries numbers."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Float64 array; the docstring of its owner gives shape, unit and frame."""

Image: TypeAlias = NDArray[np.uint8]
"""RGB image, shape (height, width, 3)."""

DepthImage: TypeAlias = NDArray[np.float32]
"""Depth along the optical axis, [m], shape (height, width)."""


def frozen(values: object) -> Array:
    """Return a read-only float64 copy of `values`."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
