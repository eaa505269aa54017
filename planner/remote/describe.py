"""Room planner: skills, predicates and scenes as text for a prompt: pure, sorted, byte-stable.

What is static (skills, predicates) depends only on the library. A scene is JSON lines, so that names and
words seen on objects stay quoted data whatever they contain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from grounding import DIRECTIONS, PREDICATES, Effect, Fact, Scene, SceneItem, to_pddl
from grounding.formula import TRUE
from grounding.references.colours import colours_of
from robots import Fixture
from skills import Contract

_FACT = re.compile(r"\(([^()]+)\)")
STATIC_PREDICATES = frozenset(p.name for p in PREDICATES if p.is_static)


def skill_lines(contracts: Sequence[Contract]) -> str:
    """Return one line per skill, in the order of the library."""
    return "\n".join(_skill_line(contract) for contract in contracts)


def predicate_lines() -> str:
    """Return one line per predicate of the vocabulary."""
    lines = []
    for predicate in PREDICATES:
        arguments = " ".join(f"<{'|'.join(types)}>" for types in predicate.arguments)
        lines.append(f"({' '.join((predicate.name, arguments)).strip()}): {predicate.meaning}")
    return "\n".join(lines)


def scene_lines(scene: Scene, *, with_positions: bool) -> str:
    """Return places, objects and facts, those that never change in a run first.

    Args:
        scene: What is seen.
        with_positions: Also say where objects are in the world frame, [m]; a decision that a prediction may
            have to match leaves them out.
    """
    fixed = [fact for fact in scene.facts if fact[0] in STATIC_PREDICATES]
    places = {name: _place(scene.fixtures[name], with_positions) for name in sorted(scene.fixtures)}
    objects = {name: _item(scene.items[name], with_positions) for name in sorted(scene.items)}
    state = [fact for fact in scene.facts if fact[0] not in STATIC_PREDICATES]
    lines = [
        f"directions: {compact(list(DIRECTIONS))}",
        f"places: {compact(places)}",
        f"always true: {fact_text(fixed)}",
        f"objects: {compact(objects)}",
        f"state: {fact_text(state)}",
    ]
    return "\n".join(lines)


def fact_text(facts: Iterable[Fact]) -> str:
    """Return facts in PDDL spelling, sorted, on one line."""
    return " ".join(f"({' '.join(fact)})" for fact in sorted(facts)) or "nothing"


def facts_in(text: str) -> tuple[Fact, ...]:
    """Return the facts that a text spells in PDDL: the inverse of `fact_text`."""
    return tuple(tuple(inside.split()) for inside in _FACT.findall(text))


def compact(value: object) -> str:
    """Return `value` as JSON on one line; whatever does not print, Unicode's line ends too, is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _place(fixture: Fixture, with_positions: bool) -> dict[str, object]:
    described: dict[str, object] = {"is": sorted(fixture.kinds - {"place"})}
    if with_positions:
        described["at"] = [round(float(v), 2) for v in fixture.region.T_world_region[:3, 3]]
    return described


def _item(thing: SceneItem, with_positions: bool) -> dict[str, object]:
    described: dict[str, object] = {"is": sorted(thing.types - {"item"})}
    if thing.item.solids:
        described["colour"] = sorted(colours_of(thing.item))
    if with_positions:
        described["at"] = [round(float(v), 2) for v in thing.p_world_item]
    if thing.confidence < 1.0:
        described["confidence"] = round(thing.confidence, 2)
    if thing.item.text:
        described["words seen on it"] = thing.item.text
    return described


def _skill_line(contract: Contract) -> str:
    needs = to_pddl(contract.precondition)
    gives = " ".join(_effect(e) for e in contract.effects if e.condition == TRUE and not e.variables)
    always = f"needs {needs}; then {gives}" if contract.precondition != TRUE else f"then {gives}"
    return f"{contract.signature}: {contract.description} {always}"


def _effect(effect: Effect) -> str:
    text = to_pddl(effect.atom)
    return text if effect.is_add else f"(not {text})"
