"""What the least supervisor denies, just inside and just outside of every limit."""

import pytest

from safety import BasicSupervisor, Ruling, WordsOnly
from safety.basic import MAX_SCENE_AGE_S
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.symbolic_home import SymbolicHome

PICK = SkillCall("pick", ("apple_1",))


@pytest.fixture
def home() -> SymbolicHome:
    return SymbolicHome({"apple_1": "table"}, robot_at="table")


@pytest.fixture
def supervisor() -> BasicSupervisor:
    return BasicSupervisor(HOUSEHOLD_CONTRACTS)


def test_a_step_that_applies_is_allowed(home: SymbolicHome, supervisor: BasicSupervisor) -> None:
    scene = home.perception.perceive(home.robot.observe())
    assert supervisor.review_step(PICK, scene, scene.time_s) == ()


@pytest.mark.parametrize(("age_s", "is_allowed"), [(MAX_SCENE_AGE_S, True), (MAX_SCENE_AGE_S + 1e-3, False)])
def test_the_scene_must_be_fresh(
    home: SymbolicHome, supervisor: BasicSupervisor, age_s: float, is_allowed: bool
) -> None:
    scene = home.perception.perceive(home.robot.observe())
    violations = supervisor.review_step(PICK, scene, scene.time_s + age_s)
    assert (violations == ()) == is_allowed
    assert is_allowed or violations[0].rule == "scene_is_fresh"


def test_a_scene_from_the_future_is_not_fresh(home: SymbolicHome, supervisor: BasicSupervisor) -> None:
    scene = home.perception.perceive(home.robot.observe())
    assert supervisor.review_step(PICK, scene, scene.time_s - 0.01)


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (SkillCall("fly", ("table",)), "skill_is_known"),
        (SkillCall("pick", ()), "arguments_fit"),
        (SkillCall("pick", ("unicorn_1",)), "object_is_known"),
        (SkillCall("pick", ("table",)), "object_is_known"),
        (SkillCall("hand_over", ("apple_1",)), "precondition_holds"),
    ],
)
def test_what_is_unknown_or_does_not_apply_is_denied(
    home: SymbolicHome, supervisor: BasicSupervisor, call: SkillCall, rule: str
) -> None:
    scene = home.perception.perceive(home.robot.observe())
    assert [v.rule for v in supervisor.review_step(call, scene, scene.time_s)] == [rule]
    in_plan = supervisor.review_plan([PICK, call], None, scene)
    assert [o.violation.rule for o in in_plan] == ([] if rule == "precondition_holds" else [rule])


def test_an_instruction_needs_words(home: SymbolicHome) -> None:
    scene = home.perception.perceive(home.robot.observe())
    assert WordsOnly().review("go", scene).ruling is Ruling.ALLOW
    assert WordsOnly().review("  ", scene).ruling is Ruling.REFUSE
