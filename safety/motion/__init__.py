"""Room safety: layers 4 and 5: motions and ticks: modes, separation, braking room, the guarded robot."""

from .bounds import braking_bound, distance_scale, protective_distance, separation_scale, separation_speed
from .chunk_gate import ChunkGate
from .guard import GuardedRobot, StepOverrun
from .modes import Mode, ModeMachine
from .tick_filter import Tick, TickFilter

__all__ = [
    "ChunkGate",
    "GuardedRobot",
    "Mode",
    "ModeMachine",
    "StepOverrun",
    "Tick",
    "TickFilter",
    "braking_bound",
    "distance_scale",
    "protective_distance",
    "separation_scale",
    "separation_speed",
]
