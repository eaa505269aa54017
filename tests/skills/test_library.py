"""The library knows its calls, and says in one sentence why a call makes no sense."""

from __future__ import annotations

import pytest

from grounding import Scene
from skills import HOUSEHOLD_CONTRACTS, Outcome, Skill, SkillCall, SkillContext, Status
from skills.authoring import skill, symbolic_affordance
from skills.library import SkillLibrary
from tests.fakes.ideal_robot import IdealRobot, make_fixture, make_item, make_scene


@skill(
    parameters="?item - item",
    description="Nod at an item.",
    precondition="(gripper_empty)",
    effect="(found ?item)",
)
def nod_at(call: SkillCall, context: SkillContext) -> Outcome:
    return Outcome(status=Status.SUCCEEDED, reason=f"nodded at {call.arguments[0]}")


def _library() -> SkillLibrary:
    skills = [
        Skill(contract=c, affordance=symbolic_affordance(c), implementations=nod_at.implementations)
        for c in HOUSEHOLD_CONTRACTS
    ]
    return SkillLibrary(tuple(skills))


def _scene(*facts: tuple[str, ...]) -> Scene:
    fixtures = [
        make_fixture("table", at=(1.0, 0.0, 0.0)),
        make_fixture("bin", at=(-1.0, 0.0, 3.14), kinds=["bin"]),
    ]
    items = [make_item("apple_1", at=(1.2, 0.0, 0.81), types=["fruit"])]
    return make_scene(IdealRobot(), fixtures, items, frozenset(facts))


def test_the_decorator_makes_a_skill_that_runs() -> None:
    call = SkillCall("nod_at", ("apple_1",))
    assert nod_at.name == "nod_at"
    assert nod_at.affordance(call, _scene(("gripper_empty",))).probability == 1.0
    denied = nod_at.affordance(call, _scene())
    assert (denied.probability, denied.reasons) == (0.0, ("(gripper_empty) does not hold",))


def test_a_new_skill_joins_a_new_library() -> None:
    before = _library()
    after = before.with_skill(nod_at)
    assert (len(before), len(after), after["nod_at"]) == (13, 14, nod_at)
    assert len(after.with_skill(nod_at)) == 14


def test_names_must_be_unique() -> None:
    with pytest.raises(ValueError, match="given twice: nod_at"):
        SkillLibrary((nod_at, nod_at))


def test_grounding_gives_exactly_the_calls_that_validate() -> None:
    library, scene = _library(), _scene()
    calls = library.ground(scene)
    assert all(library.validate(call, scene) is None for call in calls)
    assert SkillCall("place", ("apple_1", "table")) in calls
    assert SkillCall("place", ("apple_1", "bin")) not in calls
    assert len(set(calls)) == len(calls)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (SkillCall("pik", ("apple_1",)), "There is no skill 'pik'; skills: pick, "),
        (SkillCall("pick", ()), "pick(item: item) takes 1, but pick() has 0 arguments."),
        (
            SkillCall("pick", ("aple_1",)),
            "In pick(aple_1), there is no 'aple_1' here; valid choices for item: apple_1",
        ),
        (
            SkillCall("place", ("apple_1", "bin")),
            "In place(apple_1, bin), bin is not a surface; valid choices for surface: table.",
        ),
        (
            SkillCall("open", ("bin",)),
            "In open(bin), bin is not openable; valid choices for container: none.",
        ),
    ],
)
def test_a_bad_call_gets_one_sentence_with_the_choices(call: SkillCall, sentence: str) -> None:
    answer = _library().validate(call, _scene())
    assert answer is not None
    assert answer.startswith(sentence)
    assert answer.count("\n") == 0
