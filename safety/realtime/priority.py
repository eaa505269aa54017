"""Room safety: ask the system to run this process before others, where it allows that."""

from __future__ import annotations

import os
from contextlib import suppress

DRIVER, FILTER = 50, 40
"""Real-time priorities (SCHED_FIFO): the driver may interrupt the filter, and both anything that computes."""


def run_before_others(priority: int) -> bool:
    """Take a real-time priority; return whether the system granted it.

    Without it everything is as safe, and a busy machine stops the robot more often.
    """
    with suppress(OSError, AttributeError):  # no permission, or no Linux
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
        return True
    return False
