"""Room planner: rows for processes that are killed, frozen or starved while a robot moves in real time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from robots import Array
from robots.panda import PANDA_LIMITS
from safety.realtime import LEASE_S

from .process_home import DT, ROUNDING, Plant, last_motion_s, lateness_s, plant, stopping_s, violations
from .trial import Row, Trial

BURNERS, TRIES = 4, 12
"""Processes that do nothing but compute beside a motion, and how often the motion may begin anew."""
REFUSALS = ("supervisor_answers", "driver_is_armed", "_keeps_up", "state_is_fresh")
"""What an executor is told that lost its filter or its driver, or was too slow for them."""
AFTER_S = 0.3
"""So long a frozen filter that goes on is watched, [s]."""
LATCHED_S = 2.0
"""A driver that has no lease says so within so long, on a busy machine too, [s]."""


def _signalled(rng: np.random.Generator, whom: str, what: signal.Signals) -> Trial:
    """Send a signal to a process at a random moment of a motion."""
    moment_s = float(rng.uniform(0.1, 1.5))
    with plant(int(rng.integers(2**31)), TRIES) as home:
        if not home.wait_for_motion(moment_s):
            return Trial(injected="", ending="passed", reason="the robot did not move then")
        process = home.executor if whom == "executor" else home.processes.filter
        assert process.pid is not None
        at_s = time.monotonic()
        os.kill(process.pid, what)
        home.wait_for_rest()
        log = home.log.read()
        unsafe = [*violations(log), *_too_fast(log), *_late(log, at_s)]
        if what == signal.SIGSTOP:
            unsafe += _goes_on(home, process.pid)
        if whom == "supervisor":
            unsafe += _not_latched(home)
        _, reason = home.told() if whom != "executor" else (False, "")
    return Trial(
        injected=f"{what.name} to the {whom} after {moment_s:.2f} s of motion",
        ending="stopped" if reason else "passed",
        reason=reason,
        unsafe=tuple(unsafe),
        is_explained=whom == "executor" or any(rule in reason for rule in REFUSALS),
        reaction_s=round(max(0.0, last_motion_s(log) - at_s), 4),
        measured={
            "stopping_s": round(stopping_s(log, at_s), 4),
            "lateness_s": round(_behind_s(log, at_s), 4),
        },
    )


def _late(log: Array, at_s: float) -> list[str]:
    """Return whether the joints moved longer than lease, hardest stop and the driver's own delay allow."""
    took_s = last_motion_s(log) - at_s
    allowed_s = LEASE_S + stopping_s(log, at_s) + _behind_s(log, at_s) + 2 * DT
    return [] if took_s <= allowed_s else [f"moved {took_s:.3f} s longer, allowed {allowed_s:.3f} s"]


def _behind_s(log: Array, at_s: float) -> float:
    """Return by how much all control periods from the injection to rest together were too long, [s]."""
    is_between = (log[1:, 0] > at_s) & (log[:-1, 0] < last_motion_s(log))
    return float(np.maximum(np.diff(log[:, 0])[is_between] - DT, 0.0).sum())


def _too_fast(log: Array) -> list[str]:
    """Return whether a joint was told to be too fast by the clock on the wall.

    `violations` counts control periods, as an arm does that paces its driver itself; an arm that takes each
    target when it comes would follow two of them that come at once with twice the speed.
    """
    most = np.concatenate([PANDA_LIMITS.arm.velocity, PANDA_LIMITS.base.velocity])
    speeds = np.abs(np.diff(log[:, 1:], axis=0)) / np.diff(log[:, :1], axis=0)
    share = float((speeds / most).max(initial=0.0))
    return [] if share <= ROUNDING else [f"{share:.2f} of a speed limit by the clock on the wall"]


def _goes_on(home: Plant, pid: int) -> list[str]:
    """Let a frozen filter go on; nothing may move before a person arms the driver."""
    woken_s = time.monotonic()
    os.kill(pid, signal.SIGCONT)
    time.sleep(AFTER_S)
    return ["moved again without being armed"] if last_motion_s(home.log.read()) > woken_s else []


def _not_latched(home: Plant) -> list[str]:
    """Return whether the driver would move for whoever asks; the executor has mostly given up by then."""
    until_s = time.monotonic() + LATCHED_S
    while time.monotonic() < until_s:
        state = home.processes.links.state()
        if state is not None and state.is_latched:
            return []
        time.sleep(DT)
    return ["the driver is not latched although its lease ran out"]


def _executor_killed(rng: np.random.Generator) -> Trial:
    return _signalled(rng, "executor", signal.SIGKILL)


def _supervisor_killed(rng: np.random.Generator) -> Trial:
    return _signalled(rng, "supervisor", signal.SIGKILL)


def _supervisor_frozen(rng: np.random.Generator) -> Trial:
    return _signalled(rng, "supervisor", signal.SIGSTOP)


def _overload(rng: np.random.Generator) -> Trial:
    """Starve all three of computing time during a motion."""
    with plant(int(rng.integers(2**31)), TRIES) as home:
        home.wait_for_motion(float(rng.uniform(0.1, 0.5)))
        with _burning():
            is_done, reason = home.told()
            home.wait_for_rest()
        log = home.log.read()
    return Trial(
        injected=f"{BURNERS} processes that compute, on {os.cpu_count()} cores",
        ending="succeeded" if is_done else "stopped",
        reason="" if is_done else reason,
        unsafe=(*violations(log), *_too_fast(log)),
        is_explained=is_done or any(rule in reason for rule in REFUSALS),
        measured={"lateness_s": round(lateness_s(log), 4), "finished": float(is_done)},
    )


@contextmanager
def _burning() -> Iterator[None]:
    context = multiprocessing.get_context("forkserver")
    burners = [context.Process(target=_burn) for _ in range(BURNERS)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.join()
            burner.close()


def _burn() -> None:
    while os.getppid() != 1:
        sum(range(100_000))


PROCESS_ROWS: tuple[Row, ...] = (
    Row(
        name="executor-killed", group="processes", injection="SIGKILL in mid-motion",
        expected="the filter brakes, the driver's lease ends", inject=_executor_killed, reaction="at rest",
        needs_processes=True,
    ),
    Row(
        name="supervisor-killed", group="processes", injection="SIGKILL of the filter in mid-motion",
        expected="the driver brakes and latches", inject=_supervisor_killed, reaction="at rest",
        needs_processes=True,
    ),
    Row(
        name="supervisor-frozen", group="processes", injection="SIGSTOP of the filter, SIGCONT at rest",
        expected="the driver brakes and latches; nothing moves again", inject=_supervisor_frozen,
        reaction="at rest", needs_processes=True,
    ),
    Row(
        name="overload", group="processes", injection="four processes that compute beside a motion",
        expected="inside the limits; goes on, or stops and says so", inject=_overload, needs_processes=True,
    ),
)  # fmt: skip
"""What stops a robot when a process of its planner is gone."""
