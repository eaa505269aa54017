"""Room robots: the simulated home, an implementation of `World`, with its robot and its disturbances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robots.arrays import Array
from robots.catalogue import Catalogue
from robots.geometry import Fixture
from robots.robot import Command, TrackedPerson
from robots.transforms import inverse
from robots.world import WorldState

from .cameras import CameraModel
from .client import BulletClient
from .fixture_body import FixtureBody
from .item_body import ItemBody
from .layout import Layout
from .panda_robot import PybulletRobot, RobotMemory
from .people import WALKING_SPEED, Walker, partner
from .processes import POUR_S, Opening, WipeGrid, is_pouring, item_opening, receiver_below, region_opening

TOUCHING = 0.001
"""Bullet also lists contacts that are about to happen; closer than this they count, [m]."""
UPWARD = 0.3
"""A contact bears an item when its normal points up at least this much (cosine): walls only touch."""
WIPE_TICKS = 4
"""How often wiping is sampled: a cloth at 0.5 m/s advances 17 mm, less than a cell."""


@dataclass(frozen=True, kw_only=True)
class WorldMemory:
    """What is true of the home and physics does not store."""

    robot: RobotMemory
    latches: Mapping[str, tuple[bool, bool]]
    fill: Mapping[str, float]
    wiped: Mapping[str, NDArray[np.bool_]]
    poured: frozenset[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class SavedWorld:
    """A moment that `PybulletKitchen.restore` can return to."""

    physics: int
    memory: WorldMemory


class PybulletKitchen:
    """A home whose every motion is rigid-body physics; built by `open_kitchen`."""

    def __init__(
        self,
        bullet: BulletClient,
        *,
        layout: Layout,
        catalogue: Catalogue,
        base: tuple[float, float, float],
        cameras: Mapping[str, CameraModel],
    ) -> None:
        """Build the furniture and the robot; items are added with `add_item`."""
        self.bullet = bullet
        self.catalogue = catalogue
        self.layout = layout
        # The software renderer draws in the order of creation: what is in front first, the floor last.
        self.robot = PybulletRobot(bullet, base=base, on_tick=self._after_tick, cameras=cameras)
        self.fixtures = {spec.name: FixtureBody(bullet, spec) for spec in layout.fixtures}
        self.walkers: dict[str, Walker] = {}
        self._partners = [f for f in self.fixtures.values() if "person" in f.spec.kinds]
        self.robot.people = self._people
        self.after_tick: list[Callable[[], None]] = []
        """Called after every tick, when the home's own processes have run: for a referee, not for a robot."""
        self._with_button = [f for f in self.fixtures.values() if f.spec.button is not None]
        self.items: dict[str, ItemBody] = {}
        self.fill: dict[str, float] = {}
        self._wiped = {
            name: WipeGrid(body.spec.wipe_patch.size)
            for name, body in self.fixtures.items()
            if body.spec.wipe_patch is not None
        }
        self._poured: set[tuple[str, str]] = set()
        self._owner = {body.body: name for name, body in self.fixtures.items()}
        self._reports: dict[str, tuple[tuple[float, float, bool], Fixture]] = {}
        self._add_floor(layout)

    def _add_floor(self, layout: Layout) -> None:
        x0, y0, x1, y1 = layout.floor
        half = [(x1 - x0) / 2, (y1 - y0) / 2, 0.05]
        bullet = self.bullet
        shape = bullet.createCollisionShape(bullet.GEOM_BOX, halfExtents=half)
        seen = bullet.createVisualShape(bullet.GEOM_BOX, halfExtents=half, rgbaColor=[0.80, 0.78, 0.74, 1])
        body = bullet.createMultiBody(0, shape, seen, basePosition=[(x0 + x1) / 2, (y0 + y1) / 2, -0.05])
        bullet.changeDynamics(body, -1, lateralFriction=0.7)

    def add_item(self, name: str, category: str, T_world_item: Array) -> None:
        """Create an item at a pose."""
        kind = self.catalogue.categories[category]
        body = ItemBody(self.bullet, name, category, kind)
        body.move_to(T_world_item)
        self.items[name] = body
        self._owner[body.body] = name
        is_full = "pourable" in kind.attributes and "receptacle" not in kind.attributes
        self.fill[name] = 1.0 if is_full else 0.0

    def add_person(
        self,
        name: str,
        way: Sequence[Sequence[float]],
        *,
        speed: float = WALKING_SPEED,
        start_s: float | None = None,
    ) -> None:
        """Let a person walk through the home; see `Walker`. They set off now unless `start_s` says when."""
        start = self.robot.time_s if start_s is None else start_s
        walker = Walker(self.bullet, self.robot.body, name, way, speed=speed, start_s=start)
        self.walkers[name] = walker
        self.robot.person_bodies.add(walker.body)

    def _people(self) -> tuple[TrackedPerson, ...]:
        now_s = self.robot.time_s
        standing = (partner(f.spec.name, f, now_s) for f in self._partners)
        return (*standing, *(w.report(now_s) for w in self.walkers.values()))

    def forget_deeds(self) -> None:
        """Count wiping and pouring from now on; everything else stays as it is."""
        for grid in self._wiped.values():
            grid.cells[:] = False
        self._poured.clear()

    def state(self) -> WorldState:
        """Return the truth now."""
        held, contacts = self._touching()
        return WorldState(
            time_s=self.robot.time_s,
            items={n: b.report(filled_fraction=self.fill[n]) for n, b in self.items.items()},
            fixtures={n: self._fixture(n) for n in self.fixtures},
            held=frozenset(held),
            contacts=frozenset(contacts),
            poured=frozenset(self._poured),
        )

    def _fixture(self, name: str) -> Fixture:
        body = self.fixtures[name]
        wiped = self._wiped[name].fraction if name in self._wiped else 0.0
        key = (body.position, wiped, body.is_on)
        cached = self._reports.get(name)
        if cached is None or cached[0] != key:
            cached = (key, body.report(wiped_fraction=wiped))
            self._reports[name] = cached
        return cached[1]

    def _touching(self) -> tuple[set[str], set[tuple[str, str]]]:
        held, contacts = set(), set()
        for name, item in self.items.items():
            pads, is_borne = set(), False
            for point in self.bullet.getContactPoints(bodyA=item.body):
                if point[8] > TOUCHING:
                    continue
                if point[2] == self.robot.body:
                    pads.add(point[4])
                elif point[7][2] > UPWARD:
                    is_borne = True
                    if point[2] in self._owner:
                        contacts.add((name, self._owner[point[2]]))
            if not is_borne and pads.issuperset(self.robot.fingers):
                held.add(name)
        return held, contacts

    def _after_tick(self) -> None:
        for walker in self.walkers.values():
            walker.move(self.robot.time_s)
        for fixture in self._with_button:
            fixture.update_button()
        if self.robot.tick % WIPE_TICKS == 0:
            self._wipe()
        self._pour()
        for look in self.after_tick:
            look()

    def _wipe(self) -> None:
        for item in self.items.values():
            if "cleaning" not in item.category.attributes:
                continue
            touched = {p[2] for p in self.bullet.getContactPoints(bodyA=item.body) if p[8] <= TOUCHING}
            for name, grid in self._wiped.items():
                body = self.fixtures[name]
                patch = body.spec.wipe_patch
                if body.body in touched and patch is not None:
                    T_world_patch = body.world_region(patch, moves=False).T_world_region
                    grid.touch(inverse(T_world_patch) @ item.pose(), item.category.size)

    def _pour(self) -> None:
        for name, item in self.items.items():
            if self.fill[name] <= 0.0 or "pourable" not in item.category.attributes:
                continue
            T_world_item = item.pose()
            if not is_pouring(T_world_item):
                continue
            lost = min(self.fill[name], self.robot.limits.tick_s / POUR_S)
            self.fill[name] -= lost
            target = receiver_below(T_world_item, item.category.size, self._openings(name))
            if target is not None:
                self._poured.add((name, target))
                if target in self.fill:
                    self.fill[target] = min(1.0, self.fill[target] + lost)

    def _openings(self, source: str) -> dict[str, Opening]:
        found = {}
        for name, item in self.items.items():
            if name != source and "receptacle" in item.category.attributes:
                opening = item_opening(name, item.pose(), item.category.size)
                if opening is not None:
                    found[name] = opening
        for name, fixture in self.fixtures.items():
            if fixture.spec.kinds & {"sink", "bin"}:
                found[name] = region_opening(name, fixture.world_region(fixture.spec.region, moves=False))
        return found

    def move_item(self, name: str, T_world_item: Array) -> None:
        """Disturb: put an item somewhere else, at rest."""
        self.items[name].move_to(T_world_item)
        self._wake()

    def set_joint(self, fixture: str, position: float) -> None:
        """Disturb: put a door or drawer at a joint position, [m] or [rad]."""
        self.fixtures[fixture].set_position(position)
        self._wake()

    def loosen_grip(self, ticks: int) -> None:
        """Disturb: the hand holds with no force for so many ticks."""
        self.robot.loosen_grip(ticks)

    def save(self) -> SavedWorld:
        """Return the next moment at which `restore` is exact, one tick from now; free it with `forget`.

        Bullet does not store how long a body has been at rest, so everything is woken before and after.
        Nor does it keep the order of contacts between a dish and several walls near it: a plate or bowl in
        the sink or the bin continues to within a micrometre, everything else bit for bit.
        """
        self._wake()
        self.robot.command(Command())
        self._wake()
        return SavedWorld(physics=int(self.bullet.saveState()), memory=self.memory)

    @property
    def memory(self) -> WorldMemory:
        """Return what physics does not store."""
        return WorldMemory(
            robot=self.robot.memory,
            latches={n: b.latch for n, b in self.fixtures.items()},
            fill=dict(self.fill),
            wiped={n: g.cells.copy() for n, g in self._wiped.items()},
            poured=frozenset(self._poured),
        )

    def restore(self, saved: SavedWorld) -> None:
        """Return to a saved moment."""
        self.bullet.restoreState(stateId=saved.physics)
        self.restore_memory(saved.memory)

    def restore_memory(self, memory: WorldMemory) -> None:
        """Put back what `memory` returned, after the physics."""
        self._wake()
        self.robot.restore_memory(memory.robot)
        for name, latch in memory.latches.items():
            self.fixtures[name].restore_latch(latch)
        self.fill = dict(memory.fill)
        for name, cells in memory.wiped.items():
            self._wiped[name].cells = np.array(cells, dtype=np.bool_)
        self._poured = set(memory.poured)

    def _wake(self) -> None:
        for item in self.items.values():
            item.wake()
        for fixture in self.fixtures.values():
            fixture.wake()

    def forget(self, saved: SavedWorld) -> None:
        """Free the memory of a saved moment."""
        self.bullet.removeState(saved.physics)

    def close(self) -> None:
        """End the simulation."""
        self.bullet.close()
