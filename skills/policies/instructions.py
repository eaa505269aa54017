"""Room skills: the short sentence that a policy is given for a call, and other ways of saying the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grounding import Scene
from grounding.references.colours import colours_of
from robots import Cylinder, Item, Sphere
from skills.skill import SkillCall

PHRASES: Mapping[str, tuple[str, ...]] = {
    "pick": ("pick up {0}", "pick {0}", "grasp {0}", "take {0}", "grab {0}", "lift {0}", "get hold of {0}"),
    "place": (
        "place it on {1}",
        "put it on {1}",
        "set it down on {1}",
        "put {0} down on {1}",
        "place {0} on {1}",
    ),
    "push": ("push {0} {1}", "slide {0} {1}", "move {0} {1}", "shove {0} {1}"),
    "open": ("open {0}", "pull {0} open", "pull open {0}"),
    "close": ("close {0}", "shut {0}", "push {0} shut"),
}
"""The first of each is what the skill says; teachers vary."""
UNSEEN_PHRASES: Mapping[str, tuple[str, ...]] = {
    "pick": ("please fetch {0} with your gripper", "could you collect {0}", "i want you to seize {0}"),
    "place": ("leave what you hold on {1}", "drop it off at {1}", "release the thing onto {1}"),
    "push": ("nudge {0} {1}", "give {0} a shove {1}", "please displace {0} {1}"),
    "open": ("could you get {0} open", "draw {0} out"),
    "close": ("please see to it that {0} is shut", "make sure {0} is closed"),
}
"""Never said in training: for measuring."""


def instruction_for(call: SkillCall, scene: Scene) -> str:
    """Return what to tell a policy: `pick(apple_1)` is "pick up the apple, the red ball"."""
    return PHRASES[call.skill][0].format(*(described(argument, scene) for argument in call.arguments))


def described(argument: str, scene: Scene) -> str:
    """Return an argument in words; an item with its colour and its shape."""
    if argument not in scene.items:
        is_place = argument in scene.fixtures
        return ("the " if is_place else "") + argument.replace("_", " ")
    return item_words(scene.items[argument].item)


def item_words(item: Item, *, colour: str | None = None, name: str | None = None) -> str:
    """Return "the apple, the red ball": how it is called and how it looks."""
    known = colour or min(colours_of(item), key=lambda word: (len(word), word))
    called = item.category.replace("_", " ") if name is None else name
    looks = f"the {known} {shape_word(item)}"
    return f"the {called}, {looks}" if called else looks


def shape_word(item: Item) -> str:
    """Return what the item's shape is called."""
    shape = item.solids[0].shape
    if isinstance(shape, Sphere):
        return "ball"
    is_bottle = len(item.solids) == 2
    if isinstance(shape, Cylinder) and len(item.solids) <= 2:
        return "bottle" if is_bottle else "can"
    if len(item.solids) > 3:
        return "dish"
    tallest, shortest = max(item.size), min(item.size)
    if item.size[2] == tallest:
        return "box"
    return "bar" if tallest > 2.2 * shortest else "block"


def random_instruction(call: SkillCall, scene: Scene, rng: np.random.Generator) -> str:
    """Return one of many ways of saying it: another verb, the name alone, or the looks alone."""
    phrases = PHRASES[call.skill]
    phrase = phrases[0] if rng.random() < 0.3 else phrases[int(rng.integers(len(phrases)))]
    named = []
    for argument in call.arguments:
        if argument not in scene.items:
            named.append(described(argument, scene))
            continue
        item = scene.items[argument].item
        words = sorted(colours_of(item))
        colour = words[int(rng.integers(len(words)))]
        way = rng.random()
        named.append(item_words(item, colour=colour, name="" if way < 0.25 else None))
    return phrase.format(*named)
