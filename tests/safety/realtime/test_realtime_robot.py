"""The executor's robot without processes: no call hangs, whatever filter and driver do not do."""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Iterator

import pytest

from planner.faults.logged_robot import Log, LoggedRobot
from planner.faults.process_home import HOME
from robots import Command
from robots.panda import PANDA_LIMITS
from safety.realtime import LeasedDriver, Links, RealtimeRobot
from safety.realtime import robot as robot_module


@pytest.fixture
def links() -> Links:
    context = multiprocessing.get_context("spawn")
    made = Links(context)
    LeasedDriver(LoggedRobot(Log(context)), made)
    made.lease.renew()
    return made


@pytest.fixture
def robot(links: Links) -> Iterator[RealtimeRobot]:
    ours, theirs = multiprocessing.Pipe()
    with ours, theirs:
        yield RealtimeRobot(ours, links, PANDA_LIMITS, "logged")


def test_a_state_that_was_half_written_is_the_one_before(robot: RealtimeRobot, links: Links) -> None:
    links._state._raw[10] ^= 1  # as a driver leaves it that was killed while it wrote
    assert links.state() is None and robot.observe().q_arm == pytest.approx(HOME[:7])


def test_a_filter_that_lives_and_never_answers_is_given_up(
    robot: RealtimeRobot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(robot_module, "SILENCE_S", math.inf)
    monkeypatch.setattr(robot_module, "DEADLINE_S", 0.05)
    (violation,) = robot.command(Command()).violations
    assert violation.rule == "supervisor_answers" and "no answer for 0.05 s" in violation.reason
    assert robot.lost is violation
