"""Room robots: solids written as URDF links, and loaded through a file that is removed at once."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from robots.arrays import Array
from robots.geometry import Box, Cylinder, Shape, Solid
from robots.transforms import inverse

from .hidden_faces import SIDES_FILE


def origin_xml(T_a_b: Array) -> str:
    """Return the <origin> element of a transform."""
    x, y, z = (float(v) for v in T_a_b[:3, 3])
    pitch = float(np.arctan2(-T_a_b[2, 0], np.hypot(T_a_b[0, 0], T_a_b[1, 0])))
    if abs(abs(pitch) - np.pi / 2) < 1e-6:  # gimbal: put the whole turn into roll
        roll = float(np.arctan2(np.sign(pitch) * T_a_b[0, 1], T_a_b[1, 1]))
        yaw = 0.0
    else:
        roll = float(np.arctan2(T_a_b[2, 1], T_a_b[2, 2]))
        yaw = float(np.arctan2(T_a_b[1, 0], T_a_b[0, 0]))
    return f'<origin xyz="{x!r} {y!r} {z!r}" rpy="{roll!r} {pitch!r} {yaw!r}"/>'


def shape_xml(shape: Shape) -> str:
    """Return the <geometry> element of a shape."""
    if isinstance(shape, Box):
        inner = '<box size="{!r} {!r} {!r}"/>'.format(*shape.size)
    elif isinstance(shape, Cylinder):
        inner = f'<cylinder radius="{shape.radius!r}" length="{shape.height!r}"/>'
    else:
        inner = f'<sphere radius="{shape.radius!r}"/>'
    return f"<geometry>{inner}</geometry>"


def inertial_xml(mass: float, extents: tuple[float, float, float]) -> str:
    """Return the <inertial> element of a solid box of this mass and size."""
    a, b, c = (e * e for e in extents)
    i = tuple(mass / 12.0 * s for s in (b + c, a + c, a + b))
    return (
        f'<inertial><mass value="{mass!r}"/><inertia ixx="{i[0]!r}" iyy="{i[1]!r}" izz="{i[2]!r}" '
        'ixy="0" ixz="0" iyz="0"/></inertial>'
    )


def link_xml(
    name: str,
    solids: Sequence[Solid],
    T_owner_link: Array,
    *,
    inertial: str = "",
    covered: Collection[int] = (),
) -> str:
    """Return a <link> whose frame is `T_owner_link` in the owner of the solids.

    Boxes with an index in `covered` show their sides only; load them with `SIDES_MESH` at `SIDES_FILE`.
    """
    T_link_owner = inverse(T_owner_link)
    parts = []
    for index, solid in enumerate(solids):
        where, solid_shape = origin_xml(T_link_owner @ solid.T_owner_solid), shape_xml(solid.shape)
        seen = solid_shape
        if index in covered and isinstance(solid.shape, Box):
            scale = "{!r} {!r} {!r}".format(*solid.shape.size)
            seen = f'<geometry><mesh filename="{SIDES_FILE}" scale="{scale}"/></geometry>'
        rgba = " ".join(repr(float(c)) for c in solid.rgba)
        parts.append(f"<collision>{where}{solid_shape}</collision>")
        colour = f'<material name="{name}_{index}"><color rgba="{rgba}"/></material>'
        parts.append(f"<visual>{where}{seen}{colour}</visual>")
    return f'<link name="{name}">{inertial}{"".join(parts)}</link>'


def joint_xml(
    name: str,
    kind: str,
    parent: str,
    child: str,
    T_parent_child: Array,
    *,
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0),
    limits: tuple[float, float] = (0.0, 0.0),
) -> str:
    """Return a <joint>; effort and velocity are unlimited here because the driver limits them."""
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>'
        f'{origin_xml(T_parent_child)}<axis xyz="{axis[0]} {axis[1]} {axis[2]}"/>'
        f'<limit lower="{limits[0]!r}" upper="{limits[1]!r}" effort="10000" velocity="1000"/></joint>'
    )


def load_urdf(bullet: Any, text: str, meshes: Mapping[str, str] | None = None, **options: Any) -> int:
    """Load a robot description given as text and return the body's number.

    Args:
        bullet: Bullet client (`robots.pybullet.client.BulletClient`).
        text: The URDF.
        meshes: Texts of the mesh files that it names, by file name.
        **options: Keyword arguments of `loadURDF`.
    """
    with tempfile.TemporaryDirectory(prefix="saycando_") as folder:
        for name, mesh in (meshes or {}).items():
            (Path(folder) / name).write_text(mesh, encoding="utf-8")
        path = Path(folder) / "body.urdf"
        path.write_text(text, encoding="utf-8")
        return int(bullet.loadURDF(str(path), **options))
