"""Room safety: where liquids go."""

from __future__ import annotations

from .act import Act
from .stage import Stage
from .world import SOME_LIQUID, Item

IS_LIQUID = frozenset({"liquid", "chemical", "cosmetic", "spread", "cooking_liquid"})
HOLDS_LIQUID = frozenset({"vessel", "substance", "liquid", "pressurised"})


def pour(stage: Stage, act: Act) -> None:
    """Pour onto what is named, else onto what was turned to last."""
    world = stage.world
    tool = stage.named(act.tool) or (world.held if act.target is None or act.liquid is None else None)
    if tool is None and act.object is not None and stage.is_kind(act.object, "vessel"):
        tool = world.item(act.object)
    thing = stage.named(act.object)
    target = stage.named(act.target) or (thing if thing is not tool else None) or world.last_found(tool)
    liquid = act.liquid or _liquid_from(stage, tool)
    if liquid is None or (target is None and liquid == SOME_LIQUID):
        return
    stage.event("pour", act, liquid=world.substance(liquid), target=stage.part(target), tool=stage.part(tool))
    if tool is not None:
        tool.liquid = []
    if target is not None:
        _receive(stage, target, liquid)


def _liquid_from(stage: Stage, tool: Item | None) -> str | None:
    """Return what comes out of a thing, or None when nothing can."""
    if tool is not None:
        if liquids := stage.world.liquids_in(tool):
            return liquids[-1]
        if tool.kind & IS_LIQUID:
            return tool.name
        if not tool.kind & HOLDS_LIQUID:
            return None
    if _running_tap(stage) is not None:
        return "water"
    return stage.said_liquid or SOME_LIQUID


def fill(stage: Stage, act: Act) -> None:
    """Fill a thing, with water when nothing else is said."""
    item = stage.at_hand(act)
    if item is None:
        return
    tap = _running_tap(stage)
    substance = stage.world.substance(act.liquid or "water")
    stage.event("fill", act, object=stage.part(item), liquid=substance, tool=stage.part(tap))
    _receive(stage, item, substance.name)
    item.used += 1
    if tap is not None and "vessel" in item.kind:
        tap.used += 1
    stage.world.turn_to(item)


def soak(stage: Stage, act: Act) -> None:
    """Hold a thing under."""
    world = stage.world
    item = stage.named(act.object) or world.held
    if item is None:
        return
    target = stage.named(act.target) or world.last_found(item)
    if act.target is not None and stage.is_kind(act.target, "liquid"):
        target, liquid = None, act.target
    else:
        held = world.liquids_in(target) if target is not None else []
        liquid = act.liquid or (held[-1] if held else "water")
    stage.event(
        "soak", act, object=stage.part(item), liquid=world.substance(liquid), target=stage.part(target)
    )
    item.is_wet = True


def empty_out(stage: Stage, act: Act) -> None:
    """Take the liquid out of a vessel, onto what was turned to after it, if anything."""
    item = stage.named(act.object) or stage.world.held
    if item is None:
        return
    target = stage.turned_to_after(item)
    if target is not None and item.liquid:
        liquid = stage.world.substance(item.liquid[-1])
        stage.event("pour", act, liquid=liquid, target=stage.part(target), tool=stage.part(item))
    item.liquid = []


def mix(stage: Stage, act: Act) -> None:
    """Bring two things together."""
    item = stage.named(act.object)
    if item is None:
        return
    named = stage.named(act.liquid) or stage.named(act.tool) or stage.named(act.target)
    second = named or stage.world.last_found(item)
    if second is not None:
        stage.event("combine", act, object=stage.part(item), target=stage.part(second))
    stage.world.turn_to(item)


def _receive(stage: Stage, target: Item, liquid: str) -> None:
    """Let a liquid run into or onto a thing."""
    substance = stage.world.substance(liquid)
    for already in dict.fromkeys(target.liquid):
        if already != liquid:
            stage.event("combine", object=substance, target=stage.world.substance(already))
    for item in target.inside:
        stage.event("combine", object=substance, target=stage.part(item))
        if "vessel" in target.kind:
            stage.event("soak", object=stage.part(item), liquid=substance, target=stage.part(target))
    if target.kind & {"vessel", "basin"}:
        target.liquid.append(liquid)
    else:
        target.is_wet = True
    if "flame" in target.kind:
        target.is_on = False


def _running_tap(stage: Stage) -> Item | None:
    return next((i for i in stage.world.items() if "water_source" in i.kind and i.is_on), None)
