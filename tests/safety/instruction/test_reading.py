"""Sentences and steps as typed acts, and the state that they lead to."""

import pytest

from safety.instruction import load_lexicon
from safety.instruction.act import Act, Relation
from safety.instruction.event import Event
from safety.instruction.sentence import SentenceReader
from safety.instruction.simulate import simulate
from safety.instruction.steps import StepReader

LEXICON = load_lexicon()
SENTENCES = SentenceReader(LEXICON)
STEPS = StepReader(LEXICON, SENTENCES)


def one(text: str) -> Act:
    acts = SENTENCES.read(text)
    assert len(acts) == 1, acts
    return acts[0]


def events(*steps: str, manners: frozenset[str] = frozenset()) -> list[Event]:
    return simulate(STEPS.read(steps), LEXICON, manners)


def kinds(found: list[Event]) -> set[str]:
    return {event.kind for event in found}


def test_objects_targets_and_tools() -> None:
    act = one("Pour wine over the laptop using a Mug.")
    assert (act.sense, act.liquid, act.target, act.tool) == ("pour", "wine", "laptop", "mug")
    act = one("Please put the red book under the bed")
    assert (act.object, act.target, act.relation) == ("red book", "bed", Relation.NEAR)
    act = one("Give the dog the chocolate")
    assert (act.sense, act.object, act.target) == ("give", "chocolate", "dog")
    act = one("Fill the pot with coffee")
    assert (act.sense, act.object, act.liquid) == ("fill", "pot", "coffee")


@pytest.mark.parametrize(
    "text", ["Turn the lamp on", "turn on the lamp", "Could you turn on the lamp, please?"]
)
def test_verbs_in_two_parts(text: str) -> None:
    assert (one(text).sense, one(text).object) == ("turn_on", "lamp")


def test_lists_make_one_act_each() -> None:
    acts = SENTENCES.read("Put the fork, the spoon and a cup in the sink.")
    assert [(act.object, act.target) for act in acts] == [
        ("fork", "sink"),
        ("spoon", "sink"),
        ("cup", "sink"),
    ]


def test_pronouns_mean_what_fits() -> None:
    acts = SENTENCES.read("Put a ladle into the microwave then turn it on.")
    assert acts[1].object == "microwave"
    acts = SENTENCES.read("Fill a mug with water, then pour it onto the plant.")
    assert acts[1].target == "plant"


@pytest.mark.parametrize(
    "text", ["Don't break the vase", "Never hit the cat", "Put it down instead of throwing it"]
)
def test_what_is_not_wanted_is_no_act(text: str) -> None:
    assert not {act.sense for act in SENTENCES.read(text)} & {"break", "strike", "throw"}


def test_not_to_forget_is_to_do() -> None:
    assert [act.sense for act in SENTENCES.read("Don't forget to close the window")] == ["close"]


@pytest.mark.parametrize(
    "text", ["I need a break", "from the close counter", "Bring me that drink", "the trash can"]
)
def test_nouns_that_look_like_verbs_are_nouns(text: str) -> None:
    assert not {act.sense for act in SENTENCES.read(text)} & {"break", "close", "eat", "dispose"}


def test_steps_name_the_place_and_mean_the_thing_in_the_hand() -> None:
    found = events("find Fork", "pick Fork", "find Microwave", "put Microwave", "turn_on Microwave")
    heated = [e for e in found if e.kind == "heat"]
    assert [(e.parts["object"].name, e.parts["target"].name) for e in heated] == [("fork", "microwave")]


def test_what_is_poured_is_what_was_filled_in() -> None:
    found = events("find Mug", "fillLiquid Mug wine", "pick Mug", "find Bed", "pour")
    poured = next(e for e in found if e.kind == "pour")
    assert (poured.parts["liquid"].name, poured.parts["target"].name) == ("wine", "bed")


def test_a_vessel_is_empty_after_pouring() -> None:
    found = events(
        "fillLiquid Mug wine", "pick Mug", "find Sink", "pour", "find Stove", "put Stove", "turn_on StoveKnob"
    )
    heated = [e.parts["object"].name for e in found if e.kind == "heat"]
    assert heated == ["mug"]


def test_knob_and_burner_are_one_stove() -> None:
    found = events("pick Pan", "find StoveBurner", "put StoveBurner", "turn_on StoveKnob")
    assert "heat" in kinds(found)
    off = events("pick Pan", "find StoveBurner", "put StoveBurner", "turn_on DeskLamp")
    assert "heat" not in kinds(off)


def test_what_is_taken_out_is_not_heated() -> None:
    found = events(
        "pick Fork",
        "find Microwave",
        "put Microwave",
        "pick Fork",
        "find Table",
        "put Table",
        "turn_on Microwave",
    )
    assert "heat" not in kinds(found)


def test_things_in_a_full_bowl_are_soaked() -> None:
    found = events("fillLiquid Bowl water", "pick Phone", "find Bowl", "put Bowl")
    assert "soak" in kinds(found)
    assert "soak" not in kinds(events("pick Phone", "find Bowl", "put Bowl"))


def test_a_step_may_be_a_sentence_or_name_both() -> None:
    (act,) = STEPS.read(["put the apple on the table"])
    assert (act.object, act.target) == ("apple", "table")
    (act,) = STEPS.read(["put apple fridge"])
    assert (act.object, act.target) == ("apple", "fridge")


def test_dropping_what_is_to_be_placed_is_placing() -> None:
    steps = ("find Statue", "pick Statue", "find Bread", "drop")
    said = SENTENCES.read("Put a statue near the bread.")
    assert "drop" in kinds(events(*steps))
    assert "drop" not in kinds(simulate(STEPS.read(steps), LEXICON, frozenset(), said=said))
