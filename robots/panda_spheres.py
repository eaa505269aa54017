"""Room robots: the Panda as spheres in its link frames, for fast collision distances.

Fitted by hand to the bounds of the collision meshes; what sticks out by up to 2 cm lies inside the next link.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrays import Array, frozen

HAND, TOOL = 7, 8
"""Link indices as in `panda_kinematics.link_poses`."""


@dataclass(frozen=True, kw_only=True)
class Spheres:
    """Spheres that move with links."""

    centres: Array
    """In the frame of each sphere's link, [m], shape (n, 3)."""
    radii: Array
    """Shape (n,), [m]."""
    links: np.ndarray[tuple[int], np.dtype[np.int64]]
    """Index of each sphere's link, shape (n,)."""

    def joined(self, other: Spheres) -> Spheres:
        """Return both sets, these first."""
        return Spheres(
            centres=frozen(np.vstack([self.centres, other.centres])),
            radii=frozen(np.concatenate([self.radii, other.radii])),
            links=np.concatenate([self.links, other.links]),
        )


_ARM = (
    (0, (0.0, 0.0, -0.13), 0.066),
    (0, (0.0, 0.0, -0.07), 0.066),
    (0, (0.0, -0.03, 0.0), 0.066),
    (0, (0.0, -0.07, 0.0), 0.066),
    (1, (0.0, 0.0, 0.07), 0.066),
    (1, (0.0, 0.0, 0.02), 0.066),
    (1, (0.0, -0.06, 0.0), 0.066),
    (1, (0.0, -0.13, 0.0), 0.066),
    (2, (0.0, 0.0, -0.06), 0.066),
    (2, (0.0, 0.0, -0.01), 0.066),
    (2, (0.0825, 0.05, 0.0), 0.066),
    (2, (0.0825, 0.0, 0.0), 0.066),
    (2, (0.04, 0.0, 0.0), 0.066),
    (3, (0.0, 0.0, 0.05), 0.066),
    (3, (0.0, 0.0, 0.0), 0.066),
    (3, (-0.04, 0.02, 0.0), 0.066),
    (3, (-0.0825, 0.065, 0.0), 0.066),
    (3, (-0.0825, 0.02, 0.0), 0.066),
    (4, (0.0, 0.0, -0.205), 0.064),
    (4, (0.0, 0.03, -0.16), 0.055),
    (4, (0.0, 0.06, -0.11), 0.048),
    (4, (0.0, 0.08, -0.055), 0.048),
    (4, (0.0, 0.08, 0.0), 0.056),
    (4, (0.0, 0.03, 0.0), 0.058),
    (5, (0.0, 0.0, 0.0), 0.058),
    (5, (0.045, 0.01, 0.0), 0.055),
    (5, (0.088, 0.0, 0.005), 0.058),
    (5, (0.088, 0.04, 0.0), 0.050),
    (6, (0.0, 0.0, 0.075), 0.052),
    (6, (0.035, 0.035, 0.08), 0.052),
    (6, (0.06, 0.06, 0.085), 0.030),
)
_HAND = (
    *((HAND, (x, y, 0.0445), 0.0205) for x in (-0.013, 0.013) for y in np.linspace(-0.082, 0.082, 8)),
    *((HAND, (0.0, y, 0.010), 0.040) for y in (-0.062, -0.030, 0.0, 0.030, 0.062)),
)
"""Small spheres where the palm comes close to what is grasped, large ones behind."""
_FINGER = ((0.006, -0.030, 0.014), (0.007, -0.016, 0.014), (0.008, 0.000, 0.012))
"""Outward offset from the pad's face, z in the tool frame, radius, [m]."""

ARM_COUNT = len(_ARM) + len(_HAND)
"""The first so many spheres are rigid; the fingers' follow, then those of a held item."""
FINGER_COUNT = 2 * len(_FINGER)


def panda_spheres(gripper_width: float) -> Spheres:
    """Return the spheres of arm, hand and fingers at a gripper width, [m]."""
    rows: list[tuple[int, tuple[float, float, float], float]] = [*_ARM, *_HAND]
    for side in (1.0, -1.0):
        rows += [(TOOL, (0.0, side * (gripper_width / 2 + out), z), r) for out, z, r in _FINGER]
    return Spheres(
        centres=frozen([row[1] for row in rows]),
        radii=frozen([row[2] for row in rows]),
        links=np.array([row[0] for row in rows], dtype=np.int64),
    )


def spheres_in_box(size: tuple[float, float, float], T_tool_box: Array) -> Spheres:
    """Return spheres that fill a box in the tool frame: as a held item's stand-in."""
    extents = np.array(size)
    radius = float(np.clip(extents.min() / 2, 0.011, 0.045))
    counts = np.maximum(1, np.ceil(extents / (1.8 * radius) - 0.2).astype(int))
    lines = [
        np.linspace(-1, 1, k) * max(e / 2 - radius, 0.0) if k > 1 else np.zeros(1)
        for e, k in zip(extents, counts, strict=True)
    ]
    grid = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    centres = grid @ T_tool_box[:3, :3].T + T_tool_box[:3, 3]
    count = len(centres)
    return Spheres(
        centres=frozen(centres),
        radii=frozen(np.full(count, radius)),
        links=np.full(count, TOOL, dtype=np.int64),
    )
