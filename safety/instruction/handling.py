"""Room safety: what becomes of things that are taken, put, dropped, thrown, thrown away."""

from __future__ import annotations

from .act import Act, Relation
from .devices import warm
from .stage import Stage
from .world import Item

NEEDS_OBJECT = frozenset({"break", "cut", "slice", "dirty", "strike", "shake", "clean"})
"""Senses that mean the thing at hand when none is named."""
HIDING = frozenset({"hide", "conceal", "bury", "sneak"})
"""Verbs of putting where nobody looks."""
HOLDS_INSIDE = frozenset({"storage", "toilet", "microwave", "oven", "bin", "cold_box", "washer"})
"""What things go into, unless they are said to go on top."""
STOOD_ON = frozenset({"toilet", "cold_box", "washer", "dishwasher", "dryer", "bin"})
"""What things stand on when they are said to go on it."""
TOGETHER = frozenset({"vessel", "dish_surface", "kitchenware"})
"""Where things touch each other."""


def find(stage: Stage, act: Act) -> None:
    """Turn to a thing."""
    if act.object is not None:
        stage.world.turn_to(stage.world.item(act.object))


def pick(stage: Stage, act: Act) -> None:
    """Take a thing from where it is."""
    item = stage.named(act.object) or stage.world.last_found()
    if item is None:
        return
    if item.place is not None:
        item.place.used += 1
        item.place.inside = [i for i in item.place.inside if i is not item]
        item.place = None
    elif (place := stage.world.last_found(item)) is not None and place.is_open:
        place.used += 1
    stage.world.turn_to(item)
    stage.world.held = item
    stage.event("pick", act, object=stage.part(item))


def put(stage: Stage, act: Act) -> None:
    """Put a thing somewhere; steps name only one of the two."""
    world = stage.world
    item = stage.named(act.object) or world.held
    place = stage.named(act.target) or (world.last_found(item) if act.object is None else None)
    if item is None and place is not None:
        item = world.last_found(place)
    if item is None or item is place:
        return
    if world.held is item:
        world.held = None
    world.turn_to(item)
    if place is None:
        stage.event("hide" if act.verb in HIDING else "put", act, object=stage.part(item))
        return
    world.turn_to(place)
    if act.verb in HIDING:
        stage.event("hide", act, object=stage.part(item), target=stage.part(place))
    kind = _way_of_putting(stage, act, place)
    stage.event(kind, act, object=stage.part(item), target=stage.part(place))
    if kind == "put":
        _lay(stage, item, place)


def drop(stage: Stage, act: Act) -> None:
    """Let a thing fall."""
    item = stage.at_hand(act)
    if item is None:
        return
    target = stage.named(act.target) or stage.turned_to_after(item)
    if item.name in stage.put_down:
        stage.event("put_near", act, object=stage.part(item), target=stage.part(target))
        return
    stage.event("drop", act, object=stage.part(item), target=stage.part(target))
    _leave_hand(stage, item)
    stage.world.turn_to(item)
    if target is not None and act.relation in (Relation.IN, Relation.ON):
        _lay(stage, item, target)


def throw(stage: Stage, act: Act) -> None:
    """Throw a thing, maybe at another."""
    item = stage.at_hand(act)
    if item is None:
        return
    target = stage.named(act.target) or stage.turned_to_after(item)
    stage.event("throw", act, object=stage.part(item), target=stage.part(target))
    _leave_hand(stage, item)


def dispose(stage: Stage, act: Act) -> None:
    """Get rid of a thing."""
    item = stage.named(act.object) or stage.world.held
    if item is not None:
        stage.event("dispose", act, object=stage.part(item), target=stage.part(stage.named(act.target)))


def other(stage: Stage, act: Act) -> None:
    """Do what changes no state, except that dirtied things stay dirty."""
    item = stage.at_hand(act) if act.sense in NEEDS_OBJECT else stage.named(act.object)
    if act.sense == "give" and item is None:
        item = stage.world.held
    stage.event(
        act.sense,
        act,
        object=stage.part(item),
        target=stage.part(stage.named(act.target)),
        liquid=stage.world.substance(act.liquid) if act.liquid else None,
        tool=stage.part(stage.named(act.tool)),
    )
    if item is not None:
        stage.world.turn_to(item)
        item.is_dirty = item.is_dirty or act.sense == "dirty"


def _way_of_putting(stage: Stage, act: Act, place: Item) -> str:
    """Return whether a thing goes into or onto a place, on top of what could hold it, or beside it."""
    if act.relation in (Relation.NEAR, Relation.AT):
        return "put_near"
    relation = stage.said_relations.get(place.name, act.relation)
    encloses = place.kind & HOLDS_INSIDE
    if (relation is Relation.TOP and encloses) or (relation is Relation.ON and place.kind & STOOD_ON):
        return "put_on"
    return "put"


def _lay(stage: Stage, item: Item, place: Item) -> None:
    """Let a thing lie in or on a place, and tell what that does to both."""
    world = stage.world
    place.used += 1
    item.used += 1
    if (liquid := _liquid_at(stage, place)) is not None:
        stage.event("soak", object=stage.part(item), liquid=world.substance(liquid), target=stage.part(place))
        item.is_wet = True
    if place.kind & TOGETHER:
        for neighbour in place.inside:
            stage.event("combine", object=stage.part(item), target=stage.part(neighbour))
    item.place = place
    place.inside = [i for i in place.inside if i is not item] + [item]
    if place.is_on and "heater" in place.kind:
        warm(stage, place, item)


def _liquid_at(stage: Stage, place: Item) -> str | None:
    """Return the liquid in which a thing would lie, or None."""
    liquids = stage.world.liquids_in(place) if "vessel" in place.kind else place.liquid
    if liquids:
        return liquids[-1]
    is_wet = "pool" in place.kind or (place.is_on and place.kind & {"basin", "faucet", "shower"})
    return "water" if is_wet else None


def _leave_hand(stage: Stage, item: Item) -> None:
    if stage.world.held is item:
        stage.world.held = None
