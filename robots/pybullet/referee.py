"""Room robots: the referee: what physically happened, read from the simulator after every tick.

It asks Bullet for joints, contacts and distances, and neither driver nor supervisor for what they meant.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from robots.arrays import Array
from robots.panda import PANDA_LIMITS

from .kitchen import PybulletKitchen

ROUNDING = 1.0 + 1e-3
"""Slack on the published table: Bullet's solver stops short of exactness."""
STILL = 0.01
"""Below this a robot counts as standing, [m/s] of its fastest link: a held posture trembles a little."""
BLOW_N, BLOW_TICKS = 150.0, 2
"""An impact on arm or base: more force than this for so many ticks in a row, [N]; leaning stays below it."""
PUSHED_M, FREE_M = 0.03, 0.3
"""A person so near moves the robot by walking on, [m]: two ticks at 1.6 m/s; and one so far does no more. A
walker has no end of force: what a robot does that stood when they came is then not its own doing."""
NEAR_PARTNER, HAND_OVER_SPEED = 1.0, 0.25
"""Within this of a partner, [m], the hand moves at most so fast, [m/s]."""
SPEED_SLACK = 0.03
"""Speeds are measured, and an arm trembles where it brakes, [m/s]."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that must not happen, and did."""

    rule: str
    time_s: float
    subject: str
    measured: float
    allowed: float


class Referee:
    """Watches a home from the moment it is made."""

    def __init__(self, kitchen: PybulletKitchen) -> None:
        """Begin to watch."""
        self._kitchen = kitchen
        self._bullet, self._body = kitchen.bullet, kitchen.robot.body
        infos = [
            self._bullet.getJointInfo(self._body, j) for j in range(self._bullet.getNumJoints(self._body))
        ]
        number = {info[1].decode(): int(info[0]) for info in infos}
        self._arm = [number[f"panda_joint{i}"] for i in range(1, 8)]
        self._base = [number[f"base_{axis}_joint"] for axis in ("x", "y", "yaw")]
        self._hands = {number["panda_hand_joint"], *kitchen.robot.fingers}
        self._hand = number["panda_hand_joint"]
        self._links = [*self._arm, self._hand, self._base[-1]]
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self.smallest_gap = np.inf
        """Between the robot and a walking person, [m]."""
        self.smallest_moving_gap = np.inf
        """The same while the robot moved, [m]."""
        self.largest_force = 0.0
        """On arm or base, from anything, [N]."""
        self.speed = 0.0
        """Of the robot's fastest link, [m/s]; from the moment before when somebody pushes it now."""
        self._is_displaced = False
        """Whether a person walked into the robot, and it may not be back since."""
        self._blows = 0
        self._marked_s: float | None = None
        self.still_s: float | None = None
        """How long after the mark the robot stood, [s]."""
        kitchen.after_tick.append(self._look)

    def mark(self) -> None:
        """Measure from now how long it takes until the robot stands."""
        self._marked_s, self.still_s = self._kitchen.robot.time_s, None
        self._moved_s = self._marked_s

    @property
    def reaction_s(self) -> float:
        """Return how long after the mark the robot moved last, [s]."""
        return 0.0 if self._marked_s is None else max(0.0, self._moved_s - self._marked_s)

    def _look(self) -> None:
        states = self._bullet.getJointStates(self._body, [*self._arm, *self._base])
        q, dq = (np.array([s[i] for s in states]) for i in (0, 1))
        gap = self._gap()
        self.smallest_gap = min(self.smallest_gap, gap)
        self._is_displaced = gap <= PUSHED_M or (self._is_displaced and not self._is_back(gap, q))
        if not self._is_displaced:
            self._limits(q, dq)
            self.speed = self._speed()
        if self.speed > STILL:
            self._moved_s = self._kitchen.robot.time_s
            self.smallest_moving_gap = min(self.smallest_moving_gap, gap)
        self._contacts(self.speed)
        self._hand_over()

    def _is_back(self, gap: float, q: Array) -> bool:
        """Return whether nobody pushes any more, and every joint is back inside its limits."""
        parts = ((PANDA_LIMITS.arm, q[:7]), (PANDA_LIMITS.base, q[7:]))
        return gap > FREE_M and all(((v >= p.lower) & (v <= p.upper)).all() for p, v in parts)

    def _limits(self, q: Array, dq: Array) -> None:
        for part, values, rates in ((PANDA_LIMITS.arm, q[:7], dq[:7]), (PANDA_LIMITS.base, q[7:], dq[7:])):
            shares = np.abs(rates) / part.velocity
            if not (shares <= ROUNDING).all():
                self._find("velocity", f"axis {int(shares.argmax()) + 1}", float(shares.max()), 1.0)
            half = (part.upper - part.lower) / 2
            places = np.abs(values - (part.upper + part.lower) / 2) / half
            if not (places <= ROUNDING).all():
                self._find("position", f"axis {int(places.argmax()) + 1}", float(places.max()), 1.0)

    def _speed(self) -> float:
        """Return the speed of the fastest link, [m/s]."""
        states = self._bullet.getLinkStates(self._body, self._links, computeLinkVelocity=1)
        return float(max(np.linalg.norm(s[6]) for s in states))

    def _contacts(self, speed: float) -> None:
        people = {w.body for w in self._kitchen.walkers.values()}
        worst = 0.0
        for point in self._bullet.getContactPoints(bodyA=self._body):
            if point[2] in people and point[8] <= 0.0 and speed > STILL:
                self._find("person_was_hit", "contact with a person while moving", speed, STILL)
            if point[2] not in (self._body, *people) and point[3] not in self._hands:
                worst = max(worst, float(point[9]))
        self.largest_force = max(self.largest_force, worst)
        self._blows = self._blows + 1 if worst > BLOW_N and not self._is_displaced else 0
        if self._blows >= BLOW_TICKS:
            self._find("collision", "force on arm or base", worst, BLOW_N)

    def _gap(self) -> float:
        """Return the distance to the nearest walking person, [m]; infinite beyond 3 m."""
        found = (
            float(point[8])
            for walker in self._kitchen.walkers.values()
            for point in self._bullet.getClosestPoints(self._body, walker.body, 3.0)
        )
        return min(found, default=np.inf)

    def _hand_over(self) -> None:
        for person in self._kitchen.robot.people():
            if not person.is_partner:
                continue
            state = self._bullet.getLinkState(self._body, self._hand, computeLinkVelocity=1)
            away = float(np.hypot(*(np.array(state[0][:2]) - person.p_world))) - person.radius
            speed = float(np.linalg.norm(state[6]))
            if away < NEAR_PARTNER and speed > HAND_OVER_SPEED + SPEED_SLACK:
                self._find("hand_is_slow_near_partner", person.name, speed, HAND_OVER_SPEED)

    def _find(self, rule: str, subject: str, measured: float, allowed: float) -> None:
        self.counts[rule] += 1
        if self.counts[rule] <= 5:
            time_s = self._kitchen.robot.time_s
            self.findings.append(
                Finding(rule=rule, time_s=time_s, subject=subject, measured=measured, allowed=allowed)
            )
