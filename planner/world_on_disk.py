"""Room planner: keep the simulated world beside the journal, so that a run can be gone on with.

The world is written before the record that it belongs to: whatever moment a crash picks, the home on disk is
at least as far as the journal says, as a real home would be.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.executive import Event, JournalBroken, RunResumed, RunStarted, StepEnded, StepStarted
from robots import Command, CommandReport, Robot, RobotProxy

if TYPE_CHECKING:
    from robots.pybullet import PybulletKitchen

FOLDER = "world"
_BOUNDARIES = (RunStarted, RunResumed, StepStarted, StepEnded)


class WorldOnDisk(RobotProxy):
    """A robot whose world is written at every boundary of a step and twice a second; listens to its run.

    It has to be told before the journal is.
    """

    def __init__(self, robot: Robot, kitchen: PybulletKitchen, folder: Path) -> None:
        """Keep the world of `kitchen`, in which `robot` acts, in `folder`.

        Raises:
            JournalBroken: If the folder cannot be made.
        """
        from robots.pybullet.snapshot import KeptWorld, SnapshotFailed

        self._failure = SnapshotFailed
        self._folder = folder
        try:
            self._kept = KeptWorld(robot, kitchen, folder)
        except SnapshotFailed as failure:
            raise JournalBroken(folder, failure) from failure
        super().__init__(self._kept)

    def command(self, command: Command) -> CommandReport:
        """Execute one tick.

        Raises:
            JournalBroken: If the world cannot be kept.
        """
        try:
            return self._kept.command(command)
        except self._failure as failure:
            raise JournalBroken(self._folder, failure) from failure

    def __call__(self, event: Event) -> None:
        """Keep the world of this moment, when it is a boundary.

        Raises:
            JournalBroken: If it cannot be kept.
        """
        if isinstance(event, _BOUNDARIES):
            try:
                self._kept.keep()
            except self._failure as failure:
                raise JournalBroken(self._folder, failure) from failure

    def forget(self) -> None:
        """Delete what was kept: a run that has ended is not gone on with."""
        self._kept.forget()
