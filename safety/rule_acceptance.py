"""Room safety: a proposed rule becomes one when a person accepts it; nothing else writes rule files."""

from __future__ import annotations

import os
from pathlib import Path

from .ltl import Rule
from .rule_examples import example_problems
from .rule_file import RulebookError, read_rules
from .rule_lock import check_lock, write_lock
from .rulebook import joined


def read_proposal(file: Path) -> Rule:
    """Read a proposal: a rule file with exactly one rule that its own examples bear out.

    Raises:
        RulebookError: If it is anything else.
    """
    rules = read_rules(file)
    if len(rules) != 1:
        raise RulebookError(f"{file} proposes {len(rules)} rules; one is accepted at a time")
    problems = example_problems(rules)
    if problems:
        raise RulebookError("; ".join(problems))
    return rules[0]


def accept_rule(proposal: Path, into: Path) -> tuple[str, ...]:
    """Add a proposed rule to a locked rule file and lock it again; return what changed.

    The caller is a person's own command: no model and no program may call it without one.

    Raises:
        RulebookError: If the proposal is no rule, its name is taken, or the file was tampered with before.
    """
    rule = read_proposal(proposal)
    check_lock(into.parent)
    text = proposal.read_text(encoding="utf-8")
    entry = text[text.index("  - name:") :].rstrip()
    old = into.read_text(encoding="utf-8").rstrip()
    new = into.with_suffix(".new")
    new.write_text(f"{old}\n\n{entry}\n", encoding="utf-8")
    try:
        joined(read_rules(new))
        os.replace(new, into)
    finally:
        new.unlink(missing_ok=True)
    return (f"accepted: {rule.name}", *write_lock(into.parent))
