"""What things are: by class, by head noun, by the words before them."""

import pytest

from safety.instruction import load_lexicon
from safety.instruction.words import singular, words_of

LEXICON = load_lexicon()


@pytest.mark.parametrize(
    "name", ["DeskLamp", "desk lamp", "desklamp", "Desk_Lamp_1", "DESK LAMPS", "the old desk lamp"]
)
def test_spelling_joining_and_number_do_not_matter(name: str) -> None:
    assert {"electric", "lamp"} <= LEXICON.properties(name)


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("vintage floor lamp", "electric"),
        ("gaming laptop", "electric"),
        ("grandmother's porcelain teapot", "fragile"),
        ("cast iron pan", "cookware"),
        ("EggCracked", "egg"),
        ("AppleSliced", "produce"),
        ("strawberry jam jar", "vessel"),
        ("credircard", "valuable"),
        ("watercontainer", "vessel"),
        ("persian carpet", "textile"),
        ("ride-on lawn mower", "appliance"),
    ],
)
def test_unseen_compounds_and_typos_resolve_by_their_head(name: str, has: str) -> None:
    assert has in LEXICON.properties(name)


def test_materials_change_what_a_thing_is() -> None:
    assert "fragile" in LEXICON.properties("cup")
    assert "fragile" not in LEXICON.properties("plastic cup")
    assert "meltable" in LEXICON.properties("plastic cup")
    assert "metal" not in LEXICON.properties("wooden spoon")
    assert "weapon" not in LEXICON.properties("toy gun")
    assert "being" not in LEXICON.properties("toy cat")


def test_a_measure_of_something_is_the_thing_and_a_vessel_of_it_holds_it() -> None:
    assert "paper" in LEXICON.properties("piece of paper")
    cup = LEXICON.noun("cup of coffee")
    assert cup.head == "cup" and cup.contents == "coffee"
    assert LEXICON.noun("photo of the cat").head == "photo"


def test_unknown_words_have_no_properties() -> None:
    assert LEXICON.properties("flurbl") == frozenset()
    assert LEXICON.noun("flurbl").head == ""


def test_it_reaches_well_beyond_the_kitchen() -> None:
    assert len(LEXICON.nouns) >= 1500


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("knives", "knife"),
        ("dishes", "dish"),
        ("potatoes", "potato"),
        ("berries", "berry"),
        ("glass", "glass"),
        ("vases", "vase"),
    ],
)
def test_plurals(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_names_fall_into_words() -> None:
    assert words_of("TVStand_2") == ["tv", "stand"]
    assert words_of("jack-o'-lantern") != []
