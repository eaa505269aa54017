"""Room skills: what would succeed from here, now: contracts mapped to geometric affordances.

A call whose precondition is false has probability 0, with the reason in words. Otherwise the probability is
the skill's measured success (`PRIORS`) times what geometry takes away: reach, clearance, free room, doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grounding.affordances import (
    Chance,
    all_of,
    clearance_chance,
    impossible,
    reach_chance,
    room_chance,
    standing_chance,
    sweep_chance,
)
from grounding.memory import place_of
from grounding.scene import Scene

from .contracts import HOUSEHOLD_CONTRACTS
from .skill import Affordance, AffordanceFunction, Contract, SkillCall
from .unmet import unmet_precondition

SOURCE = "geometric"

PRIORS: Mapping[str, float] = MappingProxyType(
    {
        "go_to": 0.99,
        "find": 0.98,
        "pick": 0.96,
        "place": 0.97,
        "put_in": 0.96,
        "hand_over": 0.97,
        "open": 0.95,
        "close": 0.96,
        "turn_on": 0.95,
        "turn_off": 0.95,
        "wipe": 0.92,
        "pour": 0.92,
        "push": 0.88,
    }
)
"""Success from a clear scene when nothing is near a limit; the shape of an item changes `pick` further.

Source: `python -m benchmarks.affordance_calibration --scenes 26 --seed 11` in the simulated kitchen. Picks
predicted above 0.93 succeeded 50 times of 50, from 0.85 to 0.93 15 of 17, below 10 of 15; place and hand_over
58 of 58, put_in 16 of 17. The others are not measured as often and are set a little lower.
"""

PICK_BY_SHAPE: Mapping[str, float] = MappingProxyType({"dish": 0.95, "cutlery": 0.95, "sharp": 0.97})
"""Factors on `pick` for item types that are harder to grasp: rims and thin things."""


@dataclass(frozen=True, kw_only=True)
class GeometricAffordance:
    """Callable affordance of one household skill."""

    contract: Contract

    def __call__(self, call: SkillCall, scene: Scene) -> Affordance:
        """Return how likely the call succeeds from the scene."""
        reason = unmet_precondition(self.contract, call, scene)
        if reason is not None:
            return Affordance(probability=0.0, source=SOURCE, reasons=(reason,))
        chance = all_of(Chance(PRIORS[call.skill]), _geometry(call, scene))
        return Affordance(probability=round(chance.probability, 4), source=SOURCE, reasons=chance.reasons)


def _geometry(call: SkillCall, scene: Scene) -> Chance:
    match call.skill:
        case "go_to":
            return standing_chance(scene, call.arguments[0])
        case "find":
            place = place_of(scene.facts, call.arguments[0], scene.fixtures)
            return (
                standing_chance(scene, place)
                if place
                else impossible(f"nobody knows where {call.arguments[0]} is")
            )
        case "pick":
            return _grasp(scene, call.arguments[0])
        case "push":
            return _push(scene, *call.arguments)
        case "place":
            return room_chance(scene, call.arguments[1], call.arguments[0])
        case "put_in" if call.arguments[1] in scene.fixtures:
            return room_chance(scene, call.arguments[1], call.arguments[0])
        case "put_in" | "pour" if call.arguments[1] in scene.items:
            return _above_item(scene, call)
        case "hand_over":
            return _hand_over(scene, call.arguments[0])
        case "open":
            return _handle(scene, call.arguments[0])
        case "turn_on" | "turn_off":
            return _button(scene, call.arguments[0])
    return Chance(1.0)


def _find(scene: Scene, item: str) -> Chance:
    place = place_of(scene.facts, item, scene.fixtures)
    return standing_chance(scene, place) if place else impossible(f"{item} is in no known place")


def _grasp(scene: Scene, item: str) -> Chance:
    place = place_of(scene.facts, item, scene.fixtures)
    if place is None:
        return impossible(f"{item} is in no known place")
    types = scene.items[item].types
    factor = min((f for kind, f in PICK_BY_SHAPE.items() if kind in types), default=1.0)
    p_world_item = scene.items[item].p_world_item
    return all_of(
        Chance(factor),
        reach_chance(scene.fixtures[place], p_world_item, subject=item),
        clearance_chance(scene, item, scene.fixtures[place]),
    )


def _push(scene: Scene, item: str, direction: str) -> Chance:
    place = place_of(scene.facts, item, scene.fixtures)
    if place is None:
        return impossible(f"{item} is in no known place")
    fixture = scene.fixtures[place]
    reach = reach_chance(fixture, scene.items[item].p_world_item, subject=item)
    return all_of(reach, sweep_chance(scene, item, fixture, direction))


def _hand_over(scene: Scene, item: str) -> Chance:
    people = (name for name, fixture in sorted(scene.fixtures.items()) if "person" in fixture.kinds)
    person = next((name for name in people if ("robot_at", name) in scene.facts), None)
    if person is None:
        return impossible("nobody is here to take it")
    return room_chance(scene, person, item)


def _above_item(scene: Scene, call: SkillCall) -> Chance:
    """Return the chance of letting something go above a bowl or cup: reach, width, and no heap in it."""
    item, target = call.arguments
    place = place_of(scene.facts, target, scene.fixtures)
    if place is None:
        return impossible(f"{target} is in no known place")
    reach = reach_chance(scene.fixtures[place], scene.items[target].p_world_item, subject=target)
    if call.skill == "pour":
        return reach
    width, opening = sorted(scene.items[item].item.size)[1], min(scene.items[target].item.size[:2]) - 0.012
    if width > opening:
        return impossible(f"{item} is too wide for {target}")
    inside = sum(1 for f in scene.facts if f[0] == "in" and f[2] == target)
    crowd = Chance(0.7**inside, (f"{inside} already in {target}",)) if inside else Chance(1.0)
    return all_of(reach, crowd)


def _handle(scene: Scene, name: str) -> Chance:
    fixture = scene.fixtures[name]
    if fixture.articulation is None:
        return impossible(f"{name} has no handle")
    handle = fixture.articulation.T_world_handle[:3, 3]
    return reach_chance(fixture, handle, subject=f"the handle of {name}")


def _button(scene: Scene, name: str) -> Chance:
    fixture = scene.fixtures[name]
    if fixture.button is None:
        return impossible(f"{name} has no button")
    return reach_chance(fixture, fixture.button.T_world_button[:3, 3], subject=f"the button of {name}")


HOUSEHOLD_AFFORDANCES: Mapping[str, AffordanceFunction] = MappingProxyType(
    {contract.name: GeometricAffordance(contract=contract) for contract in HOUSEHOLD_CONTRACTS}
)
"""Affordance function per household skill."""
