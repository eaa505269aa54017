"""Room safety: real-time robots: the tick filter in a process of its own, and a driver that needs a lease."""

from .driver import LeasedDriver, run_driver
from .lease import LEASE_S, Lease
from .links import Links, State, Target
from .robot import RealtimeProcesses, RealtimeRobot

__all__ = [
    "LEASE_S",
    "LeasedDriver",
    "Lease",
    "Links",
    "RealtimeProcesses",
    "RealtimeRobot",
    "State",
    "Target",
    "run_driver",
]
