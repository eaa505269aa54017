"""Room planner: let the disk fill up during a run, and count what moved without an intent on record.

No file of the run's process may grow beyond a limit, which the operating system enforces
(`RLIMIT_FSIZE`): the journal, its write-ahead log or a snapshot of the world hits it first.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from planner.journal import FILE
from planner.session import SessionOptions, open_session
from robots import Command, CommandReport, Robot, RobotProxy

from .crash_trial import CrashTask, run_apart


@dataclass(frozen=True, kw_only=True)
class FullDiskResult:
    """What became of a run whose disk filled up."""

    exit_code: int | None
    """Of its process; 0 when the run ended in an orderly way."""
    ending: str = ""
    reason: str = ""
    commands: int = 0
    """Ticks commanded to the robot."""
    unrecorded: int = 0
    """Those for which the journal held no open intent."""

    @property
    def is_explained(self) -> bool:
        """Return whether the run was stopped, and said that it could not be recorded."""
        return self.ending == "stopped" and "nothing moves without its record" in self.reason


def run_on_full_disk(task: CrashTask, most_bytes: int, root: Path) -> FullDiskResult:
    """Run a task in a process of its own whose files cannot grow beyond a limit.

    Args:
        task: What to do.
        most_bytes: Largest size of any file; from about 30,000 on the journal can be opened.
        root: Folder for the run folder; must not exist.
    """
    root.mkdir(parents=True)
    outcome = root / "outcome.json"
    exit_code = run_apart(_run, (task, most_bytes, root, outcome))
    told = json.loads(outcome.read_text()) if outcome.exists() else {}
    return FullDiskResult(exit_code=exit_code, **told)


class _Witness(RobotProxy):
    """Looks the open intent up in the journal, by a connection of its own, at every tick."""

    def __init__(self, robot: Robot, root: Path) -> None:
        super().__init__(robot)
        self._root = root
        self._journal: sqlite3.Connection | None = None
        self.commands = 0
        self.unrecorded = 0

    def command(self, command: Command) -> CommandReport:
        self.commands += 1
        self.unrecorded += not self._has_intent()
        return self._robot.command(command)

    def _has_intent(self) -> bool:
        if self._journal is None:
            (file,) = self._root.glob(f"*/{FILE}")
            self._journal = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        newest = self._journal.execute(
            "SELECT kind FROM events WHERE kind IN ('StepStarted', 'StepEnded') ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return bool(newest == ("StepStarted",))


def _run(task: CrashTask, most_bytes: int, root: Path, outcome: Path) -> None:
    import resource

    from planner.executive import JournalBroken

    options = SessionOptions(run_root=root)
    with open_session(objects=task.objects, robot_at=task.robot_at, seed=task.seed, options=options) as home:
        witness = _Witness(home.parts.robot, root)
        home.attend(robot=witness)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        try:
            report = home.run(task.instruction)
            ending, reason = report.ending.value, report.reason
        except JournalBroken as broken:  # before the run had begun
            ending, reason = "stopped", str(broken)
    counts = {"commands": witness.commands, "unrecorded": witness.unrecorded}
    outcome.write_text(json.dumps({"ending": ending, "reason": reason, **counts}))
