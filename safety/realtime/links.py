"""Room safety: what executor, filter and driver share: targets in, states out, the lease, the arming.

    executor --requests, replies--> filter --targets, lease--> driver --state--> filter, executor

Only the driver decides whether a target is driven. It leaves the path when there is no next target, when one
breaks a limit, or when the lease has run out; every time it does, an epoch ends, and what was queued in it
is void.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext

import numpy as np

from robots import Array, Observation, TrackedPerson

from .board import Board
from .lease import Lease

QUEUE = 6
"""Targets that wait at the driver at most: 50 ms, so that a late process is no jerk at the joint."""
_SLOTS = 16
PEOPLE = 6
"""People who are passed on at most: the nearest to the robot's axis."""
_TARGET, _BODY, _PERSON = 14, 39, 8


@dataclass(frozen=True)
class Target:
    """What the joints are told for one control period."""

    epoch: int
    sequence: int
    q: Array
    """Arm and base, shape (10,)."""
    width: float
    """Of the gripper, [m]; nan leaves it."""
    force: float


@dataclass(frozen=True)
class State:
    """What the driver knows."""

    time_s: float
    """When the sample of the joints was taken, monotonic clock, [s]."""
    epoch: int
    consumed: int
    """Sequence number of the last target that was taken."""
    is_latched: bool
    """Whether the lease ran out and nobody armed the driver again."""
    is_at_rest: bool
    told: Array
    """What the joints were told last, shape (10,)."""
    q: Array
    """Where they are, shape (10,)."""
    dq: Array
    gripper: tuple[float, float]
    """Width, [m], and force on the pads, [N]."""
    forces: tuple[float, float]
    """Contact forces on the robot and on its hand, [N]."""
    people: tuple[TrackedPerson, ...] = ()
    """At most `PEOPLE`; seen by the monotonic clock."""

    def observation(self) -> Observation:
        """Return it as skills know it."""
        return Observation(
            time_s=self.time_s, q_arm=self.q[:7], dq_arm=self.dq[:7], base=self.q[7:],
            base_velocity=self.dq[7:], gripper_width=self.gripper[0], gripper_force=self.gripper[1],
            external_force=self.forces[0], hand_force=self.forces[1], people=self.people,
        )  # fmt: skip


class Links:
    """Everything that the three processes share; made before them, and given to each as it starts."""

    def __init__(self, context: BaseContext) -> None:
        """Make them empty."""
        self.lease = Lease(context)
        self._state = Board(context, _BODY + PEOPLE * _PERSON)
        self._targets = [Board(context, _TARGET) for _ in range(_SLOTS)]
        self._armed = context.RawValue("q", 0)
        self._closing = context.RawValue("b", 0)

    def arm(self) -> None:
        """Let the driver move again after its lease ran out: an act of a person."""
        self._armed.value += 1

    @property
    def times_armed(self) -> int:
        """Return how often somebody did."""
        return int(self._armed.value)

    def close(self) -> None:
        """Ask filter and driver to come to rest and end."""
        self._closing.value = 1

    @property
    def is_closing(self) -> bool:
        """Return whether somebody did."""
        return bool(self._closing.value)

    def put(self, target: Target) -> None:
        """Queue a target; the writer sees to it that no more than `QUEUE` wait."""
        record = [target.epoch, target.sequence, *target.q, target.width, target.force]
        self._targets[target.sequence % _SLOTS].write(np.array(record))

    def take(self, epoch: int, sequence: int) -> Target | None:
        """Return a target if it is there and of this epoch."""
        record = self._targets[sequence % _SLOTS].read()
        if record is None or (record[0], record[1]) != (epoch, sequence):
            return None
        return Target(epoch, sequence, record[2:12], float(record[12]), float(record[13]))

    def tell(self, state: State) -> None:
        """Publish the driver's state."""
        head = [state.time_s, state.epoch, state.consumed, state.is_latched, state.is_at_rest]
        body = [*state.told, *state.q, *state.dq, *state.gripper, *state.forces]
        record = np.zeros(_BODY + PEOPLE * _PERSON)
        record[:_BODY] = [*head, *body]
        near = sorted(state.people, key=lambda p: math.dist(p.p_world, state.q[7:9]))[:PEOPLE]
        for index, p in enumerate(near):
            row = [*p.p_world, *p.velocity, p.radius, p.height, p.is_partner, p.seen_at_s]
            record[_BODY + _PERSON * index : _BODY + _PERSON * (index + 1)] = row
        self._state.write(record)

    def state(self) -> State | None:
        """Return the newest state; None before there is one."""
        r = self._state.read()
        if r is None:
            return None
        return State(
            time_s=float(r[0]), epoch=int(r[1]), consumed=int(r[2]), is_latched=bool(r[3]),
            is_at_rest=bool(r[4]), told=r[5:15], q=r[15:25], dq=r[25:35],
            gripper=(float(r[35]), float(r[36])), forces=(float(r[37]), float(r[38])),
            people=tuple(_people(r[_BODY:].reshape(PEOPLE, _PERSON))),
        )  # fmt: skip


def _people(rows: Array) -> Iterator[TrackedPerson]:
    """Yield the people of a record: a row without a radius is nobody."""
    for number, (x, y, vx, vy, radius, height, is_partner, seen_at_s) in enumerate(rows, start=1):
        if radius > 0.0:
            yield TrackedPerson(
                name=f"person {number}", p_world=np.array([x, y]), velocity=np.array([vx, vy]),
                radius=float(radius), height=float(height), is_partner=bool(is_partner),
                seen_at_s=float(seen_at_s),
            )  # fmt: skip
