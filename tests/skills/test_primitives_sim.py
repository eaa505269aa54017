"""Doors, drawers, buttons, wiping, pouring and pushing work by contact in the simulated home."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from grounding import OraclePerception
from robots import Command
from robots.mobile_base import ARM_HOME
from robots.pybullet import open_kitchen
from robots.pybullet.kitchen import PybulletKitchen
from robots.setup import SceneSetup
from skills import Outcome, SkillCall, SkillContext, Status
from skills.check import Trial, check_skill
from skills.library import household_library

pytestmark = pytest.mark.sim
LIBRARY = household_library()


class Home:
    """A kitchen and the skills in it."""

    def __init__(self) -> None:
        self.kitchens: list[PybulletKitchen] = []

    def context(self, setup: SceneSetup, **changes: object) -> SkillContext:
        kitchen = open_kitchen(setup, seed=3)
        self.kitchens.append(kitchen)
        perception = OraclePerception(kitchen, kitchen.catalogue)
        perception.perceive(kitchen.robot.observe())
        return SkillContext(
            robot=kitchen.robot,
            perceive=lambda: perception.perceive(kitchen.robot.observe()),
            rng=np.random.default_rng(3),
            **{"timeout_s": 90.0, **changes},  # type: ignore[arg-type]  # any field, by test
        )


@pytest.fixture
def home() -> Iterator[Home]:
    made = Home()
    yield made
    for kitchen in made.kitchens:
        kitchen.close()


def run(context: SkillContext, skill: str, *arguments: str) -> Outcome:
    outcome = LIBRARY[skill].implementations[0].run(SkillCall(skill, arguments), context)
    now = context.robot.observe()
    assert max(np.abs(now.dq_arm).max(), np.abs(now.base_velocity).max()) < 0.02
    assert outcome.evidence or not outcome.is_success
    return outcome


def joint(context: SkillContext, name: str) -> float:
    articulation = context.perceive().fixtures[name].articulation
    assert articulation is not None
    return articulation.open_fraction


@pytest.mark.parametrize("name", ["bottom_drawer", "fridge", "microwave"])
def test_opens_and_closes_by_the_handle(home: Home, name: str) -> None:
    context = home.context(SceneSetup(items={"apple_1": name}, robot_at=name))
    assert run(context, "open", name).is_success
    assert joint(context, name) > 0.8
    assert ("robot_at", name) in context.perceive().facts
    assert run(context, "close", name).is_success
    assert joint(context, name) < 0.05


@pytest.mark.parametrize("name", ["stove", "microwave"])
def test_switches_by_pressing_the_button(home: Home, name: str) -> None:
    context = home.context(SceneSetup(items={}, robot_at=name))
    assert run(context, "turn_on", name).is_success
    assert ("turned_on", name) in context.perceive().facts
    again = run(context, "turn_on", name)
    assert (again.is_success, again.evidence["presses"]) == (True, 0)
    assert run(context, "turn_off", name).is_success
    assert ("turned_on", name) not in context.perceive().facts


def test_wipes_and_still_holds_the_sponge(home: Home) -> None:
    context = home.context(SceneSetup(items={}, robot_at="table", holding="sponge_1"))
    assert run(context, "wipe", "table").is_success
    scene = context.perceive()
    assert ("wiped", "table") in scene.facts
    assert scene.held_item == "sponge_1"


def test_pours_into_a_bowl(home: Home) -> None:
    setup = SceneSetup(items={"bowl_1": "far_counter"}, robot_at="far_counter", holding="tea_bottle_1")
    context = home.context(setup)
    assert run(context, "pour", "tea_bottle_1", "bowl_1").is_success
    facts = context.perceive().facts
    assert {("poured", "tea_bottle_1", "bowl_1"), ("filled", "bowl_1")} <= facts


@pytest.mark.parametrize(("item", "direction"), [("coke_can_1", "left"), ("apple_1", "closer")])
def test_pushes_and_leaves_it_on_the_surface(home: Home, item: str, direction: str) -> None:
    context = home.context(SceneSetup(items={item: "table"}, robot_at="table"))
    outcome = run(context, "push", item, direction)
    assert outcome.is_success, outcome
    assert {("on", item, "table"), ("pushed", item, direction)} <= context.perceive().facts


def test_finds_an_item_and_stands_at_its_place(home: Home) -> None:
    context = home.context(SceneSetup(items={"apple_1": "table"}, robot_at="fridge"))
    assert run(context, "find", "apple_1").is_success
    assert {("found", "apple_1"), ("robot_at", "table")} <= context.perceive().facts


def test_says_what_is_missing_instead_of_moving(home: Home) -> None:
    context = home.context(SceneSetup(items={"apple_1": "table"}, robot_at="table"))
    before = context.robot.observe().time_s
    for call in (("open", "table"), ("turn_on", "table"), ("wipe", "table")):
        outcome = run(context, *call)
        assert outcome.status is Status.FAILED
        assert outcome.reason
    assert context.robot.observe().time_s - before < 0.1


def test_a_held_breath_stops_the_door(home: Home) -> None:
    """Cancelled while it pulls, the robot rests at once and says so."""
    ticks = 0

    def is_cancelled() -> bool:
        nonlocal ticks
        ticks += 1
        return ticks > 600

    context = home.context(SceneSetup(items={}, robot_at="fridge"), is_cancelled=is_cancelled)
    outcome = run(context, "open", "fridge")
    assert outcome.status is Status.CANCELLED
    assert outcome.duration_s < 6.0


def test_a_skill_after_a_cancelled_one_folds_the_arm_first(home: Home) -> None:
    ticks = 0

    def is_cancelled() -> bool:
        nonlocal ticks
        ticks += 1
        return ticks == 260

    context = home.context(SceneSetup(items={}, robot_at="stove"), is_cancelled=is_cancelled)
    assert run(context, "turn_on", "stove").status is Status.CANCELLED
    assert np.abs(context.robot.observe().q_arm - ARM_HOME).max() > 0.1
    assert run(context, "go_to", "table").is_success
    assert np.abs(context.robot.observe().q_arm - ARM_HOME).max() < 0.01


MakeContext = Callable[[], SkillContext]


@pytest.mark.parametrize(("skill", "arguments"), [("go_to", ("sink",)), ("push", ("apple_1", "left"))])
def test_household_skills_pass_the_conformance_check(
    home: Home, skill: str, arguments: tuple[str, ...]
) -> None:
    def make_context() -> SkillContext:
        return home.context(SceneSetup(items={"apple_1": "table"}, robot_at="table"))

    trial = Trial(call=SkillCall(skill, arguments), make_context=make_context)
    assert check_skill(LIBRARY[skill], trial) == ()


def test_a_drive_keeps_the_driver_content(home: Home) -> None:
    context = home.context(SceneSetup(items={}, robot_at="table"))
    refused = []
    command = context.robot.command

    def watched(wanted: Command) -> object:
        report = command(wanted)
        refused.extend(report.violations)
        return report

    context.robot.command = watched  # type: ignore[method-assign,assignment]  # a spy
    assert run(context, "go_to", "operator").is_success
    assert refused == []
