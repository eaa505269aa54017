"""A million hostile ticks: does anything outside the Panda's published table happen in the simulator?

    python benchmarks/adversarial_ticks.py --ticks 1000000 --json benchmarks/results/adversarial_ticks.json

A bare simulated robot stands behind the guard and is sent random targets, ten times too large steps, NaN,
infinity, alternating extremes, full speed at the limits, plausible motion that suddenly jumps, and nonsense
for the gripper. Shards with other seeds can run side by side. The referee is this file: after every tick it
reads positions and velocities from Bullet, and it differentiates what the motors were told; it shares no code
with the filter.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress

from robots import Array, Command, CommandReport, RobotProxy
from robots.mobile_base import ARM_HOME
from robots.pybullet.client import BulletClient
from robots.pybullet.panda_robot import PybulletRobot
from safety.motion import GuardedRobot

# The table again, from the manufacturer's page and not from our code.
UPPER = np.array([2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973])
LOWER = np.array([-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973])
VELOCITY = np.array([2.1750, 2.1750, 2.1750, 2.1750, 2.6100, 2.6100, 2.6100])
ACCELERATION = np.array([15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0])
JERK = np.array([7500.0, 3750.0, 5000.0, 6250.0, 7500.0, 10000.0, 10000.0])
DT = 1.0 / 120.0
ROUNDING = 1.0 + 1e-6
EPISODE = 240
"""Ticks with one kind of nonsense."""


class Referee(RobotProxy):
    """Sits between guard and motors, and measures both sides of them."""

    def __init__(self, robot: PybulletRobot, bullet: BulletClient) -> None:
        """Find the arm's joints."""
        super().__init__(robot)
        self._bullet, self._body = bullet, robot.body
        self._joints = [
            j for j in range(bullet.getNumJoints(robot.body))
            if bullet.getJointInfo(robot.body, j)[1].decode().startswith("panda_joint")
        ][:7]  # fmt: skip
        self._told = [np.array(robot.observe().q_arm)] * 4
        self.violations: Counter[str] = Counter()
        self.largest: dict[str, float] = {}

    def command(self, command: Command) -> CommandReport:
        """Pass a tick on, and compare what came of it with the table."""
        report = self._robot.command(command)
        self.violations["the driver refused what the guard let through"] += report.was_refused
        assert report.executed.q_arm is not None
        self._told = [*self._told[1:], np.array(report.executed.q_arm)]
        velocity = np.diff(self._told, axis=0) / DT
        acceleration = np.diff(velocity, axis=0) / DT
        jerk = np.diff(acceleration, axis=0) / DT
        self._compare("commanded velocity", np.abs(velocity[-1]) / VELOCITY)
        self._compare("commanded acceleration", np.abs(acceleration[-1]) / ACCELERATION)
        self._compare("commanded jerk", np.abs(jerk[-1]) / JERK)
        states = self._bullet.getJointStates(self._body, self._joints)
        q, dq = (np.array([s[i] for s in states]) for i in (0, 1))
        self._compare("measured velocity", np.abs(dq) / VELOCITY)
        middle, half = (UPPER + LOWER) / 2, (UPPER - LOWER) / 2
        self._compare("measured position", np.abs(q - middle) / half)
        return report

    def _compare(self, what: str, shares: Array) -> None:
        worst = float(shares.max())
        self.largest[what] = max(self.largest.get(what, 0.0), worst)
        if not worst <= ROUNDING:
            self.violations[what] += 1


def hostile(
    rng: np.random.Generator, guard: GuardedRobot, memory: dict[str, Any]
) -> Iterator[tuple[str, Command]]:
    """Yield one kind of nonsense for some ticks, then another; an emptied memory starts from rest."""
    while True:
        kind = str(rng.choice(sorted(KINDS)))
        memory.clear()
        for tick in range(EPISODE):
            if not memory:
                guard.stop()
                now = guard.observe()
                memory.update(q=np.array(now.q_arm), v=np.zeros(7), b=np.array(now.base), bv=np.zeros(3))
                memory.update(push=rng.choice([-1.0, 1.0], 7), go=np.zeros(3), way=0.0)
                memory.update(hardness=rng.choice([0.3, 0.6, 0.75, 0.9, 1.0]))
            yield kind, KINDS[kind](rng, memory, tick)


def _random(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    return Command(q_arm=rng.uniform(LOWER, UPPER), base=rng.uniform(-2, 2, 3))


def _ten_times(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    state["q"] = state["q"] + 10 * VELOCITY * DT * rng.uniform(-1, 1, 7)
    return Command(q_arm=state["q"])


def _not_numbers(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    q = state["q"].copy()
    q[rng.integers(7)] = rng.choice([np.nan, np.inf, -np.inf, 1e300])
    return Command(q_arm=q, base=np.array([np.nan, 0, 0]) if rng.random() < 0.5 else None)


def _extremes(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    return Command(q_arm=UPPER if tick % 2 else LOWER)


def _within_rates(
    rng: np.random.Generator, state: dict[str, Any], tick: int, towards: float = 0.0
) -> Command:
    """Accelerate as hard as allowed in changing directions: every difference looks fine by itself."""
    if tick % 30 == 0:
        state["push"] = rng.choice([-1.0, 1.0], 7) if towards == 0.0 else np.full(7, towards)
    change = state["push"] * ACCELERATION * DT * state["hardness"] * rng.uniform(0.5, 1.0)
    state["v"] = np.clip(state["v"] + change, -0.95 * VELOCITY, 0.95 * VELOCITY)
    state["q"] = state["q"] + state["v"] * DT
    return Command(q_arm=state["q"])


def _at_the_limits(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    if state["way"] == 0.0:
        state["way"] = float(rng.choice([-1.0, 1.0]))
    return _within_rates(rng, state, tick, towards=state["way"])


def _then_a_jump(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    command = _within_rates(rng, state, tick)
    if rng.random() < 0.05:
        return Command(q_arm=command.q_arm + rng.normal(0, 1, 7))
    return command


def _gripper(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    width = rng.choice([np.nan, -1.0, 5.0, 0.04])
    return Command(gripper_width=width, gripper_force=rng.choice([np.nan, 1e9, 40.0]))


def _driving(rng: np.random.Generator, state: dict[str, Any], tick: int) -> Command:
    if tick % 40 == 0:
        state["go"] = rng.uniform(-1, 1, 3) * np.array([1.5, 1.5, 3.0])
    state["bv"] = np.clip(state["bv"] + state["go"] * DT, -0.9, 0.9)
    state["b"] = state["b"] + state["bv"] * DT
    arm = _within_rates(rng, state, tick)
    return Command(q_arm=arm.q_arm, base=state["b"])


KINDS = {
    "random targets": _random,
    "ten times too far": _ten_times,
    "not numbers": _not_numbers,
    "alternating extremes": _extremes,
    "hard but within rates": _within_rates,
    "full speed at the limits": _at_the_limits,
    "plausible, then a jump": _then_a_jump,
    "gripper nonsense": _gripper,
    "driving and swinging": _driving,
}


def main() -> None:
    """Run and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticks", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    bullet = BulletClient()
    robot = PybulletRobot(bullet, base=(0.0, 0.0, 0.0), on_tick=lambda: None, cameras={})
    robot.place_at_rest(ARM_HOME, np.zeros(3))
    referee = Referee(robot, bullet)
    guard = GuardedRobot(referee)
    kinds: Counter[str] = Counter()
    moved = 0
    began = time.monotonic()
    memory: dict[str, Any] = {}
    stream = hostile(rng, guard, memory)
    with Progress(refresh_per_second=0.1) as bar:
        task = bar.add_task("ticks", total=options.ticks)
        while robot.tick < options.ticks:
            kind, command = next(stream)
            before = robot.tick
            report = guard.command(command)
            kinds[kind] += robot.tick - before
            moved += bool(np.abs(robot.observe().dq_arm).max() > 0.01)
            bar.update(task, completed=robot.tick)
            if not guard.modes.may_move:
                guard.modes.acknowledge()
            if report.was_refused:
                memory.clear()  # go on from where the robot really is
    result = {
        "ticks": robot.tick,
        "commands_during_which_the_arm_moved": moved,
        "violations": dict(referee.violations),
        "violations_in_all": sum(referee.violations.values()),
        "largest_share_of_limit": {k: round(v, 4) for k, v in referee.largest.items()},
        "ticks_by_kind": dict(kinds),
        "rate_bound_95": 1 - 0.05 ** (1 / robot.tick),
        "wall_s": round(time.monotonic() - began, 1),
        "seed": options.seed,
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
