"""Room grounding: signed distances of the arm to the scene and to itself, for many configurations at once.

The arm, its fingers and what they hold are spheres; the scene is boxes, cylinders, spheres. Frames: obstacles
arrive in the world frame and are turned into the arm's mount frame once, so that a query needs no base pose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from robots import Array, Box, Cylinder, Item, Solid, Sphere, frozen
from robots.mobile_base import BASE_SOLIDS
from robots.panda import T_BASE_ARM_XYZ
from robots.panda_kinematics import T_HAND_TOOL, arm_mount, link_poses
from robots.panda_spheres import ARM_COUNT, FINGER_COUNT, HAND, Spheres, panda_spheres
from robots.transforms import inverse, pose

from .scene import Scene

REACH_M = 1.25
"""Farther than this from the shoulder nothing can touch the arm or what it holds."""
SIMPLE_SOLIDS = 3
"""Items made of more solids (bowls, plates, cups) count as one filled cylinder unless asked in detail."""


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """m boxes and k cylinders in one frame; a sphere is a box of no size with a rounding radius."""

    R_box: Array
    p_box: Array
    half: Array
    rounding: Array
    R_cylinder: Array
    p_cylinder: Array
    radius: Array
    half_height: Array

    def distance(self, points: Array) -> Array:
        """Return the signed distance of points (n, 3) to the nearest shape, [m], shape (n,); inf if none."""
        nearest = np.full(len(points), np.inf)
        if len(self.half):
            local = np.einsum("nmi,mij->nmj", points[:, None] - self.p_box, self.R_box)
            excess = np.abs(local) - self.half
            outside = np.sqrt(np.sum(np.maximum(excess, 0.0) ** 2, axis=2))
            gap = outside + np.minimum(excess.max(axis=2), 0.0) - self.rounding
            nearest = gap.min(axis=1)
        if len(self.radius):
            local = np.einsum("nmi,mij->nmj", points[:, None] - self.p_cylinder, self.R_cylinder)
            radial = np.hypot(local[..., 0], local[..., 1]) - self.radius
            axial = np.abs(local[..., 2]) - self.half_height
            outside = np.hypot(np.maximum(radial, 0.0), np.maximum(axial, 0.0))
            gap = outside + np.minimum(np.maximum(radial, axial), 0.0)
            nearest = np.minimum(nearest, gap.min(axis=1))
        return nearest


def shapes_of(solids: Sequence[Solid], T_frame_owner: Array, *, reach: float = np.inf) -> Shapes:
    """Return solids in another frame, without those farther than `reach` from its origin."""
    boxes, cylinders = [], []
    for solid in solids:
        T, shape = T_frame_owner @ solid.T_owner_solid, solid.shape
        if float(np.linalg.norm(T[:3, 3])) - bounding_radius(solid) > reach:
            continue
        if isinstance(shape, Box):
            boxes.append((T, np.array(shape.size) / 2, 0.0))
        elif isinstance(shape, Sphere):
            boxes.append((T, np.zeros(3), shape.radius))
        else:
            cylinders.append((T, shape.radius, shape.height / 2))
    return Shapes(
        R_box=np.reshape([b[0][:3, :3] for b in boxes], (-1, 3, 3)),
        p_box=np.reshape([b[0][:3, 3] for b in boxes], (-1, 3)),
        half=np.reshape([b[1] for b in boxes], (-1, 3)),
        rounding=np.array([b[2] for b in boxes]),
        R_cylinder=np.reshape([c[0][:3, :3] for c in cylinders], (-1, 3, 3)),
        p_cylinder=np.reshape([c[0][:3, 3] for c in cylinders], (-1, 3)),
        radius=np.array([c[1] for c in cylinders]),
        half_height=np.array([c[2] for c in cylinders]),
    )


def bounding_radius(solid: Solid) -> float:
    """Return the radius of the ball around a solid's centre that contains it, [m]."""
    shape = solid.shape
    if isinstance(shape, Box):
        return float(np.linalg.norm(shape.size)) / 2
    return shape.radius if isinstance(shape, Sphere) else float(np.hypot(shape.radius, shape.height / 2))


def item_solids_in_world(item: Item, *, in_detail: bool = False) -> tuple[Solid, ...]:
    """Return an item's geometry in the world frame; hollow things are filled unless `in_detail`."""
    solids = item.solids
    if len(solids) > SIMPLE_SOLIDS and not in_detail:
        shape = Cylinder(radius=max(item.size[:2]) / 2, height=item.size[2])
        solids = (Solid(shape=shape, T_owner_solid=frozen(np.eye(4))),)
    return tuple(
        Solid(shape=s.shape, T_owner_solid=frozen(item.T_world_item @ s.T_owner_solid)) for s in solids
    )


def scene_solids(
    scene: Scene, *, without: frozenset[str] = frozenset(), in_detail: frozenset[str] = frozenset()
) -> tuple[Solid, ...]:
    """Return fixtures and items in the world frame as obstacles, except the items `without`."""
    found = [solid for fixture in scene.fixtures.values() for solid in fixture.solids]
    for name, thing in scene.items.items():
        if name not in without:
            found += item_solids_in_world(thing.item, in_detail=name in in_detail)
    return tuple(found)


def hand_clearance(
    T_world_tool: Array, obstacles: Sequence[Solid], touched: Sequence[Solid], *, gripper_width: float
) -> Array:
    """Return the smallest signed distance of a free-flying hand at tool poses (n, 4, 4), [m], shape (n,).

    The fingers may touch `touched`, the palm may not. A cheap necessary condition, before inverse kinematics.
    """
    spheres = panda_spheres(gripper_width)
    which = np.flatnonzero(spheres.links >= HAND)
    is_hand = spheres.links[which] == HAND
    centres = spheres.centres[which] - np.where(
        is_hand[:, None], T_HAND_TOOL[:3, 3], 0.0
    )  # in the tool frame
    T_near_world = np.eye(4)
    T_near_world[:3, 3] = -T_world_tool[:, :3, 3].mean(axis=0)
    spread = float(np.linalg.norm(T_world_tool[:, :3, 3] + T_near_world[:3, 3], axis=1).max())
    points = np.einsum("nij,sj->nsi", T_world_tool[:, :3, :3], centres) + T_world_tool[:, None, :3, 3]
    points = points + T_near_world[:3, 3]  # (n, s, 3)
    radii = spheres.radii[which]
    near = shapes_of(obstacles, T_near_world, reach=spread + 0.25)
    gaps = near.distance(points.reshape(-1, 3)).reshape(len(points), -1) - radii
    best: Array = gaps.min(axis=1)
    if touched:
        palm = points[:, is_hand]
        gaps = shapes_of(touched, T_near_world).distance(palm.reshape(-1, 3)).reshape(len(points), -1)
        best = np.minimum(best, (gaps - radii[is_hand]).min(axis=1))
    return best


class ArmCollision:
    """Distance of one arm on one base pose to the scene, to the robot's own body and to itself."""

    def __init__(
        self,
        obstacles: Sequence[Solid],
        base: Array,
        *,
        gripper_width: float = 0.08,
        touched: Sequence[Solid] = (),
        held: Spheres | None = None,
    ) -> None:
        """Prepare the geometry.

        Args:
            obstacles: Solids in the world frame.
            base: Base pose x, y, yaw in the world frame.
            gripper_width: Distance between the pads, [m].
            touched: Solids in the world frame that the fingers may touch but the rest of the arm may not.
            held: What the hand holds, as spheres in the tool frame.
        """
        T_arm_world = inverse(arm_mount(base))
        rigid = panda_spheres(gripper_width)
        self._spheres = rigid if held is None else rigid.joined(held)
        self._world = shapes_of(obstacles, T_arm_world, reach=REACH_M)
        self._touched = shapes_of(touched, T_arm_world, reach=REACH_M)
        self._body = shapes_of(BASE_SOLIDS, inverse(pose(*T_BASE_ARM_XYZ)))
        links = self._spheres.links
        self._above_shoulder = np.flatnonzero(links >= 2)
        self._not_fingers = np.flatnonzero((links >= 2) & (np.arange(len(links)) < ARM_COUNT))
        self._forearm = np.flatnonzero(links >= 3)
        self._shoulder = np.flatnonzero(links <= 1)
        self._wrist = np.flatnonzero(links >= 5)
        self._held = np.arange(ARM_COUNT + FINGER_COUNT, len(links))
        self._upper = np.flatnonzero((links >= 2) & (links <= 4))

    def clearance(self, q: Array) -> Array:
        """Return the smallest signed distance for configurations (n, 7), [m], shape (n,)."""
        T = link_poses(q)[:, self._spheres.links]  # (n, s, 4, 4)
        centres = np.einsum("nsij,sj->nsi", T[..., :3, :3], self._spheres.centres) + T[..., :3, 3]
        best = self._to(self._world, centres, self._above_shoulder)
        if len(self._touched.half) or len(self._touched.radius):
            best = np.minimum(best, self._to(self._touched, centres, self._not_fingers))
        best = np.minimum(best, self._to(self._body, centres, self._forearm))
        best = np.minimum(best, self._between(centres, self._shoulder, self._wrist))
        if len(self._held):
            best = np.minimum(best, self._between(centres, self._upper, self._held))
        return best

    def _to(self, shapes: Shapes, centres: Array, which: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Array:
        points = centres[:, which].reshape(-1, 3)
        gaps = shapes.distance(points).reshape(len(centres), len(which)) - self._spheres.radii[which]
        return np.asarray(gaps.min(axis=1), dtype=np.float64)

    def _between(
        self,
        centres: Array,
        first: np.ndarray[tuple[int], np.dtype[np.int64]],
        second: np.ndarray[tuple[int], np.dtype[np.int64]],
    ) -> Array:
        offsets = centres[:, first, None] - centres[:, None, second]
        radii = self._spheres.radii[first][:, None] + self._spheres.radii[second]
        gaps = np.sqrt(np.sum(offsets**2, axis=3)) - radii
        return np.asarray(gaps.min(axis=(1, 2)), dtype=np.float64)
