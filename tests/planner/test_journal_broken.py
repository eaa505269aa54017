"""No journal, no motion: whatever keeps a record from being written, nothing is dispatched after it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.executive import Ending, Event, Executive, JournalBroken, Report, RunEnded, StepStarted
from planner.journal import ExchangeLog, Journal, RunFolder, read_events, read_summaries
from planner.remote.gateway import Request
from planner.request import BadRequest
from tests.fakes.scripted_model import ScriptedModel, decomposition
from tests.fakes.symbolic_home import SymbolicHome

FETCH = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
EVENTS = 22
"""Events of the undisturbed run."""


def fill_up(folder: RunFolder) -> None:
    """Let the file system refuse to give the database another page, by SQLite's own quota."""
    connection = folder._journal._database._connection
    connection.execute("PRAGMA max_page_count = 1")
    for size in (4000, 400, 40, 1):  # down to the last bytes of the last page
        row = ("now", "Filler", '"' + "x" * size + '"')
        with suppress(sqlite3.OperationalError):
            while True:
                connection.execute("INSERT INTO events (at, kind, payload) VALUES (?, ?, ?)", row)


def remove(folder: RunFolder) -> None:
    (folder.path / "journal.sqlite").unlink()


def replace_by_another(folder: RunFolder) -> None:
    file = folder.path / "journal.sqlite"
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def lose_the_log(folder: RunFolder) -> None:
    (folder.path / "journal.sqlite-wal").unlink()


def cut_the_log(folder: RunFolder) -> None:
    log = folder.path / "journal.sqlite-wal"
    os.truncate(log, log.stat().st_size // 2)


def overwrite(folder: RunFolder) -> None:
    with (folder.path / "journal.sqlite").open("rb+") as stream:
        stream.write(b"\0" * 4096)


def forbid(folder: RunFolder) -> None:
    folder._journal._database._connection.execute("PRAGMA query_only = ON")


WAYS: tuple[Callable[[RunFolder], None], ...] = (
    fill_up,
    remove,
    replace_by_another,
    lose_the_log,
    cut_the_log,
    overwrite,
    forbid,
)


def run_that_breaks(
    tmp_path: Path, breaks: Callable[[RunFolder], None], before: int
) -> tuple[SymbolicHome, Report, list[Event]]:
    """Break the journal before event number `before` is written; return what became of the run."""
    home, folder, heard = SymbolicHome({"apple_1": "table"}), RunFolder(tmp_path, "x"), []
    count = 0

    def break_it(event: Event) -> None:
        nonlocal count
        count += 1
        if count == before:
            breaks(folder)

    def dispatched_is_written(event: Event) -> None:
        heard.append(event)

    parts = home.parts(ScriptedModel(decomposition("(with_operator apple_1)", *FETCH)))
    parts = replace(parts, listeners=(break_it, folder, dispatched_is_written))
    report = Executive(parts).run("bring me an apple")
    folder.save_summary(report)
    folder.close()
    return home, report, heard


@pytest.mark.parametrize("breaks", WAYS)
@pytest.mark.parametrize("before", range(1, EVENTS))
def test_nothing_is_dispatched_without_its_intent_in_the_journal(
    tmp_path: Path, breaks: Callable[[RunFolder], None], before: int
) -> None:
    home, report, heard = run_that_breaks(tmp_path, breaks, before)
    started = [event for event in heard if isinstance(event, StepStarted)]
    assert len(home.runs) == len(started), "a skill ran whose intent was never written"
    assert report.ending is Ending.STOPPED and "nothing moves without its record" in report.reason
    assert home.stops >= 1
    assert isinstance(heard[-1], RunEnded) and heard[-1].reason == report.reason
    # What comes after the broken record is not told to anybody, except the end.
    assert len(heard) == before


def test_the_undisturbed_run_has_as_many_events(tmp_path: Path) -> None:
    _, report, heard = run_that_breaks(tmp_path, fill_up, 10**6)
    assert report.succeeded and len(heard) == EVENTS


def test_a_full_disk_keeps_what_was_written_before(tmp_path: Path) -> None:
    _, _, heard = run_that_breaks(tmp_path, fill_up, 10)
    (folder,) = (f for f in tmp_path.iterdir() if f.is_dir())
    kinds = [kind for kind, _ in read_events(folder) if kind != "Filler"]
    assert kinds == [type(event).__name__ for event in heard[:-1]]


def test_what_is_broken_stays_broken(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    ended = RunEnded(ending="x", reason="y")
    journal(ended)
    journal._database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalBroken, match="readonly"):
        journal(ended)
    journal._database._connection.execute("PRAGMA query_only = OFF")
    with pytest.raises(JournalBroken, match="readonly"):
        journal(ended)
    journal.close()


@pytest.mark.parametrize("damage", ["not a database", "cut", "scrambled"])
def test_a_damaged_journal_is_not_opened(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "journal.sqlite"
    journal = Journal(file)
    for _ in range(200):
        journal(RunEnded(ending="x", reason="y" * 200))
    journal.close()
    data = file.read_bytes()
    middle = len(data) // 2
    changed = {
        "not a database": b"hello " * 2000,
        "cut": data[:middle],
        "scrambled": data[:middle] + os.urandom(8192) + data[middle + 8192 :],
    }
    file.write_bytes(changed[damage])
    with pytest.raises(JournalBroken, match="nothing moves without its record"):
        Journal(file)


def test_an_exchange_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    log = ExchangeLog(tmp_path / "journal.sqlite")
    (tmp_path / "journal.sqlite").unlink()
    request = Request(purpose="decompose", model="m", endpoint="e", body={})
    with pytest.raises(JournalBroken):
        log.sent(request, None)
    log.close()


def test_a_picture_that_cannot_be_written_ends_the_record_of_exchanges(tmp_path: Path) -> None:
    log = ExchangeLog(tmp_path / "journal.sqlite")
    (tmp_path / "images").write_text("not a folder")
    shown = Request(purpose="decompose", model="m", endpoint="e", body={}, images={"00": b"png"})
    with pytest.raises(JournalBroken, match="00.png cannot be written"):
        log.sent(shown, None)
    with pytest.raises(JournalBroken):
        log.cancelled(shown)
    log.close()


READER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM events").fetchone()[0])
connection.close()
"""


def test_another_process_that_reads_and_leaves_takes_nothing_away(tmp_path: Path) -> None:
    """It must not believe itself the last one: it would fold the log away under whoever writes it."""
    file = tmp_path / "journal.sqlite"
    journal = Journal(file)
    for count in range(1, 4):
        journal(RunEnded(ending="x", reason=str(count)))
        read = subprocess.run(
            [sys.executable, "-c", READER, str(file)], capture_output=True, text=True, check=True
        )
        assert int(read.stdout) == count
    journal.close()
    assert [data["reason"] for _, data in read_events(tmp_path)] == ["1", "2", "3"]


def test_two_cannot_write_one_run(tmp_path: Path) -> None:
    first = RunFolder(tmp_path, "x")
    with pytest.raises(BadRequest, match="still goes on"):
        RunFolder.reopen(first.path)
    first.close()
    RunFolder.reopen(first.path).close()


def test_a_journal_that_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path, "x")
    folder.close()
    (folder.path / "journal.sqlite").write_bytes(b"hello " * 2000)
    (summary,) = read_summaries(tmp_path)
    assert "not a database" in summary.ending


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
sys.argv = ["saycando", *sys.argv[2:]]
from planner.cli import main
main()
"""


@pytest.mark.sim
@pytest.mark.parametrize("most_bytes", [20_000, 120_000, 1_000_000])
def test_a_full_disk_ends_a_real_run_with_one_sentence(tmp_path: Path, most_bytes: int) -> None:
    """No file may grow beyond a limit: the journal hits it first, or a snapshot, or nothing."""
    words = ["run", "bring me an apple", "--run-dir", str(tmp_path), "--yes", "--put", "apple_1=table"]
    done: subprocess.CompletedProcess[Any] = subprocess.run(
        [sys.executable, "-c", LIMITED, str(most_bytes), *words], capture_output=True, text=True
    )
    told = " ".join((done.stdout + done.stderr).split())
    if most_bytes > 200_000:  # room for a snapshot and the log of a short run
        assert done.returncode == 0, told
        return
    assert done.returncode == 1 and "nothing moves without its record" in told, told
    assert "Traceback" not in told and "✓" not in told
