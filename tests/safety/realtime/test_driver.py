"""The driver alone, on a clock of the test: it moves on a lease, and brakes without one."""

from __future__ import annotations

import math
import multiprocessing
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.faults.logged_robot import Log, LoggedRobot
from planner.faults.process_home import HOME, violations
from robots import Array, Command, CommandReport, Observation, Violation
from robots.panda import PANDA_LIMITS
from safety.realtime import LEASE_S, LeasedDriver, Links, Target
from safety.realtime import lease as lease_module
from safety.realtime.driver import next_due_s

DT = PANDA_LIMITS.tick_s


class Bench:
    """A driver, its links, and whoever feeds it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, make: type[LoggedRobot] = LoggedRobot) -> None:
        context = multiprocessing.get_context("spawn")
        self.now_s = 100.0
        monkeypatch.setattr(lease_module.time, "monotonic_ns", lambda: round(self.now_s * 1e9))
        self.links, self.log = Links(context), Log(context)
        self.driver = LeasedDriver(make(self.log), self.links)
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


class Stuck(LoggedRobot):
    """Its joints are not read any more: it repeats its first sample."""

    def observe(self, **_: object) -> Observation:
        return replace(super().observe(), time_s=7.0)


class Faulty(LoggedRobot):
    """Refuses from its 50th command on, and stands where it is."""

    def command(self, command: Command) -> CommandReport:
        if len(self._log.read()) < 50:
            return super().command(command)
        why = Violation(rule="reflex", layer="driver", subject="the arm", measured="", allowed="")
        return CommandReport(executed=Command(q_arm=self._q[:7], base=self._q[7:]), violations=(why,))


def test_a_state_is_as_old_as_the_sample_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, Stuck)
    bench.tick()
    state = bench.links.state()
    assert state is not None and state.time_s == 7.0


def test_a_robot_that_refuses_is_believed_and_its_path_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, Faulty)
    for q in swing()[:60]:
        bench.tick(q, epoch=0)
    stood = bench.log.read()[-1, 1:]
    assert len(bench.log.read()) == 50 and bench.at == pytest.approx(stood) and bench.driver.is_at_rest


def test_a_lease_from_the_future_is_none(bench: Bench) -> None:
    bench.links.lease.renew()
    assert bench.links.lease.is_valid
    bench.now_s -= 1.0
    assert not bench.links.lease.is_valid


@given(st.lists(st.floats(0.0, 0.2), min_size=1, max_size=50))
def test_late_control_periods_are_not_made_up_for_by_short_ones(lateness: list[float]) -> None:
    due_s, sent_s = 0.0, -DT
    for late_s in lateness:
        now_s = due_s + late_s
        assert now_s - sent_s >= 0.95 * DT - 1e-9, "no joint is told to be faster than it may be"
        sent_s = now_s
        due_s = next_due_s(due_s, now_s, DT)
    assert due_s - sent_s <= DT + 1e-9
