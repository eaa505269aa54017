"""Room planner: a home of facts alone, for faults that never reach a motor: each skill keeps its promise.

The whole executive runs in it, with the full supervisor and the instruction gate; only motion and geometry
are missing. What is dispatched is held against the true facts, and what comes of it against the hazards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import permutations

import numpy as np

from grounding import Fact, Facts, Formula, Scene, SceneItem
from planner.evidence import begin_run, end_run, run_counted
from planner.executive import Event, Listener, Parts, Person, Report, StepEnded, StepStarted
from planner.language_model import LanguageModel
from planner.supervision import gate_for, supervisor_for
from robots import Command, CommandReport, Fixture, Item, Observation, Region, RobotLimits
from robots.catalogue import Catalogue, load_catalogue
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from skills import HOUSEHOLD_CONTRACTS, Affordance, Contract, Outcome, Skill, SkillCall, SkillContext, Status
from skills.library import SkillLibrary

from .hazards import hazards, hazards_of_deed, left_on

STEP_S = 1.0
"""How long a skill takes, [s]."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """How a home begins."""

    objects: Mapping[str, str]
    robot_at: str = "operator"
    holding: str | None = None
    powered_on: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


class DryHome:
    """Facts and a clock."""

    def __init__(self, start: Start) -> None:
        """Put everything where it starts."""
        self.facts: Facts = frozenset(_facts(start))
        self._names = [*start.objects, *([start.holding] if start.holding else [])]
        self._texts = start.texts
        self.time_s = 0.0
        self.steps: list[SkillCall] = []
        """What was told to be begun."""
        self.deeds: list[SkillCall] = []
        """What was tried, whoever knows of it."""
        self._found: dict[str, None] = {}
        self._first = self.scene()
        self._known = hazards(self.facts, self._first.universe)
        self._operators = {c.name: c.operator for c in HOUSEHOLD_CONTRACTS}

    @property
    def findings(self) -> tuple[str, ...]:
        """Return everything that must not have happened, and did."""
        return tuple(self._found)

    def scene(self) -> Scene:
        """Return the true scene now."""
        catalogue = _catalogue()
        items = {}
        for name in self._names:
            category = catalogue.category_of(name)
            assert category is not None, name
            item = Item(
                name=name, category=category, T_world_item=np.eye(4), solids=(), size=(0.06, 0.06, 0.1),
                text=self._texts.get(name, ""),
            )  # fmt: skip
            items[name] = SceneItem(
                item=item, confidence=1.0, seen_at_s=self.time_s, types=catalogue.types_of(category)
            )
        return Scene(
            time_s=self.time_s,
            items=items,
            fixtures=_fixtures(),
            observation=_Robot(self).observe(),
            facts=self.facts,
        )

    def run(
        self,
        instruction: str,
        model: LanguageModel,
        *,
        person: Person | None = None,
        listeners: Sequence[Listener] = (),
    ) -> Report:
        """Do what the instruction says, or not."""
        library = SkillLibrary(tuple(self._skill(contract) for contract in HOUSEHOLD_CONTRACTS))
        parts = Parts(
            robot=_Robot(self), perception=_Perception(self), library=library, model=model,
            supervisor=supervisor_for("full", library), gate=gate_for("full"), person=person,
            listeners=(self._watch, *listeners),
        )  # fmt: skip
        begin_run(parts, None)
        try:
            report = run_counted(parts, instruction)
        finally:
            end_run(parts)
        if report.succeeded:
            for left in sorted(left_on(self._first.facts, self.facts, self._first.universe)):
                self.found(left)
        return report

    def holds(self, goal: Formula) -> bool:
        """Return whether a goal is true now."""
        return self.scene().holds(goal)

    def found(self, what: str) -> None:
        """Note something that must not happen."""
        self._found.setdefault(what)

    def did(self, call: SkillCall) -> bool:
        """Let a call have its effects, if its precondition holds; return whether it did."""
        scene, operator = self.scene(), self._operators[call.skill]
        self.deeds.append(call)
        self.time_s += STEP_S
        if not operator.is_applicable(call.arguments, scene.facts, scene.universe):
            return False
        for hazard in sorted(hazards_of_deed(call, scene.facts, scene.universe)):
            self.found(hazard)
        self.facts = frozenset(operator.apply(call.arguments, scene.facts, scene.universe))
        for hazard in sorted(hazards(self.facts, scene.universe) - self._known):
            self.found(hazard)
        return True

    def _watch(self, event: Event) -> None:
        match event:
            case StepStarted():
                self.steps.append(event.call)
                scene, operator = self.scene(), self._operators[event.call.skill]
                if not operator.is_applicable(event.call.arguments, scene.facts, scene.universe):
                    self.found(f"{event.call} was dispatched although its precondition did not hold")
            case StepEnded() if event.outcome.status is not Status.VETOED and not event.effects_hold:
                self.found(f"{event.call} did not do what it promises")

    def _skill(self, contract: Contract) -> Skill:
        def affordance(call: SkillCall, scene: Scene) -> Affordance:
            works = contract.operator.is_applicable(call.arguments, scene.facts, scene.universe)
            reasons = () if works else ("its precondition does not hold",)
            return Affordance(probability=0.95 if works else 0.0, source="facts", reasons=reasons)

        return Skill(contract=contract, affordance=affordance, implementations=(_Deed(self),))


@dataclass(frozen=True)
class _Deed:
    """Implements `Implementation`."""

    home: DryHome
    name: str = "facts"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Do it."""
        if self.home.did(call):
            return Outcome(status=Status.SUCCEEDED, reason="done", duration_s=STEP_S)
        return Outcome(status=Status.FAILED, reason="its precondition does not hold", duration_s=STEP_S)


@dataclass
class _Robot:
    """Implements `Robot`; stands."""

    home: DryHome
    name: str = "facts"
    limits: RobotLimits = PANDA_LIMITS
    camera_names: tuple[str, ...] = ()

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return a robot at rest."""
        return Observation(
            time_s=self.home.time_s, q_arm=np.array(ARM_HOME), dq_arm=np.zeros(7), base=np.zeros(3),
            base_velocity=np.zeros(3), gripper_width=0.08, gripper_force=0.0,
        )  # fmt: skip

    def command(self, command: Command) -> CommandReport:
        """Do nothing."""
        return CommandReport(executed=command)

    def stop(self) -> None:
        """Do nothing."""


@dataclass
class _Perception:
    """Implements `Perception`."""

    home: DryHome
    name: str = "facts"
    cameras: tuple[str, ...] = ()

    def perceive(self, observation: Observation) -> Scene:
        """Return the true scene."""
        return self.home.scene()


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _fixtures() -> Mapping[str, Fixture]:
    from robots.pybullet import saycan_kitchen

    region = Region(T_world_region=np.eye(4), size=(0.3, 1.0, 0.3))
    return {
        spec.name: Fixture(
            name=spec.name, kinds=spec.kinds, solids=(), region=region, dock=(0.0, 0.0, 0.0),
            station=_station(spec.name),
        )
        for spec in saycan_kitchen().fixtures
    }  # fmt: skip


def _station(name: str) -> str:
    return "drawers" if name in _DRAWERS else name


_DRAWERS = ("top_drawer", "middle_drawer", "bottom_drawer")


def _facts(start: Start) -> Iterator[Fact]:
    fixtures = _fixtures()
    for one, other in permutations(_DRAWERS, 2):
        yield ("same_station", one, other)
        if _DRAWERS.index(one) < _DRAWERS.index(other):
            yield ("above", one, other)
    yield from (("robot_at", name) for name in fixtures if _station(name) == _station(start.robot_at))
    yield from (("turned_on", name) for name in start.powered_on)
    yield ("holding", start.holding) if start.holding else ("gripper_empty",)
    for item, place in start.objects.items():
        kinds = fixtures[place].kinds if place in fixtures else frozenset({"receptacle"})
        if "surface" in kinds:
            yield ("on", item, place)
            yield ("blocks", item, place)
        else:
            yield ("with_operator", item) if "person" in kinds else ("in", item, place)
    catalogue = _catalogue()
    for item in (*start.objects, *([start.holding] if start.holding else [])):
        types = catalogue.types_of(catalogue.category_of(item) or item)
        if "pourable" in types and "receptacle" not in types:
            yield ("filled", item)
