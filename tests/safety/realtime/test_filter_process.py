"""The filter without its process: what it says to an executor that is silent, talks nonsense, or overruns."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import numpy as np
import pytest

from planner.faults.logged_robot import Log, LoggedRobot
from robots import Command, CommandReport, Violation
from robots.panda import PANDA_LIMITS
from safety.motion import Mode, StepOverrun
from safety.realtime import LeasedDriver, Links
from safety.realtime.filter_process import EXECUTOR, FilterProcess
from safety.realtime.wire import Kind, Request, request_bytes

COMMAND = request_bytes(Request(Kind.COMMAND, Command()))


@pytest.fixture
def made() -> Iterator[FilterProcess]:
    context = multiprocessing.get_context("spawn")
    links = Links(context)
    LeasedDriver(LoggedRobot(Log(context)), links)
    ours, theirs = context.Pipe()
    with ours, theirs:
        yield FilterProcess(theirs, links, PANDA_LIMITS)


def rule_and_reason(report: CommandReport) -> tuple[str, str]:
    (violation,) = report.violations
    return violation.rule, violation.reason


def test_nonsense_is_refused_and_counted(made: FilterProcess) -> None:
    nan = request_bytes(Request(Kind.COMMAND, Command(q_arm=np.full(7, np.nan), base=np.zeros(3))))
    for number, data in enumerate((b"", COMMAND[:-1], bytes(len(COMMAND)), nan), start=1):
        rule, reason = rule_and_reason(made._report(data))
        assert rule == "request_is_readable" and f"{number} in all" in reason


def test_nonsense_after_a_silence_ends_no_hold(made: FilterProcess) -> None:
    why = Violation(rule="executor_keeps_up", layer="tick", subject="", measured="", allowed="")
    made._missed = why
    made._filter.modes.enter(EXECUTOR, Mode.HOLD, why)
    made._report(b"nonsense")
    assert made._filter.modes.mode is Mode.HOLD
    assert rule_and_reason(made._report(COMMAND))[0] == "executor_keeps_up"
    assert made._filter.modes.mode is Mode.RUN


def test_a_skill_that_does_not_end_is_told_so(made: FilterProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    def overrun(_: Command) -> CommandReport:
        raise StepOverrun("the skill does not end")

    monkeypatch.setattr(made._filter, "command", overrun)
    assert rule_and_reason(made._report(COMMAND)) == ("step_ends", "the skill does not end")
