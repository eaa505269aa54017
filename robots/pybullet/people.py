"""Room robots: people in the simulated home: who walks on a script, and what a tracker says of everybody.

A walker is an upright body that is moved along way points, whatever is in the way: it goes through furniture
and things, and touches the robot alone. Where it is follows from the robot's clock, so a saved world needs no
more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from robots.arrays import Array, frozen
from robots.robot import TrackedPerson

from .client import BulletClient
from .fixture_body import FixtureBody

WALKING_SPEED = 1.6
"""[m/s]. Source: ISO 13855, approach speed of the whole body."""
RADIUS, HEIGHT = 0.25, 1.70
"""Of a person's body, [m]: our own choice, shoulders included."""
PARTNER_X = 0.56
"""Where the person of a hand-over place stands in its frame, [m]; see `furniture.person`."""
TRACKER_S = 1.0 / 30.0
"""Period of the person tracker, [s]."""


class Walker:
    """One person who walks from way point to way point, and stands at the last."""

    def __init__(
        self,
        bullet: BulletClient,
        robot: int,
        name: str,
        way: Sequence[Sequence[float]],
        *,
        speed: float = WALKING_SPEED,
        start_s: float = 0.0,
    ) -> None:
        """Create the body at the first way point.

        Args:
            bullet: The physics world.
            robot: Body number of the robot, the only thing that the walker touches.
            name: How the tracker calls them.
            way: x, y in the world frame, [m], two points at least.
            speed: On the whole way, [m/s].
            start_s: Robot clock when they set off, [s].
        """
        if len(way) < 2 or not speed > 0.0:
            raise ValueError(f"a walk needs two points and a speed above 0, not {len(way)} and {speed}")
        self.name = name
        self._bullet = bullet
        self._way = np.array(way, dtype=np.float64)  # (n, 2)
        self._speed, self._start_s = speed, start_s
        legs = np.linalg.norm(np.diff(self._way, axis=0), axis=1)
        self._lengths = np.concatenate([[0.0], np.cumsum(legs)])
        self.body = _body(bullet)
        for link in range(-1, int(bullet.getNumJoints(robot))):
            bullet.setCollisionFilterPair(self.body, robot, -1, link, 1)
        self.move(0.0)

    def place(self, time_s: float) -> Array:
        """Return x, y at a robot clock, [m], shape (2,)."""
        walked = np.clip((time_s - self._start_s) * self._speed, 0.0, self._lengths[-1])
        return np.array([np.interp(walked, self._lengths, column) for column in self._way.T])

    def velocity(self, time_s: float) -> Array:
        """Return the velocity at a robot clock, [m/s], shape (2,)."""
        return (self.place(time_s + 1e-3) - self.place(time_s)) / 1e-3

    def move(self, time_s: float) -> None:
        """Put the body where it is at a robot clock."""
        x, y = (float(v) for v in self.place(time_s))
        vx, vy = (float(v) for v in self.velocity(time_s))
        self._bullet.resetBasePositionAndOrientation(self.body, [x, y, HEIGHT / 2], [0, 0, 0, 1])
        self._bullet.resetBaseVelocity(self.body, [vx, vy, 0.0], [0, 0, 0])

    def report(self, time_s: float) -> TrackedPerson:
        """Return what a tracker saw at its newest frame."""
        seen_s = np.floor(time_s / TRACKER_S + 1e-6) * TRACKER_S
        return TrackedPerson(
            name=self.name,
            p_world=frozen(self.place(seen_s)),
            velocity=frozen(self.velocity(seen_s)),
            radius=RADIUS,
            height=HEIGHT,
            is_partner=False,
            seen_at_s=float(seen_s),
        )


def partner(name: str, fixture: FixtureBody, time_s: float) -> TrackedPerson:
    """Return the person who stands at a hand-over place."""
    x, y, yaw = fixture.spec.at
    at = np.array([x + PARTNER_X * np.cos(yaw), y + PARTNER_X * np.sin(yaw)])
    return TrackedPerson(
        name=name,
        p_world=frozen(at),
        velocity=frozen(np.zeros(2)),
        radius=RADIUS,
        height=HEIGHT,
        is_partner=True,
        seen_at_s=time_s,
    )


def _body(bullet: BulletClient) -> int:
    """Create an upright cylinder that looks like legs, shirt and head."""
    solid = bullet.createCollisionShape(bullet.GEOM_CYLINDER, radius=RADIUS, height=HEIGHT)
    parts = (
        (bullet.GEOM_CYLINDER, 0.13, 0.85, -0.425, (0.16, 0.17, 0.20, 1.0)),
        (bullet.GEOM_CYLINDER, 0.20, 0.60, 0.30, (0.75, 0.30, 0.15, 1.0)),
        (bullet.GEOM_SPHERE, 0.12, 0.0, 0.73, (0.85, 0.68, 0.55, 1.0)),
    )
    seen = bullet.createVisualShapeArray(
        shapeTypes=[p[0] for p in parts],
        radii=[p[1] for p in parts],
        lengths=[p[2] for p in parts],
        visualFramePositions=[[0.0, 0.0, p[3]] for p in parts],
        rgbaColors=[p[4] for p in parts],
    )
    body = int(bullet.createMultiBody(0.0, solid, seen, basePosition=[0, 0, HEIGHT / 2]))
    bullet.setCollisionFilterGroupMask(body, -1, 0, 0)
    return body
