"""What `saycando cost` prints adds up to what the server saw, whatever was retried, dropped or lost."""

import threading
from pathlib import Path
from typing import Any

import pytest

from planner.executive import Decided, Event, Listener, StepStarted, Strategy
from planner.journal import ExchangeLog, Journal, read_recording
from planner.journal.costs import CostLine, cost_lines
from planner.journal.exchanges import unanswered
from tests.fakes.mock_vendor import mock_vendor
from tests.fakes.symbolic_home import SymbolicHome
from tests.fakes.vendor import Reply, Vendor
from tests.fakes.vendor_schemas import DECISIONS
from tests.fakes.watched_run import WatchedRun, run
from tests.fakes.wired_model import error

pytestmark = pytest.mark.wire


def recorded(
    folder: Path, vendor: Vendor, listener: Listener = lambda event: None, **settings: Any
) -> WatchedRun:
    """Run in saycan, and keep a run folder's database."""
    log, journal = ExchangeLog(folder / "journal.sqlite"), Journal(folder / "journal.sqlite")
    done = run(vendor, strategy=Strategy.SAYCAN, ledger=log, listeners=(journal, listener), **settings)
    log.close()
    journal.close()
    return done


def total(folder: Path) -> CostLine:
    return cost_lines(folder)[-1]


@pytest.mark.parametrize("prefetch", [False, True])
def test_requests_and_tokens_are_those_that_the_server_counted(tmp_path: Path, prefetch: bool) -> None:
    home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
    home.script["pick"].append("lie")
    faults = {2: error(503), 5: error(500), 6: error(500)}
    done = recorded(
        tmp_path, mock_vendor(lambda n, path, body: faults.get(n)), home=home, prefetch=prefetch, attempts=2
    )
    line = total(tmp_path)
    # A question that was dropped may have been written down as sent, and cancelled before it left.
    assert line.requests - done.requests in ((0, 1) if prefetch else (0,))
    assert line.usd is not None and line.usd > 0.0 and line.input_tokens > 1000
    assert sum(part.input_tokens for part in cost_lines(tmp_path)[:-1]) == line.input_tokens


class HangsWhenAskedAhead:
    """Never answers what is asked while a step of some number runs; the step waits until it was asked."""

    def __init__(self, step: int) -> None:
        self._step, self._runs, self._arrived = step, False, threading.Event()

    def fault(self, number: int, path: str, body: Any) -> Reply | None:
        if not self._runs or self._arrived.is_set() or path != DECISIONS:
            return None
        self._arrived.set()
        return Reply(hang=True)

    def listen(self, event: Event) -> None:
        if isinstance(event, Decided) and event.number == self._step:
            self._runs = True
        if isinstance(event, StepStarted) and event.number == self._step:
            assert self._arrived.wait(20.0)


def test_a_dropped_question_counts_with_the_most_that_it_can_cost(tmp_path: Path) -> None:
    home = SymbolicHome({"apple_1": "table"})
    home.script["go_to"].append("lie")
    slow = HangsWhenAskedAhead(step=1)
    done = recorded(tmp_path, mock_vendor(slow.fault), listener=slow.listen, home=home, prefetch=True)
    (rest,) = [line for line in cost_lines(tmp_path) if line.purpose.startswith("dropped")]
    assert rest.requests == 1 and rest.usd is not None and rest.usd > 0.0
    assert total(tmp_path).requests == done.requests and unanswered(tmp_path / "journal.sqlite") == 0


def test_a_question_that_was_dropped_and_asked_again_is_replayed_as_it_was_answered(tmp_path: Path) -> None:
    def failing_home() -> SymbolicHome:
        home = SymbolicHome({"apple_1": "table", "orange_1": "table"})
        home.script["pick"].extend(["fail"])
        return home

    slow = HangsWhenAskedAhead(step=2)
    first = recorded(
        tmp_path, mock_vendor(slow.fault), listener=slow.listen, home=failing_home(), prefetch=True
    )
    recording = read_recording(tmp_path / "journal.sqlite")
    again = run(Vendor([]), strategy=Strategy.SAYCAN, home=failing_home(), prefetch=True, recording=recording)
    assert first.report is not None and first.report.succeeded
    assert again.report is not None and again.report.succeeded and again.requests == 0
    assert [s.call for s in again.report.steps] == [s.call for s in first.report.steps]
