"""Room safety: acts become events, because a plan says `put Microwave` and means that a fork is heated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from . import devices, handling, liquids
from .act import Act
from .event import Event
from .lexicon import Lexicon
from .stage import Stage
from .world import NO_SCENE, Known

PLAYS: Mapping[str, Callable[[Stage, Act], None]] = {
    "find": handling.find,
    "pick": handling.pick,
    "put": handling.put,
    "drop": handling.drop,
    "throw": handling.throw,
    "dispose": handling.dispose,
    "pour": liquids.pour,
    "spray": liquids.pour,
    "fill": liquids.fill,
    "soak": liquids.soak,
    "empty_out": liquids.empty_out,
    "mix": liquids.mix,
    "turn_on": devices.turn_on,
    "light": devices.turn_on,
    "turn_off": devices.turn_off,
    "open": devices.open_up,
    "close": devices.close,
    "heat": devices.heat,
}
"""What each sense does; others change nothing and become events as they are."""


def simulate(
    acts: Sequence[Act],
    lexicon: Lexicon,
    manners: frozenset[str],
    *,
    said: Sequence[Act] = (),
    known: Known = NO_SCENE,
) -> list[Event]:
    """Return what acts lead to, in order: a `request`, the events, and an `end` for every thing.

    Args:
        acts: What is done.
        lexicon: What things are.
        manners: What the instruction says about how.
        said: The instruction's own acts, which fill in what steps leave open.
        known: What a scene tells of things and their state.
    """
    stage = Stage(lexicon, manners, said=said, known=known)
    stage.event("request")
    for act in acts:
        if act.contents and act.object and stage.is_kind(act.contents, "liquid"):
            stage.world.item(act.object).liquid = [act.contents]
        PLAYS.get(act.sense, handling.other)(stage, act)
    for item in stage.world.items():
        stage.event("end", object=stage.part(item))
    return stage.events
