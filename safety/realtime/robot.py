"""Room safety: the executor's side of a real-time robot: every call ends, with a report or with a reason."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from robots import Command, CommandReport, Observation, Robot, RobotLimits, Violation

from .driver import run_driver
from .filter_process import run_filter
from .links import Links, State
from .wire import REPLY_SIZE, Kind, Request, read_reply, request_bytes

SILENCE_S = 0.5
"""A filter that does not live for so long is given up, [s]: the driver has stopped long before."""
DEADLINE_S = 60.0
"""A filter that lives and does not answer for so long is given up too, [s]: people may hold it for 30."""
_LOOK_S = 0.02


class RealtimeRobot:
    """Implements `Robot` over a filter in a process of its own."""

    camera_names: tuple[str, ...] = ()

    def __init__(self, connection: Connection, links: Links, limits: RobotLimits, name: str) -> None:
        """Take the two ends that lead to filter and driver.

        Raises:
            TimeoutError: If no driver publishes its state.
        """
        self.name, self.limits = name, limits
        self._connection, self._links = connection, links
        self._lost: Violation | None = None
        until_s = time.monotonic() + 30.0
        while (state := links.state()) is None or not links.lease.is_valid:
            if time.monotonic() > until_s:
                raise TimeoutError("filter and driver did not start")
            time.sleep(_LOOK_S)
        self._seen: State = state

    @property
    def lost(self) -> Violation | None:
        """Return why the filter is given up; None while it answers. Only a new start helps."""
        return self._lost

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state that could be read whole; its time tells how old it is."""
        self._seen = self._links.state() or self._seen
        return self._seen.observation()

    def command(self, command: Command) -> CommandReport:
        """Execute one tick, or say why not; returns also when the filter is dead or frozen."""
        return self._ask(Request(Kind.COMMAND, command))

    def stop(self) -> None:
        """Bring every joint to rest; when the filter cannot, the driver has done so by itself."""
        self._ask(Request(Kind.STOP))
        until_s = time.monotonic() + 3.0
        while not self.is_at_rest and time.monotonic() < until_s:
            time.sleep(_LOOK_S / 4)

    def begin_step(self, timeout_s: float, held_types: frozenset[str] = frozenset()) -> CommandReport:
        """Say that a skill begins, how long it may take, [s], and what the hand holds."""
        return self._ask(Request(Kind.STEP, timeout_s=timeout_s, held=held_types))

    @property
    def is_at_rest(self) -> bool:
        """Return whether the joints are told to stand."""
        state = self._links.state()
        return state is not None and state.is_at_rest

    @property
    def is_latched(self) -> bool:
        """Return whether the driver's lease ran out, so that only `arm` lets it move again."""
        state = self._links.state()
        return state is not None and state.is_latched

    def arm(self) -> None:
        """Let the driver move again: for a person, at rest, after they looked. Nothing moves by it."""
        self._links.arm()

    def acknowledge(self) -> CommandReport:
        """Tell the filter that a person has seen why it stopped the robot. Nothing moves by it."""
        return self._ask(Request(Kind.ACKNOWLEDGE))

    def _ask(self, request: Request) -> CommandReport:
        if self._lost is None:
            try:
                self._connection.send_bytes(request_bytes(request))
                report = self._reply()
                if report is not None:
                    return report if report.was_refused else replace(report, executed=request.command)
            except (EOFError, OSError):
                self._lost = _lost("it ended")
        assert self._lost is not None
        return CommandReport(executed=Command(), violations=(self._lost,))

    def _reply(self) -> CommandReport | None:
        """Return the reply; None, and the connection thrown away, when the filter does not live."""
        until_s = time.monotonic() + DEADLINE_S
        while not self._connection.poll(_LOOK_S):
            is_silent = self._links.lease.age_s > SILENCE_S
            if is_silent or time.monotonic() > until_s:
                sign, wait_s = ("sign of life", SILENCE_S) if is_silent else ("answer", DEADLINE_S)
                self._lost = _lost(f"it gave no {sign} for {wait_s:g} s")
                self._connection.close()  # what it may still say belongs to no question any more
                return None
        report = read_reply(self._connection.recv_bytes(REPLY_SIZE))
        if report is None:
            self._lost = _lost("its answer is not readable")
            self._connection.close()
        return report


class RealtimeProcesses:
    """Filter and driver in processes of their own; a context manager that gives the executor its robot."""

    def __init__(
        self,
        make_robot: Callable[[], Robot],
        limits: RobotLimits,
        *,
        name: str = "robot",
        context: BaseContext | None = None,
    ) -> None:
        """Start both.

        Args:
            make_robot: A function of a module; makes the robot in the driver's process.
            limits: Of that robot.
            name: Of the embodiment.
            context: Starts the processes; default starts them afresh.
        """
        context = multiprocessing.get_context("spawn") if context is None else context
        self._limits, self._name = limits, name
        self.links = Links(context)
        self.connection, theirs = context.Pipe()
        self.driver: BaseProcess = context.Process(  # type: ignore[attr-defined]  # every context has it
            target=run_driver, args=(make_robot, self.links)
        )
        self.filter: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=run_filter, args=(theirs, self.links, limits)
        )
        self.driver.start()
        self.filter.start()
        theirs.close()

    def __enter__(self) -> RealtimeRobot:
        """Wait until both live, and return the robot."""
        return RealtimeRobot(self.connection, self.links, self._limits, self._name)

    def __exit__(self, *_: object) -> None:
        """Let both come to rest and end; what does not end by itself is killed, at rest by its lease."""
        self.close()

    def close(self) -> None:
        """End both processes."""
        self.links.close()
        self.connection.close()
        for process in (self.filter, self.driver):
            process.join(5.0)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()


def _lost(reason: str) -> Violation:
    return Violation(
        rule="supervisor_answers", layer="tick", subject="the filter", measured="silent", allowed="",
        reason=reason,
    )  # fmt: skip
