"""Room safety: a proposed rule becomes one when a person accepts it; nothing else writes rule files.

A proposal is a YAML file that no rulebook loads: `status: proposed`, the sentence that was `asked`, the
`model` that wrote the rule, and the `rule` with the fields of a rule file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .ltl import Rule
from .ltl.vocabulary import Vocabulary
from .rule_errors import RulebookError
from .rule_examples import example_problems
from .rule_file import RuleText, parse_rules, rule_of, validated
from .rule_lock import is_locked, locked_files, replace_file, write_lock
from .rule_yaml import parse_yaml, read_text
from .rulebook import joined


class _ProposalText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    status: Literal["proposed", "accepted"]
    asked: str
    model: str
    rule: RuleText


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A rule that somebody proposes; it binds nobody."""

    status: str
    asked: str
    """The rule in the person's words."""
    model: str
    """Who wrote it down."""
    written: RuleText
    rule: Rule


def proposal_text(written: RuleText, *, asked: str, model: str, status: str = "proposed") -> str:
    """Return the file of a proposal."""
    head = {"status": status, "asked": asked, "model": model}
    lines = [f"{key}: {_quoted(value)}" for key, value in head.items()]
    return "\n".join(
        ["# Binds nobody until a person accepts it: saycando rules accept FILE", *lines, "rule:"]
    ) + "".join(f"\n  {line}" for line in _fields(written)) + "\n"  # fmt: skip


def parse_proposal(text: str, file: Path, vocabulary: Vocabulary) -> Proposal:
    """Read a proposal whose rule its own examples bear out.

    Args:
        text: What the file holds.
        file: Its name, for complaints.
        vocabulary: The words of the rule file that it is meant for.

    Raises:
        RulebookError: With the line, if a word does not fit or an example is on the wrong side.
    """
    document = parse_yaml(text, file)
    read = validated(_ProposalText, document)
    rule = rule_of(read.rule, document, ("rule",), vocabulary)
    problems = example_problems([rule], vocabulary)
    if problems:
        raise RulebookError("; ".join(problems))
    return Proposal(status=read.status, asked=read.asked, model=read.model, written=read.rule, rule=rule)


def read_proposal(file: Path, into: Path) -> Proposal:
    """Read a proposal for a rule file.

    Raises:
        RulebookError: If it is none, or was accepted before.
    """
    vocabulary = parse_rules(read_text(into), into).vocabulary
    proposal = parse_proposal(read_text(file), file, vocabulary)
    if proposal.status != "proposed":
        raise RulebookError(f"{file} is {proposal.status} already")
    return proposal


def accept_rule(proposal: Proposal, into: Path) -> tuple[str, ...]:
    """Add a proposed rule to a rule file, and lock the file again if it was locked; return what changed.

    The caller is a person's own command, and `proposal` is what that person was shown: no model and no
    program may call it without one.

    Raises:
        RulebookError: If the rule's name is taken, or a locked file was tampered with before.
    """
    was_locked = is_locked(into)
    others = [f for f in locked_files(into.parent) if f.file.name != into.name] if was_locked else []
    old = read_text(into)
    first, *rest = _fields(proposal.written)
    entry = "\n".join([f"  - {first}", *(f"    {line}" for line in rest)])
    new = f"{old.rstrip()}\n\n{entry}\n"
    before, after = parse_rules(old, into).rules, parse_rules(new, into).rules
    if [r.name for r in after] != [*(r.name for r in before), proposal.rule.name]:
        raise RulebookError(f"{into}: its rules are not at its end, so that none can be added there")
    joined([*after, *(rule for file in others for rule in file.rules)])
    replace_file(into, new)
    return write_lock(into.parent) if was_locked else (f"new: {into.name}: rule {proposal.rule.name}",)


def _fields(written: RuleText) -> list[str]:
    """Return the lines of a rule's entry."""
    fields = written.model_dump(by_alias=True, exclude_defaults=True)
    return [f"{key}: {_value(value)}" for key, value in fields.items()]


def _value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(str(v)) for v in value) + "]"
    return _quoted(value) if isinstance(value, str) else "true" if value is True else "false"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
