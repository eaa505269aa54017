"""Rules are what was reviewed: examples bear them out, and a file that changed refuses to load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from safety.ltl import Rule
from safety.rule_acceptance import accept_rule, read_proposal
from safety.rule_examples import example_problems
from safety.rule_file import RulebookError, read_rules
from safety.rule_lock import write_lock
from safety.rulebook import SHIPPED, Rulebook

SHIPPED_RULES = Rulebook.load().rules
GOOD = """
vocabulary: {sticky: [[surface]]}
rules:
  - name: wipe_what_is_sticky
    text: A sticky surface is wiped.
    reason: things stick to it
    severity: duty
    for: ?s - surface
    formula: (always (imply (sticky ?s) (eventually (wiped ?s))))
    good: ["| (sticky table)", "wipe table | (wiped table)"]
    bad: ["| (sticky table)"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "rules"
    shutil.copytree(SHIPPED, target)
    return target


def test_every_shipped_rule_holds_just_inside_and_breaks_just_outside() -> None:
    assert example_problems(SHIPPED_RULES) == ()
    assert len(SHIPPED_RULES) >= 20


@pytest.mark.parametrize("rule", SHIPPED_RULES, ids=lambda rule: rule.name)
def test_every_rule_says_what_and_why(rule: Rule) -> None:
    assert rule.text.endswith(".") and rule.reason and rule.line > 0


def test_a_copy_of_the_reviewed_rules_loads(folder: Path) -> None:
    assert len(Rulebook.load(folder).rules) == len(SHIPPED_RULES)


@pytest.mark.parametrize("position", [0, 900, 5000, -2])
def test_one_flipped_byte_refuses_to_load(folder: Path, position: int) -> None:
    file = folder / "household.yaml"
    data = bytearray(file.read_bytes())
    data[position] ^= 1
    file.write_bytes(data)
    with pytest.raises(RulebookError, match="not the file that was reviewed"):
        Rulebook.load(folder)


@pytest.mark.parametrize("name", ["household.yaml", "rules.lock"])
def test_a_missing_file_refuses_to_load(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(RulebookError, match=name):
        Rulebook.load(folder)


def test_a_file_that_nobody_reviewed_refuses_to_load(folder: Path) -> None:
    (folder / "more.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RulebookError, match=r"more\.yaml"):
        Rulebook.load(folder)
    assert write_lock(folder) == ("locked: more.yaml",)
    assert len(Rulebook.load(folder).rules) == len(SHIPPED_RULES) + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("(sticky ?s)", "(stiky ?s)", 4, "there is no predicate 'stiky'; nearest: sticky"),
        ("(sticky ?s)", "(sticky ?s ?s)", 4, "'sticky' takes 1 arguments, found 2"),
        ("(wiped ?s)", "(wiped ?t)", 4, "the variable '?t' is not declared"),
        ("- surface", "- surfce", 4, "there is no type 'surfce'; nearest: surface"),
        ("severity: duty", "severity: maybe", 7, "severity"),
        ("    reason: things stick to it\n", "", 4, "reason"),
        ("severity: duty", "severity: duty\n    colour: red", 8, "colour"),
        ("(wiped ?s))))", "(wiped ?s)))", 4, "not a formula"),
        ("    severity: duty", "    severity: duty\n    severity: veto", 8, "'severity' stands here twice"),
        ("rules:", "rules: [", 3, ""),
        ("(always", "(allways", 4, "nearest: always"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    assert old in GOOD
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        read_rules(file)
    message = str(caught.value)
    assert problem in message and message.startswith(f"{file}:") and "\n" not in message
    if problem:
        assert message.startswith(f"{file}:{line}:")


def test_two_rules_of_one_name_are_refused(folder: Path) -> None:
    (folder / "more.yaml").write_text(
        GOOD.replace("wipe_what_is_sticky", SHIPPED_RULES[0].name), encoding="utf-8"
    )
    write_lock(folder)
    with pytest.raises(RulebookError, match="already"):
        Rulebook.load(folder)


@pytest.mark.parametrize("text", ["", "rules: []", "[]", "\x00", "rules: 3"])
def test_a_file_without_rules_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError):
        read_rules(file)


def test_an_example_on_the_wrong_side_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD.replace('bad: ["| (sticky table)"]', 'bad: ["|"]'), encoding="utf-8")
    (problem,) = example_problems(read_rules(file))
    assert "the bad example keeps it" in problem


def test_an_accepted_proposal_becomes_a_locked_rule(folder: Path, tmp_path: Path) -> None:
    proposal = tmp_path / "proposal.yaml"
    text = GOOD.replace("vocabulary: {sticky: [[surface]]}\n", "").replace(
        "(sticky ?s)", "(did place apple_1 ?s)"
    )
    text = text.replace("(sticky table)", "(robot_at table)").replace(
        '"| (robot', '"place apple_1 table | (robot'
    )
    proposal.write_text(text, encoding="utf-8")
    assert read_proposal(proposal).name == "wipe_what_is_sticky"
    before = len(Rulebook.load(folder).rules)
    assert accept_rule(proposal, folder / "household.yaml")[0] == "accepted: wipe_what_is_sticky"
    assert len(Rulebook.load(folder).rules) == before + 1
    with pytest.raises(RulebookError, match="already"):
        accept_rule(proposal, folder / "household.yaml")
    assert len(Rulebook.load(folder).rules) == before + 1, "a refused rule changes nothing"


def test_a_proposal_is_not_accepted_into_a_file_that_was_tampered_with(folder: Path, tmp_path: Path) -> None:
    proposal = tmp_path / "proposal.yaml"
    proposal.write_text(GOOD, encoding="utf-8")
    (folder / "household.yaml").write_text("rules: []", encoding="utf-8")
    with pytest.raises(RulebookError, match="reviewed"):
        accept_rule(proposal, folder / "household.yaml")
