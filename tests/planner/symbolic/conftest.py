"""A kitchen as facts, without a simulator."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from grounding import DIRECTIONS, Facts, Formula, Operator, Universe, parse_formula
from planner.symbolic import PlanResult, Verification, find_plan, verify_plan
from robots.catalogue import load_catalogue
from skills import HOUSEHOLD_CONTRACTS, SkillCall

SURFACE = {"place", "surface"}
DRAWER = {"place", "container", "openable", "drawer"}
FIXTURES: Mapping[str, set[str]] = {
    "close_counter": SURFACE,
    "far_counter": SURFACE,
    "table": SURFACE,
    "trash_can": {"place", "container", "bin"},
    "operator": {"place", "person"},
    "top_drawer": DRAWER,
    "middle_drawer": DRAWER,
    "bottom_drawer": DRAWER,
    "fridge": {"place", "container", "openable", "fridge"},
    "sink": {"place", "container", "sink", "switchable"},
    "microwave": {"place", "container", "openable", "switchable", "microwave"},
    "stove": {"place", "surface", "stove", "switchable"},
}
DRAWERS = ("top_drawer", "middle_drawer", "bottom_drawer")


@dataclass(frozen=True)
class Kitchen:
    """Facts, names and what the robot can do."""

    facts: Facts
    universe: Universe
    operators: tuple[Operator, ...] = tuple(c.operator for c in HOUSEHOLD_CONTRACTS)

    def find(self, goal: str, *, time_limit_s: float = 20.0) -> PlanResult:
        return find_plan(
            parse_formula(goal), self.facts, self.universe, self.operators, time_limit_s=time_limit_s
        )

    def verify(self, steps: Sequence[SkillCall], goal: str | Formula = "(and)") -> Verification:
        wanted = parse_formula(goal) if isinstance(goal, str) else goal
        return verify_plan(steps, wanted, self.facts, self.universe, self.operators)


def make_kitchen(
    items: Mapping[str, str], *, at: str = "operator", holding: str | None = None, is_open: Sequence[str] = ()
) -> Kitchen:
    """Return a kitchen with items at places."""
    catalogue = load_catalogue()
    types = {name: frozenset(kinds | {name}) for name, kinds in FIXTURES.items()}
    types |= {name: frozenset({"direction"}) for name in DIRECTIONS}
    facts: set[tuple[str, ...]] = {("robot_at", at), ("visited", at)}
    facts |= {("holding", holding) if holding else ("gripper_empty",)}
    facts |= {("same_station", a, b) for a in DRAWERS for b in DRAWERS if a != b}
    facts |= {("above", a, b) for i, a in enumerate(DRAWERS) for b in DRAWERS[i + 1 :]}
    facts |= {("open", name) for name in is_open}
    for name, place in items.items():
        category = catalogue.category_of(name)
        assert category is not None
        types[name] = catalogue.types_of(category)
        if place == "operator":
            facts.add(("with_operator", name))
        elif name != holding:
            facts.add(("on" if "surface" in FIXTURES.get(place, set()) else "in", name, place))
        if "pourable" in types[name]:
            facts.add(("filled", name))
    return Kitchen(frozenset(facts), Universe(types))


@pytest.fixture(scope="session")
def kitchen() -> Callable[..., Kitchen]:
    return make_kitchen


@pytest.fixture(scope="session")
def small_kitchen() -> Kitchen:
    return make_kitchen(
        {
            "apple_1": "close_counter",
            "coke_can_1": "table",
            "pepsi_can_1": "table",
            "sevenup_can_1": "fridge",
            "sponge_1": "far_counter",
            "water_bottle_1": "top_drawer",
            "bowl_1": "table",
        }
    )


def calls(text: str) -> list[SkillCall]:
    """Return `pick apple_1; go_to table` as calls."""
    return [SkillCall(w[0], tuple(w[1:])) for w in (part.split() for part in text.split(";"))]


@pytest.fixture(scope="session")
def plan() -> Callable[[str], list[SkillCall]]:
    return calls
