"""Random problems for the domains in `benchmarks/pddl`, of any size, and random damage to their plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grounding import Fact, Formula, Universe, parse_formula
from planner.symbolic.pddl import Domain, read_domain
from skills import SkillCall

FOLDER = Path(__file__).with_name("pddl")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A solvable problem of a domain."""

    domain: Domain
    universe: Universe
    facts: frozenset[Fact]
    goal: Formula


def blocksworld(objects: int, goals: int, rng: np.random.Generator) -> Case:
    """Towers of blocks, to be rearranged in `goals` places."""
    blocks = [f"b{i}" for i in range(objects)]
    facts: set[Fact] = {("handempty",)}
    for tower in np.array_split(rng.permutation(objects), max(1, objects // 4)):
        names = [blocks[i] for i in tower]
        facts |= {("ontable", names[0]), ("clear", names[-1])}
        facts |= {("on", up, down) for down, up in zip(names, names[1:], strict=False)}
    order = rng.permutation(objects)
    wanted = [f"(on {blocks[order[i]]} {blocks[order[i + 1]]})" for i in range(min(goals, objects - 1))]
    return _case("blocksworld", {b: frozenset() for b in blocks}, facts, wanted)


def logistics(objects: int, goals: int, rng: np.random.Generator) -> Case:
    """Packages to be brought to other cities by truck and plane."""
    cities = max(2, objects // 10)
    facts: set[Fact] = set()
    types: dict[str, frozenset[str]] = {}
    places = []
    for c in range(cities):
        for name, kind in ((f"ap{c}", "airport"), (f"loc{c}", "location")):
            types[name] = frozenset({kind, "place"})
            facts.add(("in-city", name, f"city{c}"))
            places.append(name)
        types[f"city{c}"] = frozenset({"city"})
        types[f"truck{c}"] = frozenset({"truck", "vehicle", "physobj"})
        facts.add(("at", f"truck{c}", places[-1 - int(rng.integers(2))]))
    types["plane0"] = frozenset({"airplane", "vehicle", "physobj"})
    facts.add(("at", "plane0", f"ap{int(rng.integers(cities))}"))
    packages = [f"pkg{i}" for i in range(max(goals, objects - 4 * cities - 1))]
    for package in packages:
        types[package] = frozenset({"package", "physobj"})
        facts.add(("at", package, places[int(rng.integers(len(places)))]))
    wanted = [f"(at {p} {places[int(rng.integers(len(places)))]})" for p in packages[:goals]]
    return _case("logistics", types, facts, wanted)


def ferry(objects: int, goals: int, rng: np.random.Generator) -> Case:
    """Cars to be shipped."""
    ports = [f"port{i}" for i in range(max(2, objects // 4))]
    cars = [f"car{i}" for i in range(objects - len(ports))]
    types = {p: frozenset({"port"}) for p in ports} | {c: frozenset({"car"}) for c in cars}
    facts: set[Fact] = {("at", c, ports[int(rng.integers(len(ports)))]) for c in cars}
    facts.add(("at-ferry", ports[0]))
    wanted = [f"(at {c} {ports[int(rng.integers(len(ports)))]})" for c in cars[:goals]]
    return _case("ferry", types, facts, wanted)


def briefcase(objects: int, goals: int, rng: np.random.Generator) -> Case:
    """Things to be carried in two briefcases, which end up locked."""
    places = [f"place{i}" for i in range(max(3, objects // 5))]
    things = [f"thing{i}" for i in range(objects - len(places) - 2)]
    types = {p: frozenset({"place"}) for p in places}
    types |= {t: frozenset({"portable", "thing"}) for t in things}
    types |= {f"case{i}": frozenset({"briefcase", "thing"}) for i in range(2)}
    facts: set[Fact] = {
        ("at", t, places[int(rng.integers(len(places)))]) for t in (*things, "case0", "case1")
    }
    facts.add(("locked", "case0"))
    wanted = [f"(at {t} {places[int(rng.integers(len(places)))]})" for t in things[:goals]]
    wanted += ["(not (exists (?x - portable ?b - briefcase) (in ?x ?b)))", "(locked case1)"]
    return _case("briefcase", types, facts, wanted)


def cooking(objects: int, goals: int, rng: np.random.Generator) -> Case:
    """Dishes to be cooked of two ingredients each, with two tools."""
    foods = [f"food{i}" for i in range(max(2 * goals, objects - goals - 5))]
    spots = ("stove", "sink", "shelf")
    types = {s: frozenset({"spot"}) for s in spots} | {f: frozenset({"food", "item"}) for f in foods}
    types |= {f"tool{i}": frozenset({"tool", "item"}) for i in range(2)}
    types |= {f"dish{i}": frozenset({"dish"}) for i in range(goals)}
    facts: set[Fact] = {("at", f, spots[int(rng.integers(3))]) for f in foods}
    facts |= {("at", "tool0", "shelf"), ("at", "tool1", "sink"), ("dirty", "tool1"), ("cook-at", "shelf")}
    for i in range(goals):
        facts.add(("suits", f"tool{int(rng.integers(2))}", f"dish{i}"))
        facts |= {("needs", f"dish{i}", foods[2 * i]), ("needs", f"dish{i}", foods[2 * i + 1])}
    return _case("cooking", types, facts, ["(forall (?d - dish) (cooked ?d))", "(not (on))"])


Maker = Callable[[int, int, np.random.Generator], Case]
DOMAINS: dict[str, Maker] = {
    "blocksworld": blocksworld,
    "logistics": logistics,
    "ferry": ferry,
    "briefcase": briefcase,
    "cooking": cooking,
}


def damage(
    steps: Sequence[SkillCall], case: Case, edits: int, rng: np.random.Generator
) -> tuple[SkillCall, ...]:
    """Return the plan with random steps dropped, swapped, doubled, inserted or given another argument."""
    plan = list(steps)
    for _ in range(edits):
        at = int(rng.integers(len(plan)))
        kind = int(rng.integers(5))
        if kind == 0 and len(plan) > 1:
            del plan[at]
        elif kind == 1 and at + 1 < len(plan):
            plan[at], plan[at + 1] = plan[at + 1], plan[at]
        elif kind == 2:
            plan.insert(at, plan[at])
        elif kind == 3:
            plan.insert(at, _other_argument(plan[int(rng.integers(len(plan)))], case, rng))
        else:
            plan[at] = _other_argument(plan[at], case, rng)
    return tuple(plan)


def _other_argument(call: SkillCall, case: Case, rng: np.random.Generator) -> SkillCall:
    operator = next(o for o in case.domain.operators if o.name == call.skill)
    if not call.arguments:
        return call
    at = int(rng.integers(len(call.arguments)))
    names = case.universe.names(operator.parameters[at])
    arguments = list(call.arguments)
    arguments[at] = names[int(rng.integers(len(names)))]
    return SkillCall(call.skill, tuple(arguments))


def _case(name: str, types: dict[str, frozenset[str]], facts: set[Fact], wanted: Sequence[str]) -> Case:
    return Case(
        domain=read_domain(FOLDER / f"{name}.pddl"),
        universe=Universe(types),
        facts=frozenset(facts),
        goal=parse_formula(f"(and {' '.join(wanted)})"),
    )
