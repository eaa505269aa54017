"""Room safety: the lock of the rule files: what was reviewed is what is loaded, byte for byte.

`rules.lock` has a line `<sha256>  <file>` for every rule file, and `<sha256>  <file>#<rule>` for every rule
in it, so that locking again can say which rules are new, changed or gone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from .rule_errors import RulebookError
from .rule_file import RuleFile, parse_rules
from .rule_yaml import decoded, read_text

LOCK = "rules.lock"


def locked_files(folder: Path) -> tuple[RuleFile, ...]:
    """Return the rules of a folder when its files are exactly those of its lock.

    Every file is read once: what is hashed is what is parsed.

    Raises:
        RulebookError: If the lock or a file is missing, was changed, is one too many, or cannot be read.
    """
    lock = folder / LOCK
    locked = {name: digest for name, digest in _read(lock).items() if "#" not in name}
    present = {path.name for path in _files(folder)}
    if present != set(locked):
        differing = ", ".join(sorted(present ^ set(locked)))
        raise RulebookError(
            f"{folder}: the rule files and {LOCK} differ in: {differing}; review them, then lock them: "
            f"saycando rules lock {folder}"
        )
    if not locked:
        raise RulebookError(f"{lock} names no rule file; without rules nothing may start")
    return tuple(_checked(folder / name, digest) for name, digest in locked.items())


def write_lock(folder: Path) -> tuple[str, ...]:
    """Lock every rule file of a folder as it is; return a line for everything that changed.

    Raises:
        RulebookError: If a file is no rule file; then the lock stays as it was.
    """
    lock = folder / LOCK
    old = _read(lock) if lock.exists() else {}
    new: dict[str, str] = {}
    for file in _files(folder):
        text = read_text(file)
        new[file.name] = _sha(text)
        for rule in parse_rules(text, file).rules:
            new[f"{file.name}#{rule.name}"] = _sha(repr(_substance(rule)))
    replace_file(lock, "".join(f"{digest}  {name}\n" for name, digest in new.items()))
    return tuple(_changes(old, new))


def is_locked(file: Path) -> bool:
    """Return whether a file is one of a locked folder."""
    lock = file.parent / LOCK
    return lock.is_file() and file.name in _read(lock)


def replace_file(file: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(text.encode())
    os.replace(new, file)


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    words = {(False, True): "new", (True, True): "changed", (True, False): "no longer there"}
    return [
        f"{words[name in old, name in new]}: {name.replace('#', ': rule ')}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _substance(rule: object) -> tuple[object, ...]:
    """Return everything of a rule but where it stands."""
    return tuple(value for key, value in vars(rule).items() if key not in ("file", "line"))


def _checked(file: Path, digest: str) -> RuleFile:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise RulebookError(f"{file} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise RulebookError(
            f"{file} is not the file that was reviewed (sha256 {found[:12]}, locked {digest[:12]}); "
            f"review it, then lock it: saycando rules lock {file.parent}"
        )
    return parse_rules(decoded(data, file), file)


def _read(lock: Path) -> dict[str, str]:
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"{lock} cannot be read: {error}; without it no rule is trusted") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        digest, _, name = line.partition("  ")
        file = name.partition("#")[0]
        is_digest = len(digest) == 64 and not set(digest) - set("0123456789abcdef")
        if not is_digest or not file.endswith((".yaml", ".yml")) or "/" in name or name in found:
            raise RulebookError(f"{lock}:{number}: expected '<sha256>  <name>.yaml', found {line[:40]!r}")
        found[name] = digest
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
