"""Room planner: executor, filter and driver as on a robot, each in a process, and a log that outlives them.

The joints follow exactly and write down what they were told. The referee reads that log afterwards; it knows
the published table, and nothing of the three.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import numpy as np

from robots import Array, Command
from robots.command_gate import CommandGate
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from safety.motion.tick_filter import planning_limits
from safety.realtime import Links, RealtimeProcesses, RealtimeRobot
from skills.motion.whole_body import body_limits, time_path

from .logged_robot import Log, LoggedRobot

DT = PANDA_LIMITS.tick_s
HOME = np.concatenate([ARM_HOME, np.zeros(3)])
LONGEST_S = 30.0
"""Longest wait for a process, [s]."""
WAYPOINTS = 4
ROUNDING = 1.0 + 1e-4
STILL = 1e-9
_PRELOADED = ("planner.faults.process_home",)


@dataclass
class Plant:
    """The processes of one trial."""

    processes: RealtimeProcesses
    executor: BaseProcess
    log: Log
    result: Connection

    def wait_for_motion(self, seconds: float) -> bool:
        """Wait until the joints have moved for so long, [s]; return whether they move now."""
        until_s = time.monotonic() + LONGEST_S
        while time.monotonic() < until_s:
            moving = _steps(self.log.read()).max(axis=1) > STILL
            if moving.sum() * DT >= seconds:
                return bool(moving[-1])
            time.sleep(DT)
        return False

    def wait_for_rest(self) -> None:
        """Wait until the joints have stood for 0.3 s, or nothing is written down any more."""
        until_s = time.monotonic() + LONGEST_S
        while time.monotonic() < until_s:
            last = _steps(self.log.read())[-round(0.3 / DT) :]
            if last.max(initial=0.0) <= STILL:
                return
            time.sleep(DT)

    def told(self) -> tuple[bool, str]:
        """Return whether the executor did all its motions, and what it was refused for; once, at the end."""
        if not self.result.poll(LONGEST_S):
            return False, "the executor says nothing"
        try:
            found = json.loads(self.result.recv_bytes())
        except EOFError:
            return False, "the executor is dead"
        return bool(found["is_done"]), str(found["reason"])


@contextmanager
def plant(seed: int, tries: int = 1) -> Iterator[Plant]:
    """Start everything; the executor begins to move at once.

    Args:
        seed: Decides the motion.
        tries: How often the executor begins again from where the robot stands.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    log = Log(context)
    processes = RealtimeProcesses(partial(LoggedRobot, log), PANDA_LIMITS, context=context)
    result, theirs = context.Pipe(duplex=False)
    arguments = (processes.connection, processes.links, theirs, seed, tries)
    executor = context.Process(target=_execute, args=arguments)
    executor.start()
    processes.connection.close()
    theirs.close()
    try:
        yield Plant(processes, executor, log, result)
    finally:
        executor.kill()
        executor.join()
        executor.close()
        result.close()
        processes.close()


def violations(log: Array) -> tuple[str, ...]:
    """Return where a log is outside the published table, one clause a rule.

    Args:
        log: Time, [s], and targets, shape (n, 11), one row a control period.
    """
    q = np.vstack([HOME, HOME, HOME, log[:, 1:]])
    arm, base = PANDA_LIMITS.arm, PANDA_LIMITS.base
    found = []
    for order, rate in enumerate(("velocity", "acceleration", "jerk"), start=1):
        most = np.concatenate([getattr(arm, rate), getattr(base, rate)])
        share = float((np.abs(np.diff(q, n=order, axis=0)) / DT**order / most).max(initial=0.0))
        if not share <= ROUNDING:
            found.append(f"{rate} {share:.3f} of its limit")
    lower, upper = (np.concatenate([getattr(p, side) for p in (arm, base)]) for side in ("lower", "upper"))
    if not ((q >= lower) & (q <= upper)).all():
        found.append("position outside its limits")
    return tuple(found)


def last_motion_s(log: Array) -> float:
    """Return when the joints were last told to move, [s] of the monotonic clock."""
    moving = np.flatnonzero(_steps(log).max(axis=1) > STILL)
    return float(log[moving[-1], 0]) if len(moving) else -np.inf


def stopping_s(log: Array, at_s: float) -> float:
    """Return how long the hardest stop takes from the motion at a time, [s]."""
    gate = CommandGate(PANDA_LIMITS, HOME[:7], HOME[7:])
    for row in log[log[:, 0] <= at_s][-4:]:
        gate.accept(row[1:])
    ticks = 0
    while not gate.is_at_rest:
        gate.accept(gate.braked())
        ticks += 1
    return ticks * DT


def lateness_s(log: Array) -> float:
    """Return by how much the driver's longest control period was too long, [s]."""
    return float(np.diff(log[:, 0]).max(initial=DT)) - DT


def _steps(log: Array) -> Array:
    """Return by how much each axis was told to move in each control period, shape (n, 10)."""
    return np.abs(np.diff(np.vstack([HOME, log[:, 1:]]), axis=0))


def _execute(connection: Connection, links: Links, result: Connection, seed: int, tries: int) -> None:
    """Be an executor: drive a motion, and begin again from where the robot stands, as often as allowed."""
    robot, rng = RealtimeRobot(connection, links, PANDA_LIMITS, "logged"), np.random.default_rng(seed)
    is_done, reason = False, ""
    for _ in range(tries):
        found = robot.begin_step(LONGEST_S).violations or _drive(robot, rng)
        is_done, reason = not found, "; ".join(map(str, found)) or reason
        robot.stop()
        if is_done:
            break
    with result:
        result.send_bytes(json.dumps({"is_done": is_done, "reason": reason}).encode())


def _drive(robot: RealtimeRobot, rng: np.random.Generator) -> tuple[object, ...]:
    """Drive through random places; return why the robot would not, or nothing."""
    seen = robot.observe()
    way = [np.concatenate([seen.q_arm, seen.base])]
    for _ in range(WAYPOINTS):
        there = HOME.copy()
        there[:7] += rng.uniform(-1, 1, 7) * np.array([1.2, 0.3, 0.5, 0.3, 0.5, 0.3, 0.8])
        there[7:9] += rng.uniform(-0.6, 0.6, 2)
        there[9] += rng.uniform(-0.8, 0.8)
        way.append(there)
    limits = body_limits(planning_limits(PANDA_LIMITS))
    for q in time_path(np.array(way), limits, tick_s=DT, speed=0.9):
        report = robot.command(Command(q_arm=q[:7], base=q[7:]))
        if report.was_refused:
            return report.violations
    return ()
