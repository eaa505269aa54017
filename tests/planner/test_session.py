"""A session on the simulated kitchen: evidence on disk, the same run twice, Ctrl-C."""

import json
import sqlite3
from pathlib import Path

import pytest

from planner.executive import Event, StepStarted
from planner.request import BadRequest
from planner.session import Session, SessionOptions, open_session
from tests.fakes.scripted_model import ScriptedModel, decomposition

pytestmark = pytest.mark.sim

TOUR = decomposition("(and (visited table) (robot_at close_counter))", "go_to table", "go_to close_counter")


def session(run_root: Path | None, **options: object) -> Session:
    chosen = SessionOptions(model=ScriptedModel(TOUR), run_root=run_root, **options)  # type: ignore[arg-type]  # tests name the fields
    return open_session(objects={"apple_1": "table"}, robot_at="operator", seed=3, options=chosen)


def test_a_run_leaves_evidence(tmp_path: Path) -> None:
    with session(tmp_path, record=True) as home:
        report = home.run("visit the table, then the close counter")
    assert report.succeeded and report.run_folder is not None
    names = {path.name for path in report.run_folder.iterdir()}
    assert {"journal.sqlite", "plan.json", "summary.json", "first.png", "last.png", "run.mp4"} <= names
    assert (report.run_folder / "first.png").read_bytes() != (report.run_folder / "last.png").read_bytes()
    summary = json.loads((report.run_folder / "summary.json").read_text())
    assert "(robot_at close_counter)" in summary["facts"]


def test_the_same_seed_gives_the_same_run_bit_for_bit() -> None:
    def once() -> tuple[float, ...]:
        with session(None) as home:
            report = home.run("visit the table, then the close counter")
        observation = report.scene.observation
        return (*observation.q_arm, *observation.base, report.scene.time_s)

    assert once() == once()


def test_what_was_visited_in_an_earlier_run_does_not_count() -> None:
    twice = SessionOptions(model=ScriptedModel(TOUR, TOUR), run_root=None)
    with open_session(robot_at="operator", seed=3, options=twice) as home:
        first, second = home.run("take the tour"), home.run("take the tour again")
    assert [step.call for step in second.steps] == [step.call for step in first.steps]
    assert second.succeeded


def test_calls_by_name_get_the_steps_that_must_come_before_them() -> None:
    with open_session(robot_at="table", seed=3, options=SessionOptions(run_root=None)) as home:
        report = home.do("open(middle_drawer)")
    assert report.succeeded
    assert [step.call.skill for step in report.steps] == ["go_to", "open"]


def test_ctrl_c_stops_the_robot_and_closes_the_journal(tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        if isinstance(event, StepStarted) and event.number == 2:
            raise KeyboardInterrupt

    with session(tmp_path, listeners=(interrupt,)) as home:
        with pytest.raises(KeyboardInterrupt):
            home.run("visit the table, then the close counter")
        assert abs(home.look().observation.base_velocity).max() < 1e-3
    (folder,) = tmp_path.iterdir()
    db = sqlite3.connect(folder / "journal.sqlite")
    kinds = [row[0] for row in db.execute("SELECT kind FROM events ORDER BY seq")]
    assert kinds[-2:] == ["StepStarted", "RunEnded"]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_an_empty_instruction_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    with session(tmp_path) as home, pytest.raises(BadRequest, match="empty"):
        home.run(" ")
    assert not list(tmp_path.iterdir())
