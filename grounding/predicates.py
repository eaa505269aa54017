"""Room grounding: the household predicates: names, argument types and meaning, in one table.

Formulas are checked against this table before anything moves (`grounding.check_formula`), and the PDDL domain
is written from it. What makes a fact true of a measured world is in `grounding.facts`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Predicate:
    """One predicate of the vocabulary."""

    name: str
    arguments: tuple[tuple[str, ...], ...]
    """Accepted types per argument."""
    meaning: str
    is_static: bool = False
    """Never changed by any skill."""
    is_memory: bool = False
    """True for ever once it happened; perception remembers it."""


def _p(
    name: str, *arguments: str, meaning: str, is_static: bool = False, is_memory: bool = False
) -> Predicate:
    types = tuple(tuple(a.split("|")) for a in arguments)
    return Predicate(name=name, arguments=types, meaning=meaning, is_static=is_static, is_memory=is_memory)


PREDICATES: tuple[Predicate, ...] = (
    _p("on", "item", "surface", meaning="the item rests on the surface"),
    _p("in", "item", "container|receptacle", meaning="the item is inside the container or receptacle"),
    _p("holding", "item", meaning="the gripper holds the item"),
    _p("gripper_empty", meaning="the gripper holds nothing"),
    _p("with_operator", "item", meaning="the person has received the item"),
    _p("robot_at", "place", meaning="the robot stands where it can use the place"),
    _p("visited", "place", meaning="the robot has been at the place", is_memory=True),
    _p("found", "item", meaning="the robot has looked at the item", is_memory=True),
    _p("open", "openable", meaning="the door or drawer is open"),
    _p("turned_on", "switchable", meaning="the appliance, burner or tap is on"),
    _p("wiped", "surface", meaning="the surface has been wiped with a cleaning item", is_memory=True),
    _p("filled", "receptacle|pourable", meaning="there is something to drink or pour in it"),
    _p("poured", "item", "receptacle|sink", meaning="the first was poured into the second", is_memory=True),
    _p("blocks", "item", "surface", meaning="the item stands where wiping the surface would sweep"),
    _p("pushed", "item", "direction", meaning="the item was pushed that way", is_memory=True),
    _p("same_station", "place", "place", meaning="both are used from one docking place", is_static=True),
    _p("above", "drawer", "drawer", meaning="the first drawer, when open, covers the second", is_static=True),
)

PREDICATE_BY_NAME = {p.name: p for p in PREDICATES}
