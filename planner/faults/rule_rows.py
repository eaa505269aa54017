"""Room planner: rows for what is on the disk: rule files altered or gone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from safety import HouseholdSupervisor
from safety.rulebook import SHIPPED, Rulebook, RulebookError
from skills import HOUSEHOLD_CONTRACTS

from .trial import Row, Trial


def _tampered(rng: np.random.Generator) -> Trial:
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules"
        shutil.copytree(SHIPPED, rules)
        files = sorted(rules.glob("*.yaml"))
        what = _WAYS[int(rng.integers(len(_WAYS)))](rng, rules, files[int(rng.integers(len(files)))])
        try:
            supervisor = HouseholdSupervisor(HOUSEHOLD_CONTRACTS, Rulebook.load(rules))
        except RulebookError as error:
            return Trial(injected=what, ending="refused", reason=str(error).replace(str(rules), "rules"))
        same = [repr(rule.formula) for rule in supervisor.rulebook.rules] == [
            repr(rule.formula) for rule in Rulebook.load().rules
        ]
    unsafe = () if same else ("rules were loaded that nobody reviewed",)
    return Trial(
        injected=what, ending="passed", reason="the rules are those that were reviewed", unsafe=unsafe
    )


def _flip(rng: np.random.Generator, rules: Path, file: Path) -> str:
    return _flipped(rng, file)


def _flip_lock(rng: np.random.Generator, rules: Path, file: Path) -> str:
    return _flipped(rng, rules / "rules.lock")


def _flipped(rng: np.random.Generator, file: Path) -> str:
    data = bytearray(file.read_bytes())
    at, bit = int(rng.integers(len(data))), int(rng.integers(8))
    data[at] ^= 1 << bit
    file.write_bytes(bytes(data))
    return f"bit {bit} of byte {at} of {file.name} flipped"


def _cut(rng: np.random.Generator, rules: Path, file: Path) -> str:
    data = file.read_bytes()
    at = int(rng.integers(len(data)))
    file.write_bytes(data[:at])
    return f"{file.name} cut after {at} bytes"


def _removed(rng: np.random.Generator, rules: Path, file: Path) -> str:
    file.unlink()
    return f"{file.name} removed"


def _no_lock(rng: np.random.Generator, rules: Path, file: Path) -> str:
    (rules / "rules.lock").unlink()
    return "the lock removed"


def _added(rng: np.random.Generator, rules: Path, file: Path) -> str:
    shutil.copy(file, rules / "more.yaml")
    return "a rule file added"


def _weakened(rng: np.random.Generator, rules: Path, file: Path) -> str:
    file.write_text(file.read_text().replace("severity: veto", "severity: duty", 1))
    return f"a veto in {file.name} made a duty"


def _empty_lock(rng: np.random.Generator, rules: Path, file: Path) -> str:
    for each in rules.glob("*.yaml"):
        each.unlink()
    (rules / "rules.lock").write_text("")
    return "all rules removed, and an empty lock"


_WAYS: tuple[Callable[[np.random.Generator, Path, Path], str], ...] = (
    *(_flip,) * 4, _flip_lock, _cut, _removed, _no_lock, _added, _weakened, _empty_lock,
)  # fmt: skip

RULE_ROWS = (
    Row(
        name="rules-tampered",
        group="files",
        injection="a bit flipped, a file cut, removed, added or weakened, in the rules or their lock",
        expected="nothing starts, unless the rules are still those that were reviewed",
        inject=_tampered,
    ),
)
