"""The driver alone, on a clock of the test: it moves on a lease, and brakes without one."""

from __future__ import annotations

import math
import multiprocessing

import numpy as np
import pytest

from planner.faults.logged_robot import Log, LoggedRobot
from planner.faults.process_home import HOME, violations
from robots import Array
from robots.panda import PANDA_LIMITS
from safety.realtime import LEASE_S, LeasedDriver, Links, Target
from safety.realtime import lease as lease_module

DT = PANDA_LIMITS.tick_s


class Bench:
    """A driver, its links, and whoever feeds it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        context = multiprocessing.get_context("spawn")
        self.now_s = 100.0
        monkeypatch.setattr(lease_module.time, "monotonic_ns", lambda: round(self.now_s * 1e9))
        self.links, self.log = Links(context), Log(context)
        self.driver = LeasedDriver(LoggedRobot(self.log), self.links)
        self.renews = True

    def tick(self, target: Array | None = None, *, epoch: int | None = None) -> None:
        """Let a control period pass."""
        state = self.links.state()
        assert state is not None
        if target is not None:
            number = state.consumed + 1
            self.links.put(Target(state.epoch if epoch is None else epoch, number, target, math.nan, 40.0))
        if self.renews:
            self.links.lease.renew()
        self.now_s += DT
        self.driver.tick()

    @property
    def at(self) -> Array:
        state = self.links.state()
        assert state is not None
        return state.told

    @property
    def is_latched(self) -> bool:
        state = self.links.state()
        assert state is not None
        return state.is_latched

    def brake(self) -> int:
        """Let periods pass until the joints stand; return how many."""
        ticks = 0
        while not self.driver.is_at_rest:
            self.tick()
            ticks += 1
            assert ticks < 200
        return ticks


def swing() -> Array:
    t = np.arange(1, 241) / 240
    return HOME + np.outer(10 * t**3 - 15 * t**4 + 6 * t**5, np.append([1.0], np.zeros(9)))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_targets_are_followed_while_the_lease_lasts(bench: Bench) -> None:
    for q in swing():
        bench.tick(q)
    assert bench.at == pytest.approx(swing()[-1]) and violations(bench.log.read()) == ()


def test_without_a_lease_nothing_moves(bench: Bench) -> None:
    bench.renews = False
    for q in swing()[:20]:
        bench.tick(q)
    assert bench.at == pytest.approx(HOME)


def test_a_lease_that_runs_out_stops_the_joints_within_their_limits(bench: Bench) -> None:
    path = swing()
    for q in path[:100]:
        bench.tick(q)
    bench.renews = False
    ticks = 0
    while not bench.driver.is_at_rest:
        bench.tick(path[100 + ticks])
        ticks += 1
    assert bench.is_latched and violations(bench.log.read()) == ()
    assert ticks * DT <= LEASE_S + 0.3


def test_a_queue_that_runs_dry_stops_the_joints_before_the_lease_does(bench: Bench) -> None:
    for q in swing()[:100]:
        bench.tick(q)
    bench.brake()
    assert not bench.is_latched and violations(bench.log.read()) == ()


def test_what_was_queued_before_a_stop_is_void_after_it(bench: Bench) -> None:
    path = swing()
    for q in path[:100]:
        bench.tick(q)
    state = bench.links.state()
    assert state is not None
    bench.brake()
    stood = bench.at
    for q in path[100:110]:
        bench.tick(q, epoch=state.epoch)
    assert bench.at == pytest.approx(stood)


def test_a_target_beyond_the_limits_ends_the_motion(bench: Bench) -> None:
    path = swing()
    for q in path[:100]:
        bench.tick(q)
    bench.tick(path[100] + 1.0)
    bench.brake()
    assert violations(bench.log.read()) == ()


def test_only_arming_at_rest_with_a_lease_lets_it_move_again(bench: Bench) -> None:
    for q in swing()[:100]:
        bench.tick(q)
    bench.links.arm()  # before there is a need to
    bench.renews = False
    bench.brake()
    for _ in range(round(LEASE_S / DT) + 2):
        bench.tick()
    assert bench.is_latched
    bench.links.arm()
    bench.tick()
    assert bench.is_latched, "without a lease"
    bench.renews = True
    bench.tick(bench.at)
    assert bench.is_latched, "the lease alone is not enough"
    stood = bench.at
    bench.links.arm()
    bench.tick()
    assert not bench.is_latched and bench.at == pytest.approx(stood), "and arming moves nothing"
