"""Room robots: a movable object in the physics world."""

from __future__ import annotations

import numpy as np

from robots.arrays import Array, frozen
from robots.catalogue import Category
from robots.geometry import Item, Solid
from robots.transforms import from_quaternion, to_quaternion

from .client import BulletClient
from .item_shapes import item_solids
from .urdf import inertial_xml, link_xml, load_urdf

FRICTION = {"sphere": 0.8, "bowl": 0.7, "plate": 0.7, "mug": 0.7}
"""Lateral friction by shape; Bullet multiplies the two bodies' values. Others get 0.8."""


class ItemBody:
    """One object: its body number and its unchanging geometry."""

    def __init__(self, bullet: BulletClient, name: str, category_name: str, category: Category) -> None:
        """Create the body far above the room; `move_to` puts it in its place."""
        self.name = name
        self.category_name = category_name
        self.category = category
        self.text = ""
        self.solids: tuple[Solid, ...] = item_solids(category)
        self._bullet = bullet
        inertial = inertial_xml(category.mass, category.size)
        link = link_xml("item", self.solids, np.eye(4), inertial=inertial)
        self.body = load_urdf(
            bullet,
            f'<robot name="{category_name}">{link}</robot>',
            flags=bullet.URDF_USE_INERTIA_FROM_FILE,
            useMaximalCoordinates=False,
        )
        bullet.changeDynamics(
            self.body,
            -1,
            lateralFriction=FRICTION.get(category.shape, 0.8),
            rollingFriction=0.004 if category.shape == "sphere" else 0.0005,
            spinningFriction=0.004,
            restitution=0.0,
            linearDamping=0.02,
            angularDamping=0.05,
            activationState=bullet.ACTIVATION_STATE_ENABLE_SLEEPING,
        )

    def pose(self) -> Array:
        """Return T_world_item."""
        position, quaternion = self._bullet.getBasePositionAndOrientation(self.body)
        return from_quaternion(position, quaternion)

    def move_to(self, T_world_item: Array) -> None:
        """Put the item somewhere else, at rest."""
        position = [float(v) for v in T_world_item[:3, 3]]
        self._bullet.resetBasePositionAndOrientation(self.body, position, to_quaternion(T_world_item))
        self._bullet.resetBaseVelocity(self.body, [0, 0, 0], [0, 0, 0])

    def wake(self) -> None:
        """Let physics move it again: its support may be gone."""
        self._bullet.changeDynamics(self.body, -1, activationState=self._bullet.ACTIVATION_STATE_WAKE_UP)

    def report(self, *, filled_fraction: float) -> Item:
        """Return the item as the world reports it."""
        return Item(
            name=self.name,
            category=self.category_name,
            T_world_item=frozen(self.pose()),
            solids=self.solids,
            size=self.category.size,
            filled_fraction=filled_fraction,
            text=self.text,
        )
