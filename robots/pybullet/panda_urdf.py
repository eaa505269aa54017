"""Room robots: the Panda of `pybullet_data`, rewritten at load and mounted on a holonomic base.

The stock collision meshes, thinned out, become the visuals (the stock ones take 15 ms a frame); the fingers
become boxes, because flat pads hold a contact patch where a mesh hull has one point.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pybullet_data

from robots.arrays import frozen
from robots.geometry import Box, Solid
from robots.mobile_base import BASE_SOLIDS
from robots.panda import T_BASE_ARM_XYZ
from robots.transforms import pose

from .low_poly import decimated, obj_text, read_obj
from .urdf import inertial_xml, joint_xml, link_xml

_RUBBER = (0.12, 0.12, 0.13, 1.0)
_FINGER = (0.75, 0.76, 0.78, 1.0)

FINGER_SOLIDS: tuple[Solid, ...] = (
    Solid(
        shape=Box(size=(0.020, 0.012, 0.020)),
        T_owner_solid=frozen(pose(0.0, 0.006, 0.044)),
        rgba=_RUBBER,
        part="pad",
    ),
    Solid(
        shape=Box(size=(0.018, 0.012, 0.036)),
        T_owner_solid=frozen(pose(0.0, 0.014, 0.018)),
        rgba=_FINGER,
        part="finger",
    ),
)
"""Left finger in its own frame: z towards the tip, the pad's face at y = 0 looks along -y. The right finger
is the same turned by half a turn about z."""


VISUAL_CORNERS = 40
"""Corners of a link's visual mesh: a quarter of the collision mesh's triangles, most of its volume."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """A URDF and the mesh files beside it, by name."""

    urdf: str
    meshes: Mapping[str, str]


def mobile_panda() -> Description:
    """Return the robot description: base_x, base_y, base_yaw, then the arm and its hand."""
    folder = Path(pybullet_data.getDataPath()) / "franka_panda"
    arm = ElementTree.parse(folder / "panda.urdf").getroot()
    for element in list(arm):
        if element.get("name") in ("panda_grasptarget", "panda_grasptarget_hand"):
            arm.remove(element)
    meshes: dict[str, str] = {}
    for link in arm.findall("link"):
        path = _use_collision_mesh(link, folder)
        if path is not None:
            meshes[path.name] = obj_text(*decimated(*read_obj(path), VISUAL_CORNERS))
    _use_box_fingers(arm)
    base = ElementTree.fromstring(f"<robot>{_base_xml()}</robot>")
    return Description(urdf=ElementTree.tostring(_joined(base, arm), encoding="unicode"), meshes=meshes)


def _joined(base: ElementTree.Element, arm: ElementTree.Element) -> ElementTree.Element:
    robot = ElementTree.Element("robot", name="mobile_panda")
    robot.extend(list(base))
    robot.extend(list(arm))
    return robot


def _base_xml() -> str:
    light = inertial_xml(20.0, (0.5, 0.5, 0.5))
    heavy = inertial_xml(80.0, (0.5, 0.46, 0.8))
    far = (-10.0, 10.0)
    mount = pose(*T_BASE_ARM_XYZ)
    eye = np.eye(4)
    return "".join(
        (
            link_xml("world", (), eye, inertial=light),
            link_xml("base_x", (), eye, inertial=light),
            link_xml("base_y", (), eye, inertial=light),
            link_xml("base", BASE_SOLIDS, eye, inertial=heavy),
            joint_xml("base_x_joint", "prismatic", "world", "base_x", eye, axis=(1, 0, 0), limits=far),
            joint_xml("base_y_joint", "prismatic", "base_x", "base_y", eye, axis=(0, 1, 0), limits=far),
            joint_xml(
                "base_yaw_joint", "revolute", "base_y", "base", eye, axis=(0, 0, 1), limits=(-1e3, 1e3)
            ),
            joint_xml("mount_joint", "fixed", "base", "panda_link0", mount),
        )
    )


def _use_collision_mesh(link: ElementTree.Element, folder: Path) -> Path | None:
    """Collide with the stock collision mesh, and show the thinned one of the same name; return its path."""
    mesh, shown = link.find("collision/geometry/mesh"), link.find("visual/geometry/mesh")
    if mesh is None or shown is None:
        return None
    path = folder / mesh.attrib["filename"].removeprefix("package://")
    mesh.set("filename", str(path))
    shown.set("filename", path.name)
    return path


def _use_box_fingers(arm: ElementTree.Element) -> None:
    for name, yaw in (("panda_leftfinger", 0.0), ("panda_rightfinger", np.pi)):
        old = next(link for link in arm.findall("link") if link.get("name") == name)
        text = link_xml(
            name, FINGER_SOLIDS, pose(0, 0, 0, yaw=yaw), inertial=inertial_xml(0.1, (0.1, 0.1, 0.1))
        )
        index = list(arm).index(old)
        arm.remove(old)
        arm.insert(index, ElementTree.fromstring(text))
