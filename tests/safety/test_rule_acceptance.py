"""A proposal binds nobody; what a person accepts is what that person was shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from safety.rule_acceptance import accept_rule, proposal_text, read_proposal
from safety.rule_errors import RulebookError
from safety.rule_file import RuleText, read_rules
from safety.rulebook import SHIPPED, Rulebook

WRITTEN = RuleText(
    name="no_towel_on_the_stove",
    text="A towel is never laid on the stove.",
    reason="it catches fire, and 'quotes' too: \"yes\"",
    severity="veto",
    variables="?t - towel ?s - stove",
    formula="(always (not (did place ?t ?s)))",
    unless_asked=True,
    good=["place towel_1 table | (on towel_1 table)"],
    bad=["place towel_1 stove | (on towel_1 stove)"],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "rules"
    shutil.copytree(SHIPPED, target)
    return target


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    file = tmp_path / "proposal.yaml"
    file.write_text(proposal_text(WRITTEN, asked="no towels", model="test"), encoding="utf-8")
    return file


def test_an_accepted_proposal_becomes_a_locked_rule(folder: Path, proposal: Path) -> None:
    file, before = folder / "household.yaml", Rulebook.load(folder).rules
    read = read_proposal(proposal, file)
    assert (read.asked, read.model, read.written) == ("no towels", "test", WRITTEN)
    assert "new: household.yaml: rule no_towel_on_the_stove" in accept_rule(read, file)
    after = Rulebook.load(folder).rules
    assert [r.name for r in after] == [*(r.name for r in before), WRITTEN.name]
    added = after[-1]
    assert (added.text, added.reason, added.source) == (WRITTEN.text, WRITTEN.reason, WRITTEN.formula)
    assert (added.unless_asked, added.good, added.bad) == (True, tuple(WRITTEN.good), tuple(WRITTEN.bad))
    with pytest.raises(RulebookError, match="already"):
        accept_rule(read, file)
    assert Rulebook.load(folder).rules == after, "a refused rule changes nothing"


def test_what_is_accepted_is_what_was_shown(folder: Path, proposal: Path) -> None:
    file = folder / "household.yaml"
    shown = read_proposal(proposal, file)
    proposal.write_text(proposal.read_text(encoding="utf-8").replace("stove", "table"), encoding="utf-8")
    accept_rule(shown, file)
    assert Rulebook.load(folder).rules[-1].source == WRITTEN.formula


def test_a_proposal_is_no_rule_file(folder: Path, proposal: Path) -> None:
    with pytest.raises(RulebookError, match="asked|status|rule"):
        read_rules(proposal)
    shutil.copy(proposal, folder / "proposal.yaml")
    with pytest.raises(RulebookError, match=r"proposal\.yaml"):
        Rulebook.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("(did place ?t ?s)", "(did plaice ?t ?s)", "there is no action 'plaice'"),
        ("place towel_1 stove |", "place towel_1 table |", "the bad example keeps it"),
        ("place towel_1 table |", "place towel_1 stove |", "the good example breaks it"),
        ('status: "proposed"', 'status: "accepted"', "accepted already"),
        ('status: "proposed"', 'status: "law"', "status"),
        ("  severity:", "  sevrity:", "sevrity"),
    ],
)
def test_a_proposal_that_does_not_pass_is_not_read(
    folder: Path, proposal: Path, old: str, new: str, problem: str
) -> None:
    text = proposal.read_text(encoding="utf-8")
    assert old in text
    proposal.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=problem):
        read_proposal(proposal, folder / "household.yaml")


def test_nothing_is_added_to_a_file_that_was_tampered_with(folder: Path, proposal: Path) -> None:
    file = folder / "household.yaml"
    read = read_proposal(proposal, file)
    file.write_text(file.read_text(encoding="utf-8") + "# harmless\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="reviewed"):
        accept_rule(read, file)


def test_a_file_of_ones_own_needs_no_lock(tmp_path: Path, proposal: Path) -> None:
    own = tmp_path / "own.yaml"
    shutil.copy(SHIPPED / "household.yaml", own)
    assert accept_rule(read_proposal(proposal, own), own) == ("new: own.yaml: rule no_towel_on_the_stove",)
    assert Rulebook.read(own).rules[-1].name == WRITTEN.name
    assert not (tmp_path / "rules.lock").exists()
