"""Room grounding: building blocks of geometric affordances: reach, clearance, free room, docks, sweeps."""

from .chance import CERTAIN, Chance, all_of, impossible
from .clearance import clearance_chance
from .reach import reach_chance
from .room import room_chance
from .standing import standing_chance
from .sweep import sweep_chance

__all__ = [
    "CERTAIN",
    "Chance",
    "all_of",
    "clearance_chance",
    "impossible",
    "reach_chance",
    "room_chance",
    "standing_chance",
    "sweep_chance",
]
