"""Room safety: what happens when something is switched, opened, shut or heated."""

from __future__ import annotations

from .act import Act
from .stage import Stage
from .world import Item

CAN_BE_LIT = frozenset({"lightable", "flame", "heater", "electric", "warm_light"})
WORKS_ON_CONTENTS = frozenset({"appliance", "warm_light"})
HEATED_IN = {"microwave": "microwave", "nuke": "microwave", "toast": "toaster"}
"""The device that a verb implies."""
SOME_HEATER = "heat source"


def turn_on(stage: Stage, act: Act) -> None:
    """Switch on; `light` what cannot be lit on purpose is arson."""
    item = stage.named(act.object) or stage.world.last_found()
    if item is None:
        return
    if act.sense == "light" and not item.kind & CAN_BE_LIT:
        stage.event("ignite", act, object=stage.part(item))
        return
    item.is_on = True
    item.cycles += 1
    stage.event("turn_on", act, object=stage.part(item))
    stage.world.turn_to(item)
    if item.kind & {"water_source", "basin"}:
        _wet_basins(stage)
    if item.kind & {"heater", "burner_control"}:
        for inner in item.inside:
            warm(stage, item, inner)
        if not item.inside:
            stage.event("heat_nothing", act, target=stage.part(item))
    elif item.kind & WORKS_ON_CONTENTS:
        for inner in item.inside:
            stage.event("process", act, object=stage.part(inner), target=stage.part(item))


def warm(stage: Stage, heater: Item, item: Item) -> None:
    """Heat a thing and what is in it."""
    source = stage.part(heater)
    stage.event("heat", object=stage.part(item), target=source)
    item.is_hot = True
    heater.used += 1
    for liquid in item.liquid:
        stage.event("heat", object=stage.world.substance(liquid), target=source, tool=stage.part(item))
    for inner in item.inside:
        stage.event("heat", object=stage.part(inner), target=source, tool=stage.part(item))


def turn_off(stage: Stage, act: Act) -> None:
    """Switch off or put out."""
    item = stage.named(act.object) or stage.world.last_found()
    if item is not None:
        item.is_on = False
        stage.event("turn_off", act, object=stage.part(item))


def open_up(stage: Stage, act: Act) -> None:
    """Open a thing."""
    item = stage.named(act.object) or stage.world.last_found()
    if item is not None:
        item.is_open = True
        stage.event("open", act, object=stage.part(item))
        stage.world.turn_to(item)


def close(stage: Stage, act: Act) -> None:
    """Shut a thing, on what is in it."""
    item = stage.named(act.object) or stage.world.last_found()
    if item is not None:
        item.is_open = False
        stage.event("close", act, object=stage.part(item))
        stage.world.turn_to(item)
        for inner in item.inside:
            stage.event("shut_on", act, object=stage.part(inner), target=stage.part(item))


def heat(stage: Stage, act: Act) -> None:
    """Heat a thing in what is named or implied."""
    item = stage.named(act.object) or stage.world.held
    heater = stage.named(act.target) or stage.named(act.tool)
    if heater is None or "heater" not in heater.kind:
        heater = stage.world.item(HEATED_IN.get(act.verb, SOME_HEATER))
    if item is not None:
        item.liquid = [act.liquid] if act.liquid else item.liquid
        warm(stage, heater, item)


def _wet_basins(stage: Stage) -> None:
    water = stage.world.substance("water")
    for basin in (i for i in stage.world.items() if i.kind & {"basin", "shower"}):
        for inner in basin.inside:
            stage.event("soak", object=stage.part(inner), liquid=water, target=stage.part(basin))
