"""Room planner: homes to learn in and to be tested in: other objects, places, colours, light, cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from robots.catalogue import Catalogue, load_catalogue
from robots.pybullet import CameraModel, PybulletKitchen, open_kitchen
from robots.pybullet.cameras import Light
from robots.setup import SceneSetup
from robots.transforms import pose

SEEN = (
    "apple", "orange", "lemon", "peach", "banana", "coke_can", "lime_soda_can", "redbull_can",
    "water_bottle", "tea_bottle", "milk_carton", "energy_bar", "jalapeno_chips", "multigrain_chips",
    "sea_salt_chips", "sponge", "cracker_box", "bread_loaf", "sandwich", "yogurt_cup", "soup_can",
    "egg", "dish_soap", "towel", "candle", "phone", "remote", "spoon",
)  # fmt: skip
"""Categories that demonstrations are about."""
UNSEEN = (
    "tomato", "pepsi_can", "sevenup_can", "grapefruit_soda_can", "juice_bottle", "kettle_chips",
    "rice_chips", "cheese_block", "salt_shaker", "ketchup_bottle", "chocolate_bar", "spray_cleaner",
)  # fmt: skip
"""Categories that no demonstration shows or names; they are kept for measuring."""
SURFACES = ("table", "close_counter", "far_counter")
PALETTE = {
    "red": (0.80, 0.10, 0.12),
    "yellow": (0.95, 0.85, 0.20),
    "green": (0.15, 0.58, 0.22),
    "blue": (0.10, 0.25, 0.65),
    "white": (0.93, 0.93, 0.93),
    "black": (0.12, 0.12, 0.13),
    "brown": (0.45, 0.26, 0.13),
}
UNSEEN_PALETTE = {"purple": (0.45, 0.18, 0.55), "pink": (0.95, 0.55, 0.62), "grey": (0.55, 0.55, 0.58)}
"""Colours that nothing has in the demonstrations but a few things by nature."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """How far a home strays from the plain one; each number is a share, 0 to 1."""

    recolour: float = 0.3
    """Share of the objects that have a colour of the palette instead of their own."""
    light: float = 1.0
    texture: float = 1.0
    camera: float = 1.0
    unseen_colours: bool = False


PLAIN = Variation(recolour=0.0, light=0.0, texture=0.0, camera=0.0)


def random_home(
    items: Sequence[str],
    surface: str,
    rng: np.random.Generator,
    *,
    variation: Variation,
    holding: str | None = None,
    opened: Sequence[str] = (),
    robot_at: str | None = None,
) -> PybulletKitchen:
    """Return a home with the items on a surface and the robot at it.

    Raises:
        ImpossibleStart: If there is no room for them.
    """
    setup = SceneSetup(
        items=dict.fromkeys(items, surface),
        robot_at=robot_at or surface,
        holding=holding,
        opened=frozenset(opened),
    )
    return open_kitchen(
        setup,
        seed=int(rng.integers(2**31)),
        catalogue=recoloured([*items, *([holding] if holding else [])], rng, variation),
        cameras={name: random_camera(rng, variation) for name in ("head", "wrist")},
    )


def recoloured(items: Sequence[str], rng: np.random.Generator, variation: Variation) -> Catalogue:
    """Return the catalogue with other colours for some of the items' categories, and all a little off."""
    catalogue = load_catalogue()
    palette = UNSEEN_PALETTE if variation.unseen_colours else PALETTE
    changed = dict(catalogue.categories)
    for category in sorted({catalogue.category_of(item) or "" for item in items}):
        colour = np.array(changed[category].colour)
        if rng.random() < variation.recolour:
            colour = np.array(palette[sorted(palette)[int(rng.integers(len(palette)))]])
        if variation.light > 0.0:
            colour = np.clip(colour + rng.normal(size=3) * 0.02, 0.0, 1.0)
        r, g, b = (float(v) for v in colour)
        changed[category] = changed[category].model_copy(update={"colour": (r, g, b)})
    return Catalogue(categories=changed)


def random_camera(rng: np.random.Generator, variation: Variation) -> CameraModel:
    """Return a camera that is a little off its mount, under another lamp."""
    offset = None
    if variation.camera > 0.0:
        spread = variation.camera * np.array([4e-3, 4e-3, 4e-3, 0.012, 0.012, 0.012])
        x, y, z, roll, pitch, yaw = rng.normal(size=6) * spread
        offset = pose(x, y, z, roll=roll, pitch=pitch, yaw=yaw)
    if variation.light <= 0.0:
        return CameraModel(T_mount_camera=offset)
    share = variation.light
    direction = np.array([0.4, -0.6, 1.0]) + share * rng.uniform(-0.8, 0.8, size=3) * (1.0, 1.0, 0.3)
    ambient = 0.6 + share * rng.uniform(-0.15, 0.12)
    tint = 1.0 - share * rng.uniform(0.0, 0.12, size=3)
    lamp = Light(
        direction=(float(direction[0]), float(direction[1]), float(direction[2])),
        colour=(float(tint[0]), float(tint[1]), float(tint[2])),
        ambient=float(ambient),
        diffuse=float(0.35 + share * rng.uniform(-0.15, 0.15)),
    )
    return CameraModel(T_mount_camera=offset, light=lamp)


def repaint(
    kitchen: PybulletKitchen, names: Sequence[str], rng: np.random.Generator, variation: Variation
) -> None:
    """Give the part of furniture that does not move another colour."""
    if variation.texture <= 0.0:
        return
    for name in names:
        body = kitchen.fixtures[name].body
        shade = rng.uniform(-0.25, 0.15)
        tint = 1.0 + variation.texture * shade + rng.normal(size=3) * 0.05 * variation.texture
        shape = kitchen.bullet.getVisualShapeData(body)[0]
        rgba = [*np.clip(np.array(shape[7][:3]) * tint, 0.0, 1.0), shape[7][3]]
        kitchen.bullet.changeVisualShape(body, shape[1], shapeIndex=-1, rgbaColor=rgba)
