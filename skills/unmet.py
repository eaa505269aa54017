"""Room skills: why a call's precondition is false in a scene, in words for people and for the model."""

from __future__ import annotations

from grounding.formula import And, Atom, Binding, Exists, Formula, Not, Variable, holds
from grounding.memory import place_of
from grounding.scene import Scene

from .skill import Contract, SkillCall

_WORDS = {
    "robot_at": "the robot is {no}at {0}",
    "open": "{0} is {no}open",
    "turned_on": "{0} is {no}on",
    "filled": "{0} is {no}filled",
    "on": "{0} is {no}on {1}",
    "in": "{0} is {no}in {1}",
    "with_operator": "{0} is {no}with the operator",
    "found": "{0} has {no}been found",
    "=": "{0} and {1} are {no}the same",
}


def unmet_precondition(contract: Contract, call: SkillCall, scene: Scene) -> str | None:
    """Return the first thing that keeps a well-typed call from being possible now, or None."""
    binding = contract.operator.binding(call.arguments)
    if holds(contract.precondition, scene.facts, scene.universe, binding):
        return None
    plain = _first_unmet(contract.precondition, scene, binding)
    if plain is not None:
        return plain
    return next((reason for name in call.arguments if (reason := _whereabouts(name, scene))), None) or (
        f"the precondition of {call} does not hold"
    )


def _first_unmet(formula: Formula, scene: Scene, binding: Binding) -> str | None:
    """Return words for the first unmet plain condition of a conjunction; None if only compound ones fail."""
    for part in formula.parts if isinstance(formula, And) else (formula,):
        is_true = holds(part, scene.facts, scene.universe, binding)
        match part:
            case Atom() if not is_true:
                return _sentence(part.ground(binding), scene, is_missing=True)
            case Not(Atom() as atom) if not is_true:
                return _sentence(atom.ground(binding), scene, is_missing=False)
            case Exists((Variable(types=types),), Atom("holding")) if not is_true:
                return f"the gripper holds nothing for it; it must be {' or '.join(types)}"
            case Exists((Variable(types=types),), Atom("robot_at")) if not is_true:
                return f"the robot is not at a {' or '.join(types)}"
    return None


def _sentence(fact: tuple[str, ...], scene: Scene, *, is_missing: bool) -> str:
    if fact[0] in ("gripper_empty", "holding"):
        held = scene.held_item
        return f"the gripper holds {held}" if held else "the gripper holds nothing"
    words = _WORDS.get(fact[0], "{fact} is {no}true")
    return words.format(*fact[1:], fact=" ".join(fact), no="not " if is_missing else "")


def _whereabouts(name: str, scene: Scene) -> str | None:
    """Return what makes an item or place unusable from where the robot stands."""
    facts, fixtures = scene.facts, scene.fixtures
    if name in scene.items:
        if name == scene.held_item:
            return None
        place = place_of(facts, name, fixtures)
        if place is None:
            return f"{name} is in no known place"
        return _place_problem(place, scene, f", where {name} is")
    return _place_problem(name, scene, "") if name in fixtures else None


def _place_problem(place: str, scene: Scene, why: str) -> str | None:
    facts = scene.facts
    above = sorted(f[1] for f in facts if f[0] == "above" and f[2] == place and ("open", f[1]) in facts)
    if above:
        return f"{above[0]} above {place} is open"
    if "openable" in scene.fixtures[place].kinds and ("open", place) not in facts:
        return f"{place}{why}{', ' if why else ' '}is closed"
    if ("robot_at", place) not in facts:
        return f"the robot is not at {place}{why}"
    blocking = sorted(f[1] for f in facts if f[0] == "blocks" and f[2] == place)
    return f"{', '.join(blocking)} in the way on {place}" if blocking else None
