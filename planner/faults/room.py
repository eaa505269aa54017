"""Room planner: an empty room with a guarded robot that is sent motions: for faults that need no home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from robots import Array
from robots.catalogue import load_catalogue
from robots.pybullet import CameraModel, Layout, PybulletKitchen
from robots.pybullet.client import BulletClient
from robots.pybullet.referee import Referee
from safety.motion import GuardedRobot
from skills.motion.whole_body import body_limits, time_path

WAYPOINTS = 4


@dataclass(frozen=True)
class Room:
    """A robot, its guard, and who watches."""

    kitchen: PybulletKitchen
    guard: GuardedRobot
    referee: Referee

    @property
    def now_s(self) -> float:
        """Return the robot clock, [s]."""
        return self.kitchen.robot.time_s

    @property
    def here(self) -> Array:
        """Return the configuration, shape (10,)."""
        now = self.kitchen.robot.observe()
        return np.concatenate([now.q_arm, now.base])

    def findings(self) -> tuple[str, ...]:
        """Return what the referee saw, one clause each."""
        return tuple(
            f"{f.rule} of {f.subject}: {f.measured:.3g}, allowed {f.allowed:.3g}"
            for f in self.referee.findings
        )

    def motion(self, rng: np.random.Generator) -> Array:
        """Return a motion from rest to rest within the limits, one configuration (10,) per tick."""
        way = [self.here]
        for _ in range(WAYPOINTS):
            there = np.array(way[0])
            there[:7] += rng.uniform(-1, 1, 7) * np.array([1.2, 0.3, 0.5, 0.3, 0.5, 0.3, 0.8])
            there[7:9] += rng.uniform(-0.6, 0.6, 2)
            there[9] += rng.uniform(-0.8, 0.8)
            way.append(there)
        return time_path(np.array(way), body_limits(self.guard.limits), tick_s=self.guard.limits.tick_s)


@contextmanager
def empty_room() -> Iterator[Room]:
    """Build the room and end its simulation."""
    kitchen = PybulletKitchen(
        BulletClient(),
        layout=Layout(name="empty", fixtures=(), floor=(-8.0, -8.0, 8.0, 8.0)),
        catalogue=load_catalogue(),
        base=(0.0, 0.0, 0.0),
        cameras={"head": CameraModel()},
    )
    try:
        yield Room(kitchen, GuardedRobot(kitchen.robot), Referee(kitchen))
    finally:
        kitchen.close()
