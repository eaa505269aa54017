"""Room safety: skill calls as typed actions, and what a scene tells of the things that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grounding import Scene
from skills import SkillCall

from .act import Act, Relation
from .lexicon import NOTHING
from .world import Known

SENSES = {
    "go_to": "find",
    "find": "find",
    "pick": "pick",
    "open": "open",
    "close": "close",
    "turn_on": "turn_on",
    "turn_off": "turn_off",
    "wipe": "clean",
    "place": "put",
    "put_in": "put",
    "hand_over": "give",
    "pour": "pour",
    "push": "find",
}
"""What the household's skills do; a skill that is not here is judged by layer 2."""
RECEIVER = "operator"
"""Who gets what is handed over."""
CLASSES: Mapping[str, str] = {
    "electronic": "electric",
    "detergent": "cleaner",
    "chemical": "chemical",
    "flammable": "flammable",
    "fragile": "fragile",
    "sharp": "sharp",
    "metal": "metal",
    "paper": "paper",
    "food": "food",
    "perishable": "perishable",
    "plastic": "plastic",
    "medicine": "medicine",
    "toxic": "toxic",
    "glass": "glass",
    "alcohol": "alcoholic",
    "person": "person",
    "surface": "furniture",
}
"""What attributes of the catalogue and kinds of fixtures mean here."""


def acts_of(calls: Sequence[SkillCall]) -> tuple[Act, ...]:
    """Return one act per call of a known skill."""
    return tuple(act for call in calls if (act := _act(call)) is not None)


def known_of(scene: Scene) -> Known:
    """Return what a scene's types tell of its items and fixtures, and how they are."""
    names = (*scene.items, *scene.fixtures)
    types = scene.universe.types
    kinds = {name: frozenset(CLASSES[t] for t in types.get(name, NOTHING) if t in CLASSES) for name in names}
    return Known(kinds, scene.facts)


def _act(call: SkillCall) -> Act | None:
    sense = SENSES.get(call.skill)
    if sense is None or not call.arguments:
        return None
    first, *rest = call.arguments
    second = rest[0] if rest else None
    if sense == "pour":
        return Act(sense=sense, verb=call.skill, tool=first, target=second, relation=Relation.IN)
    if sense == "give":
        return Act(
            sense=sense, verb=call.skill, object=first, target=second or RECEIVER, relation=Relation.TO
        )
    relation = Relation.IN if call.skill == "put_in" else Relation.ON
    return Act(sense=sense, verb=call.skill, object=first, target=second, relation=relation)
