"""Room skills: grasp, carry and put down by friction in the simulated home."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grounding.oracle import OraclePerception
from robots.catalogue import load_catalogue
from robots.pybullet import open_kitchen
from robots.pybullet.kitchen import PybulletKitchen
from robots.setup import SceneSetup
from skills.check import Trial, check_skill
from skills.library import household_library
from skills.skill import SkillCall, SkillContext, Status

LIBRARY = household_library()


def _open(setup: SceneSetup, seed: int = 0) -> tuple[PybulletKitchen, SkillContext]:
    catalogue = load_catalogue()
    kitchen = open_kitchen(setup, seed=seed, catalogue=catalogue)
    eyes = OraclePerception(kitchen, catalogue)
    context = SkillContext(
        robot=kitchen.robot,
        perceive=lambda: eyes.perceive(kitchen.robot.observe()),
        rng=np.random.default_rng(seed),
    )
    return kitchen, context


def _run(context: SkillContext, skill: str, *arguments: str) -> Status:
    return LIBRARY[skill].implementations[0].run(SkillCall(skill, arguments), context).status


@pytest.mark.sim
@pytest.mark.parametrize("category", ["coke_can", "apple", "knife", "bowl", "water_bottle"])
def test_an_item_is_fetched_to_the_person(category: str) -> None:
    item = f"{category}_1"
    kitchen, context = _open(SceneSetup(items={item: "table", "mug_1": "table"}, robot_at="table"))
    assert _run(context, "pick", item) is Status.SUCCEEDED
    assert context.perceive().held_item == item
    assert _run(context, "go_to", "operator") is Status.SUCCEEDED
    assert _run(context, "hand_over", item) is Status.SUCCEEDED
    facts = context.perceive().facts
    assert ("with_operator", item) in facts and ("gripper_empty",) in facts
    assert ("robot_at", "operator") in facts
    kitchen.close()


@pytest.mark.sim
def test_things_go_into_an_open_drawer_and_a_bowl() -> None:
    items = {"energy_bar_1": "close_counter", "apple_1": "close_counter", "bowl_1": "close_counter"}
    kitchen, context = _open(
        SceneSetup(items=items, robot_at="close_counter", opened=frozenset({"top_drawer"}))
    )
    assert _run(context, "pick", "apple_1") is Status.SUCCEEDED
    assert _run(context, "put_in", "apple_1", "bowl_1") is Status.SUCCEEDED
    assert _run(context, "pick", "energy_bar_1") is Status.SUCCEEDED
    assert _run(context, "go_to", "top_drawer") is Status.SUCCEEDED
    assert _run(context, "put_in", "energy_bar_1", "top_drawer") is Status.SUCCEEDED
    facts = context.perceive().facts
    assert {("in", "apple_1", "bowl_1"), ("in", "energy_bar_1", "top_drawer")} <= facts
    kitchen.close()


@pytest.mark.sim
def test_the_same_seed_gives_the_same_motion() -> None:
    poses = []
    for _ in range(2):
        kitchen, context = _open(SceneSetup(items={"apple_1": "table"}, robot_at="table"), seed=3)
        assert _run(context, "pick", "apple_1") is Status.SUCCEEDED
        poses.append(np.array(kitchen.state().items["apple_1"].T_world_item))
        kitchen.close()
    np.testing.assert_array_equal(poses[0], poses[1])


@pytest.mark.sim
def test_cancelling_stops_the_arm() -> None:
    kitchen, context = _open(SceneSetup(items={"apple_1": "table"}, robot_at="table"))
    ticks = iter(range(10**6))
    cancelled = replace(context, is_cancelled=lambda: next(ticks) > 60)
    assert _run(cancelled, "pick", "apple_1") is Status.CANCELLED
    assert float(np.abs(kitchen.robot.observe().dq_arm).max()) < 0.02
    kitchen.close()


@pytest.mark.sim
def test_an_absent_item_is_a_reasoned_failure() -> None:
    kitchen, context = _open(SceneSetup(items={"apple_1": "table"}, robot_at="table"))
    outcome = LIBRARY["pick"].implementations[0].run(SkillCall("pick", ("mug_7",)), context)
    assert outcome.status is Status.FAILED
    assert "mug_7" in outcome.reason
    kitchen.close()


@pytest.mark.sim
@pytest.mark.parametrize(
    ("skill", "arguments", "setup"),
    [
        ("pick", ("apple_1",), SceneSetup(items={"apple_1": "table"}, robot_at="table")),
        ("place", ("apple_1", "table"), SceneSetup(holding="apple_1", robot_at="table")),
        ("put_in", ("mug_1", "sink"), SceneSetup(holding="mug_1", robot_at="sink")),
        ("hand_over", ("coke_can_1",), SceneSetup(holding="coke_can_1", robot_at="operator")),
    ],
)
def test_primitives_keep_their_contract(skill: str, arguments: tuple[str, ...], setup: SceneSetup) -> None:
    worlds: list[PybulletKitchen] = []

    def make_context() -> SkillContext:
        kitchen, context = _open(setup)
        worlds.append(kitchen)
        return context

    trial = Trial(call=SkillCall(skill, arguments), make_context=make_context)
    assert check_skill(LIBRARY[skill], trial) == ()
    for kitchen in worlds:
        kitchen.close()


@pytest.mark.sim
def test_pick_does_not_go_after_an_item_that_is_elsewhere() -> None:
    kitchen, context = _open(SceneSetup(items={"apple_1": "far_counter"}, robot_at="table"))
    before = context.robot.observe().base
    outcome = LIBRARY["pick"].implementations[0].run(SkillCall("pick", ("apple_1",)), context)
    assert outcome.status is Status.FAILED and "far_counter" in outcome.reason
    assert np.abs(context.robot.observe().base - before).max() < 1e-3
    kitchen.close()
