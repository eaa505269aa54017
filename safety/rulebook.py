"""Room safety: rules as reviewed data: read, checked with line numbers, held to the hashes of their review.

A rule file is YAML:

    vocabulary: {frozen: [[food]]}      predicates beyond the household's: accepted types per argument
    actions: {mop: [[surface]]}         actions beyond the robot's skills
    types: [heater]                     types beyond the catalogue's and the furniture's
    objects: {kettle: [switchable]}     names beyond our home's that a rule speaks of by themselves
    rules:
      - name: close_what_you_opened
        text: What the robot opened, it closes.
        reason: an open door is walked into
        severity: duty                  or veto
        for: ?c - openable              optional: the rule is kept for each of these on its own
        formula: (always (imply (did open ?c) (eventually (not (open ?c)))))
        unless_asked: true              optional: an end that was asked for may break it
        good: ["open fridge | (open fridge)", "close fridge |"]     a trace that keeps it, one state a line
        bad: ["open fridge | (open fridge)"]                        a trace just outside
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grounding import Universe, nearest

from .ltl import Monitor, Rule
from .ltl.vocabulary import Vocabulary
from .rule_errors import RulebookError
from .rule_file import RuleFile, read_rules
from .rule_lock import is_locked, locked_files
from .rule_vocabulary import household

__all__ = ["SHIPPED", "Rulebook", "RulebookError", "joined"]

SHIPPED = Path(__file__).parent / "rules"


@dataclass(frozen=True)
class Rulebook:
    """The rules that hold, in the order of their files."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary = field(default_factory=household)
    """Every word that they may use."""

    @classmethod
    def load(cls, folder: Path | None = None) -> Rulebook:
        """Read every rule file of a folder, each exactly as it was reviewed; default is the shipped folder.

        Raises:
            RulebookError: If a file is missing, cannot be read, or is not the one that was locked.
        """
        return _book(locked_files(SHIPPED if folder is None else folder))

    @classmethod
    def read(cls, file: Path) -> Rulebook:
        """Read one rule file; if a lock beside it names it, it must be as it was reviewed.

        Raises:
            RulebookError: If it cannot be read, with the line.
        """
        if is_locked(file):
            return _book([read for read in locked_files(file.parent) if read.file.name == file.name])
        return _book([read_rules(file)])

    def monitor(self, universe: Universe) -> Monitor:
        """Return a monitor of an empty trace over the names of a scene."""
        return Monitor(self.rules, universe)

    def rule(self, name: str) -> Rule:
        """Return the rule called `name`.

        Raises:
            RulebookError: If there is none; with the nearest names.
        """
        found = next((rule for rule in self.rules if rule.name == name), None)
        if found is None:
            choices = ", ".join(nearest(name, [rule.name for rule in self.rules]))
            raise RulebookError(f"there is no rule {name!r}; nearest: {choices}")
        return found


def joined(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules when every name is there once.

    Raises:
        RulebookError: If two rules have one name.
    """
    seen: dict[str, Rule] = {}
    for rule in rules:
        other = seen.setdefault(rule.name, rule)
        if other is not rule:
            raise RulebookError(
                f"{rule.file}:{rule.line}: there is a rule {rule.name!r} already, "
                f"at {other.file}:{other.line}"
            )
    return tuple(rules)


def _book(files: Sequence[RuleFile]) -> Rulebook:
    vocabulary = files[0].vocabulary
    for file in files[1:]:
        vocabulary = vocabulary.joined(file.vocabulary)
    return Rulebook(joined([rule for file in files for rule in file.rules]), vocabulary)
