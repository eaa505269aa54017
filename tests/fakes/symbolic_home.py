"""A home of facts alone: skills apply their effects, and fail when they are told to."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from grounding import Scene, SceneItem
from planner.executive import Parts
from planner.language_model import LanguageModel
from robots import Command, CommandReport, Fixture, Item, Observation, Region, RobotLimits
from robots.catalogue import Catalogue, load_catalogue
from robots.panda import PANDA_LIMITS
from safety import BasicSupervisor
from skills import HOUSEHOLD_CONTRACTS, Affordance, Contract, Outcome, Skill, SkillCall, SkillContext, Status
from skills.library import SkillLibrary

PLACES: Mapping[str, frozenset[str]] = {
    "table": frozenset({"place", "surface"}),
    "close_counter": frozenset({"place", "surface"}),
    "far_counter": frozenset({"place", "surface"}),
    "trash_can": frozenset({"place", "container", "bin"}),
    "operator": frozenset({"place", "person"}),
    "fridge": frozenset({"place", "container", "openable", "fridge"}),
}


class SymbolicHome:
    """Facts, a clock, and the parts that an executive needs."""

    def __init__(
        self, objects: Mapping[str, str], *, robot_at: str = "operator", holding: str | None = None
    ) -> None:
        places = {item: (("on" if "surface" in PLACES[p] else "in"), item, p) for item, p in objects.items()}
        self.facts: set[tuple[str, ...]] = {*places.values(), ("robot_at", robot_at)}
        self.facts.add(("holding", holding) if holding else ("gripper_empty",))
        self.items = [*objects, *([holding] if holding else [])]
        self.time_s = 0.0
        self.stops = 0
        self.script: dict[str, deque[str]] = defaultdict(deque)
        """Skill -> what its next runs do: "fail", "lie" (reports success, changes nothing), "time out",
        "interrupt", or "ok"."""
        self.affordances: dict[SkillCall, float] = {}
        self.runs: list[tuple[SkillCall, int, str]] = []
        self.robot = FakeRobot(self)
        self.perception = FakePerception(self)

    def library(self, *, implementations: int = 1) -> SkillLibrary:
        return SkillLibrary(tuple(self._skill(c, implementations) for c in HOUSEHOLD_CONTRACTS))

    def parts(self, model: LanguageModel, **changes: Any) -> Parts:
        """Return the parts of an executive in this home; `changes` name fields of `Parts`."""
        library = self.library()
        parts = Parts(
            robot=self.robot,
            perception=self.perception,
            library=library,
            model=model,
            supervisor=BasicSupervisor(library.contracts),
        )
        return replace(parts, **changes)

    def _skill(self, contract: Contract, implementations: int) -> Skill:
        def affordance(call: SkillCall, scene: Scene) -> Affordance:
            applicable = contract.operator.is_applicable(call.arguments, scene.facts, scene.universe)
            probability = self.affordances.get(call, 0.9) if applicable else 0.0
            return Affordance(
                probability=probability, source="fake", reasons=() if applicable else ("unmet",)
            )

        runs = tuple(FakeImplementation(self, contract, f"fake {i}") for i in range(implementations))
        return Skill(contract=contract, affordance=affordance, implementations=runs)


@dataclass(frozen=True)
class FakeImplementation:
    home: SymbolicHome
    contract: Contract
    name: str

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        home = self.home
        home.time_s += 1.0
        home.runs.append((call, context.attempt, self.name))
        script = home.script[call.skill]
        behaviour = script.popleft() if script else "ok"
        if behaviour == "interrupt":
            raise KeyboardInterrupt
        scene = home.perception.perceive(home.robot.observe())
        operator = self.contract.operator
        if not operator.is_applicable(call.arguments, scene.facts, scene.universe):
            behaviour = "fail"
        if behaviour == "ok":
            home.facts = set(operator.apply(call.arguments, scene.facts, scene.universe))
        status = {"fail": Status.FAILED, "time out": Status.TIMED_OUT}.get(behaviour, Status.SUCCEEDED)
        return Outcome(status=status, reason=f"{call} was told to {behaviour}", duration_s=1.0)


@dataclass
class FakeRobot:
    home: SymbolicHome
    name: str = "fake"
    limits: RobotLimits = PANDA_LIMITS
    camera_names: tuple[str, ...] = ()

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        zeros = np.zeros(7)
        return Observation(
            time_s=self.home.time_s,
            q_arm=zeros,
            dq_arm=zeros,
            base=np.zeros(3),
            base_velocity=np.zeros(3),
            gripper_width=0.08,
            gripper_force=0.0,
        )

    def command(self, command: Command) -> CommandReport:
        return CommandReport(executed=command)

    def stop(self) -> None:
        self.home.stops += 1


@dataclass
class FakePerception:
    home: SymbolicHome
    name: str = "fake"
    cameras: tuple[str, ...] = ()
    looks: int = field(default=0)

    def perceive(self, observation: Observation) -> Scene:
        self.looks += 1
        catalogue = _catalogue()
        items = {}
        for name in self.home.items:
            category = catalogue.category_of(name)
            assert category is not None, name
            item = Item(
                name=name, category=category, T_world_item=np.eye(4), solids=(), size=(0.06, 0.06, 0.1)
            )
            types = catalogue.types_of(category)
            items[name] = SceneItem(item=item, confidence=1.0, seen_at_s=observation.time_s, types=types)
        return Scene(
            time_s=observation.time_s,
            items=items,
            fixtures={name: _fixture(name, kinds) for name, kinds in PLACES.items()},
            observation=observation,
            facts=frozenset(self.home.facts),
        )


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


def _fixture(name: str, kinds: frozenset[str]) -> Fixture:
    region = Region(T_world_region=np.eye(4), size=(0.3, 1.0, 0.3))
    return Fixture(name=name, kinds=kinds, solids=(), region=region, dock=(0.0, 0.0, 0.0), station=name)
