"""`saycando rules`: people's own traces, exit codes, and that no model writes a rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from safety.rulebook import SHIPPED

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
    assert code == 1 and "trace.jsonl:2: close_the_fridge: fridge" in said
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


def test_nobody_accepts_a_rule_without_a_terminal(tmp_path: Path) -> None:
    text = (SHIPPED / "household.yaml").read_text(encoding="utf-8")
    start = text.index("  - name: no_electronics_in_water")
    entry = text[start : text.index("  - name: no_liquid_near", start)].replace(
        "no_electronics_in_water", "mine"
    )
    proposal = tmp_path / "proposal.yaml"
    proposal.write_text("rules:\n" + entry, encoding="utf-8")
    code, said = call("accept", str(proposal))
    assert code == 2 and "a person at a terminal" in said
    assert (SHIPPED / "household.yaml").read_text(encoding="utf-8") == text
