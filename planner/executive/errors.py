"""Room planner: what ends a run from outside its loop.

RuntimeError
└── JournalBroken   the disk: no journal, no motion
"""

from __future__ import annotations


class JournalBroken(RuntimeError):
    """A record of the run could not be written; a listener that raises it ends the run, robot at rest.

    Args:
        where: File or folder.
        why: What the disk or the database says, one clause.
    """

    def __init__(self, where: object, why: object) -> None:
        """Write the sentence from the facts."""
        super().__init__(f"{where} cannot be written: {why}; nothing moves without its record")
        self.why = str(why)
