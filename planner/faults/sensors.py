"""Room planner: what the robot says of itself, falsified: a robot proxy that stands under the guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from robots import Array, Observation, Robot, RobotProxy

from .fault import Fault

STATE_AGE_S = 0.05
"""A joint state may be so old and no older when a motor is moved, [s]; shorter gaps need no stop."""
TICK_S = 1.0 / 120.0
"""Ages are seen once a tick, [s]."""
Falsify: TypeAlias = Callable[[Observation], Observation]


class FaultySensors(RobotProxy):
    """Passes commands on, and every observation through whatever faults have put in."""

    def __init__(self, robot: Robot) -> None:
        """Start honest."""
        super().__init__(robot)
        self.lies: list[Falsify] = []

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state, as falsified."""
        seen = self._robot.observe(cameras=cameras)
        for lie in self.lies:
            seen = lie(seen)
        return seen


class JointDropout(Fault):
    """The stream of joint states stops: the last sample is all there is, for a while or for good."""

    words = ("state_is_fresh", "joint state")

    def strike(self) -> None:
        """Keep the newest sample."""
        robot = self.stage.kitchen.robot
        last, began_s = robot.observe(), robot.time_s
        lasts_s = _duration(self)

        def stale(seen: Observation) -> Observation:
            return last if robot.time_s <= began_s + lasts_s else seen

        self.stage.sensors.lies.append(stale)
        self.stage.struck(f"joint states stopped {_for(lasts_s)}", must_stop=lasts_s > STATE_AGE_S + TICK_S)


class JointsCorrupt(Fault):
    """Some joints read as something impossible, for a few samples or for good."""

    words = ("state_is_finite", "state_is_possible", "joint_follows", "joint state")

    def __init__(self, rng: np.random.Generator, kind: str) -> None:
        """Choose "nan", "inf" or "jump"."""
        super().__init__(rng)
        self._kind = kind

    def strike(self) -> None:
        """Corrupt from now on."""
        robot = self.stage.kitchen.robot
        began_s, lasts_s = robot.time_s, _duration(self)
        field = str(
            self.rng.choice(["q_arm", "dq_arm", "base"] if self._kind != "jump" else ["q_arm", "base"])
        )
        axis = int(self.rng.integers(3 if field == "base" else 7))
        sign = float(self.rng.choice([-1.0, 1.0]))

        def wrong(values: Array) -> Array:
            changed = np.array(values)
            changed[axis] = {"nan": np.nan, "inf": sign * np.inf}.get(self._kind, _jumped(values[axis], sign))
            return changed

        def corrupt(seen: Observation) -> Observation:
            if robot.time_s > began_s + lasts_s:
                return seen
            return replace(seen, **{field: wrong(getattr(seen, field))})  # type: ignore[arg-type]  # arrays all

        self.stage.sensors.lies.append(corrupt)
        self.stage.struck(f"axis {axis + 1} of {field} read as {self._kind} {_for(lasts_s)}")


def _jumped(value: float, sign: float) -> float:
    """Return ten times the value, or a radian beside it where that is no jump."""
    return 10.0 * value if abs(value) > 0.1 else value + sign


def _duration(fault: Fault) -> float:
    """Choose how long a sensor fails, [s]: one sample to a second, or for good."""
    if fault.rng.random() < 1 / 3:
        fault.may_recover = False
        return float("inf")
    return float(np.exp(fault.rng.uniform(np.log(0.005), np.log(1.0))))


def _for(seconds: float) -> str:
    return f"for {seconds:.3f} s" if np.isfinite(seconds) else "for good"
