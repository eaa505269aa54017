"""The run folder: everything is written, nothing can be changed."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from planner.executive import Executive, Parts, RunStarted
from planner.journal import Journal, RunFolder, read_summaries, to_json
from safety import BasicSupervisor
from skills import Outcome, Status
from tests.fakes.scripted_model import ScriptedModel, decomposition
from tests.fakes.symbolic_home import SymbolicHome

STARTED = RunStarted(instruction="x", strategy="plan-ahead", seed=0, model="m", perception="p")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    home = SymbolicHome({"apple_1": "table"})
    home.script["pick"].append("fail")
    folder = RunFolder(tmp_path, "Bring me an apple!")
    library = home.library()
    plan = ("go_to table", "pick apple_1", "go_to operator", "hand_over apple_1")
    parts = Parts(
        robot=home.robot,
        perception=home.perception,
        library=library,
        model=ScriptedModel(decomposition("(with_operator apple_1)", *plan)),
        supervisor=BasicSupervisor(library.contracts),
        listeners=(folder,),
    )
    folder.save_summary(Executive(parts).run("Bring me an apple!"))
    folder.save_picture("first.png", np.zeros((4, 6, 3), dtype=np.uint8))
    folder.close()
    return folder


def test_every_step_has_its_intent_before_its_outcome(folder: RunFolder) -> None:
    db = sqlite3.connect(folder.path / "journal.sqlite")
    kinds = [row[0] for row in db.execute("SELECT kind FROM events WHERE kind LIKE 'Step%' ORDER BY seq")]
    assert kinds == ["StepStarted", "StepEnded"] * 5
    rows = db.execute("SELECT call, status, effects_hold FROM steps").fetchall()
    assert rows[1] == ("pick(apple_1)", "failed", 0) and rows[2] == ("pick(apple_1)", "succeeded", 1)
    db.close()


def test_every_candidate_of_every_decision_has_its_scores(folder: RunFolder) -> None:
    db = sqlite3.connect(folder.path / "journal.sqlite")
    decisions = db.execute("SELECT count(*) FROM events WHERE kind = 'Decided'").fetchone()[0]
    rows = db.execute("SELECT say, can, combined, is_chosen FROM candidates").fetchall()
    assert sum(row[3] for row in rows) == decisions
    assert all(abs(say * can - combined) < 1e-12 for say, can, combined, _ in rows)
    model, prompt_hash = db.execute("SELECT model, prompt_hash FROM model_calls").fetchone()
    assert model == "scripted" and len(prompt_hash) == 16
    db.close()


@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_the_journal_is_append_only(folder: RunFolder, change: str) -> None:
    db = sqlite3.connect(folder.path / "journal.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(change)
    db.close()


def test_the_journal_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal(STARTED)
    db = sqlite3.connect(tmp_path / "journal.sqlite")
    assert db.execute("SELECT count(*) FROM events").fetchone() == (1,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
    journal.close()


def test_the_folder_tells_the_run(folder: RunFolder) -> None:
    assert folder.path.name.endswith("-bring-me-an-apple")
    plan = json.loads((folder.path / "plan.json").read_text())
    assert plan["plans"][0]["goal"] == "(with_operator apple_1)"
    assert all("combined" in c for d in plan["decisions"] for c in d["decision"]["candidates"])
    summary = json.loads((folder.path / "summary.json").read_text())
    assert summary["ending"] == "succeeded" and summary["recoveries"] == ["retry"]
    assert (folder.path / "first.png").read_bytes().startswith(b"\x89PNG")
    (one,) = read_summaries(folder.path.parent)
    assert one.steps == 5 and one.folder == folder.path


def test_two_runs_in_one_second_get_two_folders(tmp_path: Path) -> None:
    first, second = RunFolder(tmp_path, "go"), RunFolder(tmp_path, "go")
    assert first.path != second.path
    first.close()
    second.close()


def test_numbers_that_are_not_finite_are_text() -> None:
    outcome = Outcome(status=Status.FAILED, reason="r", evidence={"force_n": float("nan")})
    assert to_json(outcome)["evidence"] == {"force_n": "nan"}  # type: ignore[index, call-overload]  # a dict
