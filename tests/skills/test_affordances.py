"""Affordances: impossible when the contract says so, with the reason; lower when geometry is tight."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grounding import Scene, SceneItem
from skills import HOUSEHOLD_CONTRACTS, Affordance, SkillCall
from skills.affordances import HOUSEHOLD_AFFORDANCES
from skills.library import household_library
from tests.fakes.household_scene import Looker, drawer, fridge, home, standing, stands_at

LIBRARY = household_library()
HOME = home()
TABLE = HOME["table"]


def _scene(
    *items: SceneItem, at: str = "table", held: str | None = None, opened: Sequence[str] = ()
) -> Scene:
    changed = [fridge(1.0)] if "fridge" in opened else []
    changed += [drawer("top_drawer", 0.68, open_fraction=1.0)] if "top_drawer" in opened else []
    return Looker().look(items, home(*changed), stands_at(HOME[at]), held=held)


def _can(scene: Scene, skill: str, *arguments: str) -> Affordance:
    return HOUSEHOLD_AFFORDANCES[skill](SkillCall(skill, arguments), scene)


def test_every_household_skill_has_an_affordance() -> None:
    assert set(HOUSEHOLD_AFFORDANCES) == {contract.name for contract in HOUSEHOLD_CONTRACTS}


@given(
    at=st.sampled_from(sorted(HOME)),
    held=st.sampled_from([None, "apple_1", "sponge_1", "water_bottle_1"]),
    opened=st.sets(st.sampled_from(["fridge", "top_drawer"])),
)
def test_what_the_contract_forbids_is_impossible_and_says_why(
    at: str, held: str | None, opened: set[str]
) -> None:
    things = [
        standing("apple_1", TABLE),
        standing("sponge_1", HOME["counter"]),
        standing("bowl_1", TABLE, 0.0, 0.25),
        standing("water_bottle_1", HOME["fridge"]),
    ]
    scene = _scene(*things, at=at, held=held, opened=sorted(opened))
    for call in LIBRARY.ground(scene):
        skill = LIBRARY[call.skill]
        can = skill.affordance(call, scene)
        is_allowed = skill.contract.operator.is_applicable(call.arguments, scene.facts, scene.universe)
        assert 0.0 <= can.probability <= 1.0
        assert can.source == "geometric"
        if not is_allowed:
            assert can.probability == 0.0
        if can.probability < 0.8:
            assert can.reasons and all(can.reasons)


@pytest.mark.parametrize(
    ("skill", "arguments", "scene", "reason"),
    [
        ("pick", ("apple_1",), _scene(standing("apple_1", HOME["counter"])), "the robot is not at counter"),
        ("place", ("apple_1", "table"), _scene(standing("apple_1", TABLE)), "the gripper holds nothing"),
        ("open", ("fridge",), _scene(at="fridge", opened=["fridge"]), "fridge is open"),
        ("pick", ("egg_1",), _scene(standing("egg_1", HOME["fridge"]), at="fridge"), "egg_1 is, is closed"),
        ("wipe", ("table",), _scene(standing("apple_1", TABLE)), "it must be cleaning"),
        ("hand_over", ("apple_1",), _scene(standing("apple_1", TABLE), held="apple_1"), "not at a person"),
        (
            "open",
            ("bottom_drawer",),
            _scene(at="bottom_drawer", opened=["top_drawer"]),
            "top_drawer above bottom_drawer is open",
        ),
        (
            "wipe",
            ("table",),
            _scene(standing("apple_1", TABLE), standing("sponge_1", TABLE, 0, 0.4), held="sponge_1"),
            "apple_1 in the way on table",
        ),
    ],
)
def test_the_reason_names_what_is_wrong(
    skill: str, arguments: tuple[str, ...], scene: Scene, reason: str
) -> None:
    can = _can(scene, skill, *arguments)
    assert can.probability == 0.0
    assert reason in " ".join(can.reasons)


def test_neighbours_lower_the_chance_of_a_grasp() -> None:
    apple = standing("apple_1", TABLE)
    scenes = [_scene(apple, standing("coke_can_1", TABLE, 0.0, 0.068 + gap)) for gap in (0.001, 0.02, 0.1)]
    chances = [_can(scene, "pick", "apple_1") for scene in scenes]
    assert chances[0].probability < chances[1].probability < chances[2].probability
    assert "coke_can_1" in chances[0].reasons[0]
    assert not chances[2].reasons


def test_what_stands_in_the_way_lowers_the_chance_of_a_push() -> None:
    can, apple = standing("coke_can_1", TABLE), standing("apple_1", TABLE, 0.0, 0.12)
    scene = _scene(can, apple)
    towards, back, across = (_can(scene, "push", "coke_can_1", d) for d in ("left", "right", "away"))
    assert towards.reasons == ("apple_1 is in the way of coke_can_1",)
    assert back.reasons == ("apple_1 is where the hand must go behind coke_can_1",)
    assert max(towards.probability, back.probability) < across.probability
    assert not across.reasons


def test_far_back_is_out_of_reach() -> None:
    chances = [_can(_scene(standing("apple_1", TABLE, x)), "pick", "apple_1") for x in (0.0, 0.58)]
    assert chances[0].probability > 0.9
    assert chances[1].probability == 0.0
    assert "no inverse kinematics for apple_1" in chances[1].reasons


def test_a_full_surface_has_no_room() -> None:
    plates = [standing(f"plate_{i}", TABLE, 0.0, -0.44 + 0.22 * i) for i in range(5)]
    bowl = standing("bowl_1", HOME["operator"])
    full = _can(_scene(*plates, bowl, held="bowl_1"), "place", "bowl_1", "table")
    some = _can(_scene(*plates[:2], bowl, held="bowl_1"), "place", "bowl_1", "table")
    assert full.probability == 0.0
    assert full.reasons == ("there is no free room for bowl_1 at table",)
    assert some.probability > 0.9


def test_a_wide_thing_does_not_go_into_a_cup() -> None:
    mug, loaf = standing("mug_1", TABLE), standing("bread_loaf_1", TABLE, 0.0, 0.3)
    assert _can(_scene(mug, loaf, held="bread_loaf_1"), "put_in", "bread_loaf_1", "mug_1").reasons == (
        "bread_loaf_1 is too wide for mug_1",
    )
    fork = standing("fork_1", TABLE, 0.0, 0.3)
    assert _can(_scene(mug, fork, held="fork_1"), "put_in", "fork_1", "mug_1").probability > 0.8
