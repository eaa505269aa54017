"""Room safety: the process in which the tick filter runs, between the executor and the driver.

It gives the driver its lease as long as it lives, and brakes when the executor falls silent in the middle
of a motion.
"""

from __future__ import annotations

import signal
import time
from multiprocessing.connection import Connection

from robots import Command, CommandReport, RobotLimits, Violation
from safety.motion import GuardedRobot, Mode, StepOverrun

from .links import Links
from .priority import FILTER, run_before_others
from .queue_robot import QueueRobot
from .wire import REQUEST_SIZE, Kind, NotARequest, read_request, reply_bytes

LOW = 2
"""Targets that wait at the driver when the filter brakes for an executor that is late: 33 ms of silence."""
BEAT_S = 0.004
EXECUTOR = "executor"


class _Filter(GuardedRobot):
    """The guard of a driver: it begins where the driver was told to stand, and not where it sags to."""

    def __init__(self, robot: QueueRobot) -> None:
        self._queue = robot
        self.held: frozenset[str] = frozenset()
        super().__init__(robot, held_types=lambda: self.held, clock=time.monotonic)

    @property
    def is_at_rest(self) -> bool:
        return self._filter.is_at_rest

    def brake_a_tick(self) -> None:
        self._stand(self._filter.braked())

    def resume(self) -> None:
        """Take a driver that began anew as it stands."""
        if self._filter.is_at_rest and self._queue.resume():
            self._settle()

    def _resync(self) -> None:
        self._queue.stop()
        self._settle()

    def _settle(self) -> None:
        super()._settle()
        told = self._queue.state.told
        self._filter.rest(told[:7], told[7:])


class FilterProcess:
    """Serves one executor until it is gone."""

    def __init__(self, connection: Connection, links: Links, limits: RobotLimits) -> None:
        """Wait for the driver, and give it its lease."""
        self._connection, self._links = connection, links
        self._robot = QueueRobot(links, limits, lambda: connection.poll(0))
        self._filter = _Filter(self._robot)
        self._missed: Violation | None = None
        self._unreadable = 0

    def serve(self) -> None:
        """Answer requests; when the executor is gone, or asks for an end, come to rest and return."""
        while not self._links.is_closing:
            self._links.lease.renew()
            try:
                if self._connection.poll(BEAT_S):
                    self._answer(self._connection.recv_bytes(REQUEST_SIZE))
                elif not self._filter.is_at_rest and self._robot.waiting <= LOW:
                    self._brake_for_silence()
            except (EOFError, OSError):
                break
        self._filter.stop()

    def _answer(self, data: bytes) -> None:
        report = self._report(data)
        self._connection.send_bytes(reply_bytes(report, self._robot.state))

    def _report(self, data: bytes) -> CommandReport:
        try:
            request = read_request(data)
        except NotARequest as error:
            self._unreadable += 1
            return _refused(_violation("request_is_readable", f"{error}; {self._unreadable} in all"))
        missed, self._missed = self._missed, None
        self._filter.modes.clear(EXECUTOR)
        self._filter.resume()
        if request.kind is Kind.STOP:
            self._filter.stop()
            return CommandReport(executed=Command())
        if request.kind is Kind.ACKNOWLEDGE:
            self._filter.modes.acknowledge()
            return CommandReport(executed=Command())
        if request.kind is Kind.STEP:
            self._filter.held = request.held
            self._filter.begin_step(request.timeout_s)
            waited = self._filter.wait_for_state()
            return _refused(waited) if waited else CommandReport(executed=Command())
        if missed:
            return _refused(missed)
        try:
            return self._filter.command(request.command)
        except StepOverrun as error:
            return _refused(_violation("step_ends", str(error)))

    def _brake_for_silence(self) -> None:
        """Brake for one tick; what is not at rest by then was in the middle of a motion."""
        self._filter.brake_a_tick()
        if not self._filter.is_at_rest and self._missed is None:
            self._missed = _violation("executor_keeps_up", "no command came in the middle of a motion")
            self._filter.modes.enter(EXECUTOR, Mode.HOLD, self._missed)


def run_filter(connection: Connection, links: Links, limits: RobotLimits) -> None:
    """Be the filter; the main function of its process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the executor, which stops the robot then
    run_before_others(FILTER)
    with connection:
        FilterProcess(connection, links, limits).serve()


def _refused(violation: Violation) -> CommandReport:
    return CommandReport(executed=Command(), violations=(violation,))


def _violation(rule: str, reason: str) -> Violation:
    return Violation(rule=rule, layer="tick", subject="the executor", measured="", allowed="", reason=reason)
