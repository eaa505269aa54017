"""Rules are what was reviewed: examples bear them out, and a file that changed refuses to load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from safety.ltl import Rule
from safety.rule_errors import RulebookError
from safety.rule_examples import example_problems
from safety.rule_file import read_rules
from safety.rule_lock import write_lock
from safety.rulebook import SHIPPED, Rulebook

SHIPPED_BOOK = Rulebook.load()
SHIPPED_RULES = SHIPPED_BOOK.rules
GOOD = """
vocabulary: {sticky: [[surface]]}
rules:
  - name: wipe_what_is_sticky
    text: A sticky surface is wiped.
    reason: things stick to it
    severity: duty
    for: ?s - surface
    formula: >-
      (always (imply (sticky ?s)
        (eventually (wiped ?s))))
    good: ["| (sticky table)", "wipe table | (wiped table)"]
    bad: ["| (sticky table)"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "rules"
    shutil.copytree(SHIPPED, target)
    return target


def test_every_shipped_rule_holds_just_inside_and_breaks_just_outside() -> None:
    assert example_problems(SHIPPED_RULES, SHIPPED_BOOK.vocabulary) == ()
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
    assert write_lock(folder) == ("new: more.yaml", "new: more.yaml: rule wipe_what_is_sticky")
    assert len(Rulebook.load(folder).rules) == len(SHIPPED_RULES) + 1


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("(sticky ?s)", "(stiky ?s)", 10, "there is no predicate 'stiky'; nearest: sticky"),
        ("(sticky ?s)", "(sticky ?s ?s)", 10, "'sticky' takes 1 arguments, found 2"),
        ("(wiped ?s)", "(wiped ?t)", 11, "the variable '?t' is not declared"),
        ("(wiped ?s)", "(wiped moon)", 11, "there is no object 'moon'"),
        ("(wiped ?s)", "(open ?s)", 11, "'?s' in 'open' can never be openable"),
        ("(wiped ?s)", "(did wype ?s)", 11, "there is no action 'wype'; nearest: wipe"),
        ("(wiped ?s)", "(did wipe)", 11, "the action 'wipe' takes 1 arguments, found 0"),
        ("(wiped ?s)", "(exactly many (?x - item) (on ?x ?s))", 11, "(exactly N (?x - type) formula)"),
        ("- surface", "- surfce", 8, "there is no type 'surfce'; nearest: surface"),
        ("[[surface]]", "[[surfce]]", 2, "there is no type 'surfce'"),
        ("{sticky: [[surface]]}", "{sticky: [[surface]], in: [[item]]}", 2, "'in' is a word already"),
        ("{sticky: [[surface]]}", "{sticky: [[surface]], on: [[item]]}", 2, "quote the key 'on'"),
        (
            "(wiped ?s)",
            "(exists (?a - item ?b - item ?c - item ?d - item ?e - item) (wiped ?s))",
            9,
            "at most 5",
        ),
        ("severity: duty", "severity: maybe", 7, "severity"),
        ("    reason: things stick to it\n", "", 4, "reason"),
        ("severity: duty", "severity: duty\n    colour: red", 8, "colour"),
        ("(wiped ?s))))", "(wiped ?s)))", 9, "not a formula"),
        ("    severity: duty", "    severity: duty\n    severity: veto", 8, "'severity' stands here twice"),
        ("rules:", "rules: [", 3, ""),
        ("(always", "(allways", 10, "nearest: always"),
        ("things stick", '"things \\e[2J stick', 6, ""),
        ("A sticky surface is wiped.", '"A \\u202e surface."', 5, "does not print"),
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
    read = read_rules(file)
    (problem,) = example_problems(read.rules, read.vocabulary)
    assert "the bad example keeps it" in problem


def test_a_variable_around_the_whole_formula_names_the_things(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = GOOD.replace("    for: ?s - surface\n", "").replace("(always", "(forall (?s - surface) (always")
    file.write_text(text.replace("(wiped ?s))))", "(wiped ?s)))))"), encoding="utf-8")
    (rule,) = read_rules(file).rules
    assert [v.name for v in rule.variables] == ["?s"]


def test_a_file_that_changes_between_its_check_and_its_reading_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    original = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path.name)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    Rulebook.load(folder)
    assert reads == ["household.yaml"], "what is hashed is what is parsed"


def test_a_locked_file_is_held_to_its_lock_wherever_it_is_read(folder: Path, tmp_path: Path) -> None:
    file = folder / "household.yaml"
    file.write_text(GOOD, encoding="utf-8")
    with pytest.raises(RulebookError, match="reviewed"):
        Rulebook.read(file)
    assert write_lock(folder)[0] == "changed: household.yaml"
    assert len(Rulebook.read(file).rules) == 1


def test_a_lock_that_cannot_be_read_is_named_with_its_line(folder: Path) -> None:
    lock = folder / "rules.lock"
    lock.write_text(lock.read_text(encoding="utf-8") + "household.yaml\n", encoding="utf-8")
    with pytest.raises(RulebookError, match=rf"rules\.lock:{len(SHIPPED_RULES) + 2}:"):
        Rulebook.load(folder)


def test_a_file_that_is_no_rule_file_leaves_the_lock_as_it_was(folder: Path) -> None:
    before = (folder / "rules.lock").read_bytes()
    (folder / "more.yaml").write_text("rules: 3", encoding="utf-8")
    with pytest.raises(RulebookError, match="more"):
        write_lock(folder)
    assert (folder / "rules.lock").read_bytes() == before
