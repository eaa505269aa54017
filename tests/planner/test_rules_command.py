"""`saycando rules`: people's own traces, exit codes, and that no model writes a rule."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from safety.rule_acceptance import proposal_text
from safety.rule_file import RuleText
from safety.rulebook import SHIPPED, Rulebook

RULES = str(SHIPPED / "household.yaml")
OPENED = {"action": "open(fridge)", "facts": ["(open fridge)", "(robot_at fridge)"]}
CLOSED = {"action": "close(fridge)", "facts": ["(robot_at fridge)"]}


def call(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rules", *words])
    return result.exit_code, result.output


def trace(folder: Path, *lines: object) -> str:
    file = folder / "trace.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return str(file)


def test_a_clean_trace_exits_0(tmp_path: Path) -> None:
    code, said = call("monitor", RULES, trace(tmp_path, OPENED, CLOSED))
    assert code == 0 and said.startswith("0 violations")


def test_a_duty_left_over_is_reported_at_the_last_line(tmp_path: Path) -> None:
    last = {"action": "go_to(table)", "facts": ["(open fridge)"]}
    code, said = call("monitor", RULES, trace(tmp_path, OPENED, last))
    assert code == 1 and "trace.jsonl:2: close_the_fridge: fridge at the end" in said
    assert "Still possible: (not (open fridge))" in said


def test_a_hazard_is_reported_at_its_line(tmp_path: Path) -> None:
    states = [
        {"action": None, "facts": ["(in fork_1 microwave)"]},
        {"action": "turn_on microwave", "facts": ["(in fork_1 microwave)", "(turned_on microwave)"]},
        {"action": "(turn_off microwave)", "facts": ["(in fork_1 microwave)"]},
    ]
    code, said = call("monitor", RULES, trace(tmp_path, *states))
    assert code == 1 and "trace.jsonl:2: right_material_in_the_microwave: fork_1" in said
    assert said.count("trace.jsonl:") == 1


def test_other_peoples_objects_are_typed_as_they_say(tmp_path: Path) -> None:
    state = {"facts": ["(in gadget basin)"], "types": {"gadget": ["electronic"], "basin": ["sink"]}}
    code, said = call("monitor", RULES, trace(tmp_path, state))
    assert code == 1 and "no_electronics_in_water: gadget, basin" in said


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        '{"facts": "x"}',
        '{"facts": [], "facts": []}',
        '{"facts": [NaN]}',
        '{"colour": 1}',
    ],
)
def test_a_line_that_cannot_be_read_is_bad_input(tmp_path: Path, line: str) -> None:
    code, said = call("monitor", RULES, trace(tmp_path, line))
    assert code == 2 and "trace.jsonl:" in said and len(said.strip().splitlines()) == 1


def test_the_shipped_file_passes_its_check_and_a_broken_one_does_not(tmp_path: Path) -> None:
    assert call("check", RULES)[0] == 0
    broken = tmp_path / "mine.yaml"
    broken.write_text("rules:\n  - name: x\n", encoding="utf-8")
    code, said = call("check", str(broken))
    assert code == 1 and "mine.yaml:2:" in said


def test_a_rule_is_explained_with_a_trace_inside_and_one_outside() -> None:
    code, said = call("explain", "close_the_fridge")
    assert code == 0 and all(word in said for word in ("Why:", "Keeps it:", "Breaks it:", "household.yaml:"))
    code, said = call("explain", "close_the_fridg")
    assert code == 2 and "close_the_fridge" in said


def test_a_rule_file_of_ones_own_brings_its_own_words(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        """
vocabulary: {boiling: [[kettle]]}
actions: {fill: [[kettle]]}
types: [kettle]
rules:
  - name: no_refill_while_it_boils
    text: A kettle is not filled while it boils.
    reason: steam scalds
    severity: veto
    for: ?k - kettle
    formula: (always (not (and (did fill ?k) (boiling ?k))))
    good: ["fill samovar |"]
    bad: ["fill samovar | (boiling samovar)"]
""",
        encoding="utf-8",
    )
    assert call("check", str(own))[0] == 0
    state = {"action": "fill(samovar)", "facts": ["(boiling samovar)"]}
    code, said = call("monitor", str(own), trace(tmp_path, {"facts": []}, state))
    assert code == 1 and "trace.jsonl:2: no_refill_while_it_boils: samovar after fill(samovar)" in said
    assert call("explain", "no_refill_while_it_boils", "--file", str(own))[0] == 0
    state["unknown"] = state.pop("facts")
    assert call("monitor", str(own), trace(tmp_path, state))[0] == 1, "unknown counts as the worse"


def test_words_that_no_rule_can_speak_of_are_pointed_out(tmp_path: Path) -> None:
    state = {"action": "OpenObject fridge", "facts": ["(ajar fridge)"]}
    result = CliRunner().invoke(app, ["rules", "monitor", RULES, trace(tmp_path, state)])
    assert result.exit_code == 0 and "ajar, openobject(fridge)" in result.stderr


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"facts": ["(open fridge door)"]}, "'open' takes 1 arguments"),
        ({"facts": ["(open (fridge))"]}, "expected (open fridge)"),
        ({"facts": ["open)fridge("]}, "expected (open fridge)"),
        ({"facts": [""]}, "expected (open fridge)"),
        ({"facts": [], "types": {"x": "openable"}}, "needs a list of types"),
        ({"facts": ["(open fridge)"], "unknown": ["(open fridge)"]}, "both a fact and unknown"),
        ({"facts": ["x" * 70_000]}, "longer than 65536 bytes"),
        ({"action": 3}, "'action' is a text"),
    ],
)
def test_a_state_that_makes_no_sense_is_bad_input(
    tmp_path: Path, line: dict[str, object], problem: str
) -> None:
    code, said = call("monitor", RULES, trace(tmp_path, OPENED, line))
    assert code == 2 and "trace.jsonl:2: " in said and problem in said
    assert len(said.strip().splitlines()) == 1


def test_rules_that_are_not_as_reviewed_watch_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    file = folder / "household.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    code, said = call("monitor", str(file), trace(tmp_path, OPENED))
    assert code == 2 and f"saycando rules lock {folder}" in said
    assert call("lock", str(folder))[1] == "changed: household.yaml\n"
    assert call("lock", str(folder))[1] == "nothing has changed\n"
    assert call("monitor", str(file), trace(tmp_path, OPENED, CLOSED))[0] == 0


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    file = tmp_path / "proposal.yaml"
    written = RuleText(
        name="no_towel_on_the_stove",
        text="A towel is never laid on the stove.",
        reason="it catches fire",
        severity="veto",
        variables="?t - towel ?s - stove",
        formula="(always (not (did place ?t ?s)))",
        good=["place towel_1 table |"],
        bad=["place towel_1 stove |"],
    )
    file.write_text(proposal_text(written, asked="no towels", model="test"), encoding="utf-8")
    return file


def test_nobody_accepts_a_rule_without_a_terminal(proposal: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    file = folder / "household.yaml"
    before = file.read_bytes()
    code, said = call("accept", str(proposal), "--into", str(file))
    assert code == 2 and "a person at a terminal" in said and "A towel is never laid on the stove." in said
    assert file.read_bytes() == before


@pytest.mark.parametrize(("typed", "code"), [("no_towel_on_the_stove", 0), ("yes", 1), ("", None)])
def test_a_person_at_a_terminal_accepts_by_typing_the_name(
    proposal: Path, tmp_path: Path, typed: str, code: int | None
) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    file = folder / "household.yaml"
    before = len(Rulebook.load(folder).rules)
    program = "from planner.cli import main; main()"
    command = [sys.executable, "-c", program, "rules", "accept", str(proposal), "--into", str(file)]
    person, terminal = pty.openpty()
    with subprocess.Popen(command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as ran:
        os.close(terminal)
        os.write(person, f"{typed}\n".encode())
        if code is None:
            os.close(person)  # the terminal goes away without an answer
        said = (ran.stdout.read() if ran.stdout else b"").decode()
    if code is not None:
        os.close(person)
        assert ran.returncode == code, said
    assert len(Rulebook.load(folder).rules) == before + (code == 0)
