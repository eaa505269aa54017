"""Room safety: the lock of the rule files: what was reviewed is what is loaded, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .rule_file import RulebookError

LOCK = "rules.lock"


def check_lock(folder: Path) -> tuple[Path, ...]:
    """Return the rule files of a folder when they are exactly those of its lock.

    Raises:
        RulebookError: If the lock or a file is missing, was changed, or is one too many.
    """
    file = folder / LOCK
    try:
        locked = _parse(file.read_text(encoding="utf-8"), file)
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"{file} cannot be read: {error}; without it no rule is trusted") from error
    present = {path.name for path in folder.glob("*.yaml")}
    if present != set(locked):
        differing = ", ".join(sorted(present ^ set(locked)))
        raise RulebookError(f"{folder}: rule files and lock differ in: {differing}; review, then lock again")
    if not locked:
        raise RulebookError(f"{file} names no rule file; without rules nothing may start")
    for name, digest in locked.items():
        found = digest_of(folder / name)
        if found != digest:
            raise RulebookError(
                f"{folder / name} is not the file that was reviewed (sha256 {found[:12]}, locked "
                f"{digest[:12]}); review it, then lock it: saycando rules lock {folder}"
            )
    return tuple(folder / name for name in locked)


def write_lock(folder: Path) -> tuple[str, ...]:
    """Lock every rule file of a folder as it is; return a line for each that changed."""
    file = folder / LOCK
    old = _parse(file.read_text(encoding="utf-8"), file) if file.exists() else {}
    new = {path.name: digest_of(path) for path in sorted(folder.glob("*.yaml"))}
    file.write_text("".join(f"{digest}  {name}\n" for name, digest in new.items()), encoding="utf-8")
    changed = [name for name in sorted(old | new) if old.get(name) != new.get(name)]
    words = {True: "locked", False: "no longer locked"}
    return tuple(f"{words[name in new]}: {name}" for name in changed)


def digest_of(file: Path) -> str:
    """Return the sha256 of a file.

    Raises:
        RulebookError: If it cannot be read.
    """
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise RulebookError(f"{file} cannot be read: {error.strerror}") from error


def _parse(text: str, file: Path) -> dict[str, str]:
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name.endswith(".yaml") or "/" in name:
            raise RulebookError(f"{file}:{number}: expected '<sha256>  <name>.yaml', found {line[:40]!r}")
        found[name] = digest
    return found
