"""Filter and driver in processes of their own: killed, frozen, and talked to in nonsense."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from planner.faults.logged_robot import Log, LoggedRobot
from planner.faults.process_home import HOME, violations
from robots import Array, Command, CommandReport, Robot
from robots.panda import PANDA_LIMITS
from safety import HouseholdSupervisor
from safety.realtime import RealtimeProcesses, RealtimeRobot
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.symbolic_scene import symbolic_scene

pytestmark = pytest.mark.wire


class Setup:
    """Both processes, the executor's robot, and what the joints were told."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("forkserver")
        self.log = Log(context)
        self.processes = RealtimeProcesses(partial(LoggedRobot, self.log), PANDA_LIMITS, context=context)
        self.robot: RealtimeRobot = self.processes.__enter__()

    def signal(self, what: signal.Signals) -> None:
        assert self.processes.filter.pid is not None
        os.kill(self.processes.filter.pid, what)


@pytest.fixture
def setup() -> Iterator[Setup]:
    made = Setup()
    try:
        yield made
    finally:
        if made.processes.filter.is_alive():
            made.signal(signal.SIGCONT)
        made.processes.close()


def swing(angle: float = 1.0) -> Array:
    t = np.arange(1, 241) / 240
    return HOME + np.outer(10 * t**3 - 15 * t**4 + 6 * t**5, np.append([angle], np.zeros(9)))


def send(robot: Robot, path: Array) -> CommandReport:
    """Drive a path; return the first report that refuses, or the last."""
    report = CommandReport(executed=Command())
    for q in path:
        report = robot.command(Command(q_arm=q[:7], base=q[7:]))
        if report.was_refused:
            break
    return report


def wait_for(is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 20.0
    while not is_so():
        assert time.monotonic() < until_s
        time.sleep(0.005)


def drive(setup: Setup, path: Array) -> None:
    """Drive a path to its end; a machine so busy that a motion is broken off gets a few tries."""
    for _ in range(10):
        report = send(setup.robot, path)
        if not report.was_refused:
            return
        setup.robot.stop()
        here = setup.robot.observe()
        start = np.concatenate([here.q_arm, here.base])
        shares = (swing()[:, :1] - HOME[0])[:, :1]
        path = start + shares * (path[-1] - start)
    raise AssertionError(report.violations)


def test_a_motion_reaches_its_end_and_a_stop_stands(setup: Setup) -> None:
    drive(setup, swing())
    setup.robot.stop()
    assert setup.robot.is_at_rest and not setup.robot.is_latched
    assert setup.robot.observe().q_arm == pytest.approx(swing()[-1][:7])
    assert violations(setup.log.read()) == ()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_without_a_filter_the_joints_stop_and_every_call_says_why(setup: Setup, how: signal.Signals) -> None:
    send(setup.robot, swing()[:100])
    setup.signal(how)
    report = send(setup.robot, swing()[100:])
    assert [v.rule for v in report.violations] == ["supervisor_answers"]
    wait_for(lambda: setup.robot.is_latched and setup.robot.is_at_rest)
    assert violations(setup.log.read()) == ()
    again = setup.robot.begin_step(10.0)
    assert again.violations == report.violations, "a filter that was given up stays given up"


def test_a_filter_that_goes_on_moves_nothing_before_a_person_arms(setup: Setup) -> None:
    send(setup.robot, swing()[:100])
    setup.signal(signal.SIGSTOP)
    wait_for(lambda: setup.robot.is_latched and setup.robot.is_at_rest)
    setup.signal(signal.SIGCONT)
    here = setup.robot.observe().q_arm
    report = setup.robot.command(Command())
    assert [v.rule for v in report.violations] == ["driver_is_armed"] and setup.robot.is_latched
    assert setup.robot.observe().q_arm == pytest.approx(here)
    setup.robot.arm()
    wait_for(lambda: not setup.robot.is_latched)
    setup.robot.stop()
    assert setup.robot.observe().q_arm == pytest.approx(here), "arming moves nothing"
    start = np.concatenate([setup.robot.observe().q_arm, np.zeros(3)])
    drive(setup, start + (swing(0.3) - HOME))
    assert violations(setup.log.read()) == ()


def test_an_executor_that_falls_silent_is_braked_for_and_told(setup: Setup) -> None:
    send(setup.robot, swing()[:100])
    wait_for(lambda: setup.robot.is_at_rest)
    report = send(setup.robot, swing()[100:])
    assert report.violations[0].rule in ("executor_keeps_up", "driver_keeps_up")
    assert not setup.robot.is_latched and violations(setup.log.read()) == ()


def test_the_supervisor_of_a_home_guards_a_real_time_robot_too(setup: Setup) -> None:
    supervisor = HouseholdSupervisor(HOUSEHOLD_CONTRACTS)
    guard = supervisor.guard(setup.robot)
    scene = symbolic_scene({"apple_1": "table"}, robot_at="table")
    supervisor.begin(scene)
    assert supervisor.wait_for_state() is None
    assert supervisor.review_step(SkillCall("pick", ("apple_1",)), scene, scene.time_s) == ()
    for _ in range(10):  # a busy machine may break a motion off
        here = guard.observe()
        start = np.concatenate([here.q_arm, here.base])
        shares = swing()[:, :1] - HOME[0]
        report = send(guard, start + shares * (swing()[-1] - start))
        guard.stop()
        if not report.was_refused:
            break
    assert setup.robot.observe().q_arm == pytest.approx(swing()[-1][:7])
    supervisor.modes.press_e_stop()
    assert guard.command(Command(q_arm=HOME[:7], base=HOME[7:])).was_refused
    assert violations(setup.log.read()) == ()


def test_nonsense_is_refused_and_moves_nothing(setup: Setup) -> None:
    jump = setup.robot.command(Command(q_arm=HOME[:7] + 1.0, base=HOME[7:]))
    nan = setup.robot.command(Command(q_arm=np.full(7, np.nan), base=HOME[7:]))
    assert jump.was_refused and [v.rule for v in nan.violations] == ["request_is_readable"]
    setup.processes.connection.send_bytes(b"\x80\x04cos\nsystem\n")
    assert setup.processes.connection.poll(10.0)
    assert b"request_is_readable" in setup.processes.connection.recv_bytes()
    setup.processes.connection.send_bytes(bytes(4_096))
    wait_for(lambda: not setup.processes.filter.is_alive())
    wait_for(lambda: setup.robot.is_latched and setup.robot.is_at_rest)
    assert (setup.log.read()[:, 1:] == HOME).all()
