"""Room robots: build a home from a `SceneSetup` and a seed, and let it settle before time 0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack

import numpy as np

from robots.arrays import Array
from robots.catalogue import Catalogue, Category, load_catalogue
from robots.mobile_base import ARM_HOME
from robots.robot import Command
from robots.setup import SCENES, ImpossibleStart, SceneSetup
from robots.transforms import pose

from .cameras import CameraModel
from .client import BulletClient
from .kitchen import PybulletKitchen
from .layout import Layout, saycan_kitchen
from .placement import Footprint, sample_place

SETTLE_TICKS = 60
OPEN_FRACTION = 0.95
"""How far doors and drawers are open that start open."""
PAD_Z = 0.1024
"""Centre of the finger pads in the hand frame, [m]."""
ROUND = frozenset({"sphere", "cylinder", "bottle", "bowl", "plate", "mug"})


def open_kitchen(
    setup: SceneSetup,
    *,
    seed: int,
    gui: bool = False,
    catalogue: Catalogue | None = None,
    layout: Layout | None = None,
    cameras: Mapping[str, CameraModel] | None = None,
) -> PybulletKitchen:
    """Return a home in its starting state, at rest, at time 0.

    Args:
        setup: What is where, in names.
        seed: Decides every sampled pose; the same seed gives the same run, bit for bit.
        gui: Open a window.
        catalogue: Known objects; default is the shipped catalogue.
        layout: Furniture; default is the scene that the setup names.
        cameras: Camera models of "head" and "wrist"; default is 96 x 96 pixels.

    Raises:
        ImpossibleStart: If a name is unknown, or something cannot be where it shall be.
    """
    known = load_catalogue() if catalogue is None else catalogue
    home = _layout(setup, layout)
    check_setup(setup, known, home)
    models = {"head": CameraModel(), "wrist": CameraModel()} if cameras is None else cameras
    bullet = BulletClient(gui=gui)
    with ExitStack() as unless_built:
        unless_built.callback(bullet.close)
        kitchen = PybulletKitchen(
            bullet, layout=home, catalogue=known, base=_dock(home, setup.robot_at), cameras=models
        )
        _arrange(kitchen, setup, np.random.default_rng(seed))
        unless_built.pop_all()
    return kitchen


def _layout(setup: SceneSetup, layout: Layout | None) -> Layout:
    if layout is not None:
        return layout
    if setup.scene not in SCENES:
        raise ImpossibleStart(f"scene {setup.scene!r} does not exist", choices=SCENES)
    return saycan_kitchen()


def check_setup(setup: SceneSetup, catalogue: Catalogue, layout: Layout) -> None:
    """Refuse names that do not exist, before anything is built.

    Raises:
        ImpossibleStart: If an item, a place or a state is unknown or contradictory.
    """
    names = {spec.name: spec for spec in layout.fixtures}
    items = set(setup.items) | ({setup.holding} if setup.holding else set())
    for item in sorted(items):
        if catalogue.category_of(item) is None:
            categories = tuple(sorted(catalogue.categories))
            raise ImpossibleStart(
                f"{item!r} is not a <category>_<number> of the catalogue", choices=categories
            )
    if setup.holding is not None and setup.holding in setup.items:
        raise ImpossibleStart(f"{setup.holding} cannot be both held and at {setup.items[setup.holding]}")
    for item, place in setup.items.items():
        if place not in names and (place not in items or place == item):
            raise ImpossibleStart(f"{item} cannot start at {place!r}", choices=(*names, *sorted(setup.items)))
    for item in sorted(set(setup.texts) - items):
        there = tuple(sorted(items))
        raise ImpossibleStart(f"words cannot be on {item!r}, which is not there", choices=there)
    openable = tuple(n for n, s in names.items() if s.joint)
    switchable = tuple(n for n, s in names.items() if s.button)
    for wanted, choices, what in ((setup.opened, openable, "open"), (setup.powered_on, switchable, "be on")):
        for name in sorted(wanted.difference(choices)):
            raise ImpossibleStart(f"{name!r} cannot {what}", choices=choices)
    _dock(layout, setup.robot_at)


def _dock(layout: Layout, at: str) -> tuple[float, float, float]:
    for spec in layout.fixtures:
        if at in (spec.name, spec.station):
            x, y, yaw = spec.at
            dock = pose(x, y, 0.0, yaw=yaw) @ np.array([*spec.dock_xy, 0.0, 1.0])
            return float(dock[0]), float(dock[1]), yaw
    raise ImpossibleStart(f"the robot cannot start at {at!r}", choices=tuple(s.name for s in layout.fixtures))


def _arrange(kitchen: PybulletKitchen, setup: SceneSetup, rng: np.random.Generator) -> None:
    for name in sorted(setup.opened):
        joint = kitchen.fixtures[name].spec.joint
        kitchen.set_joint(name, OPEN_FRACTION * joint.upper if joint else 0.0)
    for name in sorted(setup.powered_on):
        kitchen.fixtures[name].set_power(True)
    fixtures = {item: place for item, place in setup.items.items() if place in kitchen.fixtures}
    _fill_fixtures(kitchen, fixtures, rng)
    if setup.holding is not None:
        _put_in_hand(kitchen, setup.holding)
    _settle(kitchen, SETTLE_TICKS)
    inside = {item: place for item, place in setup.items.items() if place not in kitchen.fixtures}
    if inside:
        _fill_items(kitchen, inside, rng)
        _settle(kitchen, SETTLE_TICKS)
    for item, text in setup.texts.items():
        kitchen.items[item].text = text
    if setup.holding is not None and setup.holding not in kitchen.state().held:
        raise ImpossibleStart(f"the hand cannot hold {setup.holding}")
    kitchen.robot.start_clock()


def _settle(kitchen: PybulletKitchen, ticks: int) -> None:
    for _ in range(ticks):
        kitchen.robot.command(Command())


def _category(kitchen: PybulletKitchen, item: str) -> tuple[str, Category]:
    name = kitchen.catalogue.category_of(item) or ""
    return name, kitchen.catalogue.categories[name]


def _fill_fixtures(kitchen: PybulletKitchen, places: Mapping[str, str], rng: np.random.Generator) -> None:
    taken: dict[str, list[Footprint]] = defaultdict(list)
    # Large things first, or small ones leave them no room.
    order = sorted(places, key=lambda i: (-max(_category(kitchen, i)[1].size[:2]), i))
    for item in order:
        name, category = _category(kitchen, item)
        fixture = kitchen.fixtures[places[item]]
        region = fixture.world_region(fixture.spec.region, moves=fixture.spec.region_moves)
        placed = sample_place(
            category.size,
            region=region,
            others=taken[places[item]],
            headroom=region.size[2] if fixture.spec.region_covered else np.inf,
            is_round=category.shape in ROUND,
            name=item,
            rng=rng,
        )
        taken[places[item]].append(placed.footprint)
        kitchen.add_item(item, name, region.T_world_region @ placed.T_region_item)


def _fill_items(kitchen: PybulletKitchen, places: Mapping[str, str], rng: np.random.Generator) -> None:
    for item in sorted(places):
        name, category = _category(kitchen, item)
        host = kitchen.items.get(places[item])
        if host is None:
            raise ImpossibleStart(f"{places[item]} has no place of its own, so {item} cannot start on it")
        if max(category.size[:2]) > min(host.category.size[:2]) - 0.01:
            raise ImpossibleStart(f"{item} is too large to start in {places[item]}")
        T_world_host = host.pose()
        lift = -host.category.size[2] / 2 + 0.012 + category.size[2] / 2
        T_host_item = pose(0.0, 0.0, lift, yaw=float(rng.uniform(-np.pi, np.pi)))
        kitchen.add_item(item, name, T_world_host @ T_host_item)


def _put_in_hand(kitchen: PybulletKitchen, item: str) -> None:
    """Create the item between the open pads, close them, and let friction carry it."""
    name, category = _category(kitchen, item)
    base = kitchen.robot.observe().base
    T_hand_item, width = _grasp_in_hand(category)
    kitchen.robot.place_at_rest(ARM_HOME, base, width=min(0.08, width + 0.004))
    kitchen.add_item(item, name, kitchen.robot.hand_pose() @ T_hand_item)
    body = kitchen.items[item]
    T_world_item = body.pose()
    for _ in range(60):
        body.move_to(T_world_item)  # supported until the pads have closed
        kitchen.robot.command(Command(gripper_width=0.0))


def _grasp_in_hand(category: Category) -> tuple[Array, float]:
    """Return the item's pose between the pads of a hand that points down, and the width it needs."""
    x, y, z = category.size
    # The hand's z points down; the item stands upright, its top a little above the pads' lower edge.
    below = PAD_Z + max(0.0, z / 2 - 0.03)
    upright = pose(0.0, 0.0, below, roll=np.pi)
    if category.shape in ("bowl", "plate"):
        wall = 0.008
        edge = x / 2 * float(np.cos(np.pi / 12)) - wall / 2
        T = pose(0.0, edge, PAD_Z + z / 2 - 0.012, roll=np.pi) @ pose(0, 0, 0, yaw=np.pi / 2)
        return T, wall
    if min(x, y) <= 0.077:
        turn = 0.0 if y <= x else np.pi / 2
        return upright @ pose(0, 0, 0, yaw=turn), min(x, y)
    return pose(0.0, 0.0, PAD_Z) @ pose(0, 0, 0, roll=np.pi / 2), z
