"""Runs of the executive that die at a chosen record of their journal, and what goes on with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.executive import Event, Executive, Parts, Report
from planner.journal import RunFolder, read_events, read_journal


class Killed(BaseException):
    """Stands for SIGKILL: nothing is told any more, whoever tries."""


class Reaper:
    """Lets so many events be written; dies before the next one is, or right after the last one was."""

    def __init__(self, events: int) -> None:
        self._left = events

    def before(self, event: Event) -> None:
        if self._left == 0:
            raise Killed
        self._left -= 1

    def after(self, event: Event) -> None:
        if self._left == 0:
            raise Killed


def kill(
    root: Path, parts: Parts, events: int, *, has_effect: bool, instruction: str = "bring me an apple"
) -> Path:
    """Run until so many events are written; a step that was begun has its effect, or has none."""
    folder, reaper = RunFolder(root, instruction), Reaper(events)
    last = () if has_effect else (reaper.after,)
    parts = replace(parts, listeners=(reaper.before, folder, *last, *parts.listeners))
    with pytest.raises(Killed):
        Executive(parts).run(instruction)
    folder.close()
    assert len(read_events(folder.path)) == events
    return folder.path


def resume(path: Path, parts: Parts) -> Report:
    folder = RunFolder.reopen(path)
    parts = replace(parts, listeners=(folder, *parts.listeners))
    report = Executive(parts).resume(read_journal(path).past)
    folder.close()
    return report


def contents(path: Path, kind: str) -> list[dict[str, Any]]:
    return [data for each, data in read_events(path) if each == kind]
