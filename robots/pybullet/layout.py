"""Room robots: where the furniture stands; a scene is a `Layout`, so a user can pass another one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .cabinets import drawer, fridge, microwave
from .fixture_spec import FixtureSpec
from .furniture import counter, open_bin, person, sink, stove, table

NORTH, SOUTH, EAST, WEST = math.pi / 2, -math.pi / 2, 0.0, math.pi
"""Which way a robot looks when it stands before a piece of furniture, [rad]."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The furniture of a home."""

    name: str
    fixtures: tuple[FixtureSpec, ...]
    floor: tuple[float, float, float, float] = (-3.2, -2.4, 3.0, 2.6)
    """Extent of the floor in the world frame: x and y lower, x and y upper, [m]."""


def saycan_kitchen() -> Layout:
    """Return the kitchen of SayCan and more: a north and a south row, a table east, a person west."""
    drawers = (-0.2, -1.50, SOUTH)
    return Layout(
        name="saycan_kitchen",
        fixtures=(
            fridge("fridge", (-2.1, 1.55, NORTH)),
            counter("close_counter", (-0.9, 1.55, NORTH)),
            sink("sink", (0.2, 1.55, NORTH)),
            stove("stove", (1.0, 1.55, NORTH)),
            microwave("microwave", (1.9, 1.55, NORTH)),
            table("table", (1.85, -0.52, EAST)),
            counter("far_counter", (1.2, -1.50, SOUTH)),
            drawer("top_drawer", drawers, floor=0.68),
            drawer("middle_drawer", drawers, floor=0.43),
            drawer("bottom_drawer", drawers, floor=0.18, below=0.158),
            open_bin("trash_can", (-1.3, -1.50, SOUTH)),
            person("operator", (-1.95, -0.4, WEST)),
        ),
    )
