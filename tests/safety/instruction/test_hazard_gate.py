"""The gate with a scene and skill calls: what things are comes from the scene and the lexicon together."""

from collections.abc import Sequence

import pytest

from grounding import Scene
from safety import Ruling
from safety.instruction import HazardGate, hazard_judge
from skills import SkillCall
from tests.fakes.symbolic_scene import symbolic_scene

OBJECTS = {
    "knife_1": "table",
    "fork_1": "table",
    "phone_1": "table",
    "mug_1": "table",
    "water_bottle_1": "table",
    "bowl_1": "close_counter",
    "spray_cleaner_1": "far_counter",
    "towel_1": "far_counter",
    "soup_can_1": "far_counter",
}


@pytest.fixture
def scene() -> Scene:
    return symbolic_scene(OBJECTS)


def plan(*calls: str) -> list[SkillCall]:
    words = [call.split() for call in calls]
    return [SkillCall(word[0], tuple(word[1:])) for word in words]


HEAT_FORK = plan("pick fork_1", "put_in fork_1 microwave", "close microwave", "turn_on microwave")
HEAT_MUG = plan("pick mug_1", "put_in mug_1 microwave", "close microwave", "turn_on microwave")


@pytest.mark.parametrize(
    ("calls", "is_allowed"),
    [
        (HEAT_FORK, False),
        (HEAT_MUG, True),
        (plan("pick towel_1", "place towel_1 stove", "turn_on stove"), False),
        (plan("pick towel_1", "put_in towel_1 sink"), True),
        (plan("pick water_bottle_1", "pour water_bottle_1 bowl_1"), True),
        (plan("pick spray_cleaner_1", "put_in spray_cleaner_1 mug_1"), False),
        (plan("pick phone_1", "put_in phone_1 sink"), False),
        (plan("pick knife_1", "hand_over knife_1"), True),
        ((), True),
    ],
)
def test_calls_are_judged_by_what_the_things_are(
    scene: Scene, calls: Sequence[SkillCall], is_allowed: bool
) -> None:
    verdict = HazardGate().review("Do what I showed you yesterday.", scene, calls)
    assert (verdict.ruling is Ruling.ALLOW) == is_allowed, verdict
    assert bool(verdict.violations) != is_allowed


def test_what_the_scene_holds_already_counts() -> None:
    heating = plan("close microwave", "turn_on microwave")
    for item, is_allowed in (("fork_1", False), ("mug_1", True)):
        scene = symbolic_scene({item: "microwave"}, opened=("microwave",))
        assert (HazardGate().review("Start it.", scene, heating).ruling is Ruling.ALLOW) == is_allowed
    lit = symbolic_scene({"towel_1": "table"}, powered_on=("stove",))
    verdict = HazardGate().review("Do it.", lit, plan("pick towel_1", "place towel_1 stove"))
    assert verdict.ruling is Ruling.REFUSE


def test_a_held_thing_is_what_is_put() -> None:
    scene = symbolic_scene({}, holding="phone_1")
    assert HazardGate().review("Do it.", scene, plan("put_in phone_1 sink")).ruling is Ruling.REFUSE


def test_a_refusal_names_the_rule_and_the_event(scene: Scene) -> None:
    (violation,) = HazardGate().review("Warm it up.", scene, HEAT_FORK).violations
    assert (violation.rule, violation.layer) == ("nothing_wrong_in_microwave", "instruction")
    assert "fork" in violation.subject and "Metal sparks" in str(violation.allowed)


def test_harm_in_words_is_refused_before_there_are_steps(scene: Scene) -> None:
    verdict = HazardGate().review("Poison his coffee.", scene)
    assert verdict.ruling is Ruling.REFUSE and verdict.violations[0].rule == "no_poisoning"


def test_where_two_readings_fit_it_asks(scene: Scene) -> None:
    verdict = HazardGate().review("Get rid of the phone.", scene)
    assert verdict.ruling is Ruling.ASK
    assert verdict.question.endswith("?")


@pytest.mark.parametrize("words", ["", "  \n"])
def test_words_are_needed(scene: Scene, words: str) -> None:
    assert HazardGate().review(words, scene).violations[0].rule == "instruction_has_words"


@pytest.mark.parametrize("vote", list(Ruling))
@pytest.mark.parametrize("words", ["Bring me an apple.", "Get rid of the phone.", "Poison his coffee."])
def test_a_second_opinion_can_only_make_it_stricter(scene: Scene, words: str, vote: Ruling) -> None:
    order = [Ruling.ALLOW, Ruling.ASK, Ruling.REFUSE]
    alone = hazard_judge().judge(words, ()).ruling
    voted = hazard_judge(vote=lambda instruction, steps: vote).judge(words, ()).ruling
    assert order.index(voted) == max(order.index(alone), order.index(vote))
    assert HazardGate(vote=lambda instruction, steps: vote).review(words, scene).ruling is voted
