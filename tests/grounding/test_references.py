"""What was said about an object leads to the object, or to the reason why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grounding import Scene
from grounding.references import (
    Mentioned,
    ReferringExpression,
    Relation,
    RelationKind,
    Superlative,
    colours_of,
    resolve,
)
from tests.fakes.household_scene import CATALOGUE, Looker, home, item, standing, stands_at

HOME = home()
TABLE, COUNTER, FRIDGE = HOME["table"], HOME["counter"], HOME["fridge"]
ITEMS = (
    standing("coke_can_1", TABLE, 0.0, 0.30),
    standing("apple_1", TABLE, 0.0, 0.10),
    standing("bowl_1", TABLE, 0.0, -0.15),
    standing("orange_1", TABLE, 0.0, -0.15, above=0.008),
    standing("pepsi_can_1", TABLE, 0.08, -0.40),
    standing("coke_can_2", COUNTER, 0.0, 0.2),
    standing("apple_2", COUNTER, 0.0, -0.2),
    standing("water_bottle_1", FRIDGE),
    standing("sevenup_can_1", HOME["trash_can"]),
)
E = ReferringExpression
SODA, CAN = E(types=("soda",)), E(types=("can",))


def _scene(*, at: str = "table", held: str | None = None) -> Scene:
    return Looker().look(ITEMS, HOME, stands_at(HOME[at]), held=held)


SCENE = _scene()


def _rel(kind: RelationKind, *anchors: str, is_negated: bool = False) -> tuple[Relation, ...]:
    said = tuple(E(names=(a,)) for a in anchors)
    return (Relation(kind=kind, anchors=said, is_negated=is_negated),)


def test_any_of_them_is_the_nearest_in_the_open() -> None:
    assert resolve(SODA, SCENE).names == ("coke_can_1",)
    assert resolve(SODA, _scene(at="counter")).names == ("coke_can_2",)
    assert resolve(SODA, SCENE).candidates[-1] == "sevenup_can_1"


def test_what_is_held_is_the_easiest() -> None:
    assert resolve(SODA, _scene(at="counter", held="pepsi_can_1")).names == ("pepsi_can_1",)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        (E(types=("coke_can", "pepsi_can"), quantity="all"), {"coke_can_1", "coke_can_2", "pepsi_can_1"}),
        (E(types=("drink",), required=("healthy",), quantity="all"), {"water_bottle_1"}),
        (E(types=("fruit",), excluded=("apple",), quantity="all"), {"orange_1"}),
        (
            E(types=("soda",), excluded=("coke_can_1", "sevenup_can"), quantity="all"),
            {"coke_can_2", "pepsi_can_1"},
        ),
        (E(types=("can",), colour="red", quantity="all"), {"coke_can_1", "coke_can_2"}),
        (E(names=("apple_2",)), {"apple_2"}),
        (E(types=("surface",), quantity="all"), {"table", "counter"}),
    ],
)
def test_descriptions_narrow(expression: ReferringExpression, names: set[str]) -> None:
    assert set(resolve(expression, SCENE).names) == names


@pytest.mark.parametrize(
    ("relations", "names"),
    [
        (_rel("on", "table"), {"coke_can_1", "apple_1", "bowl_1", "pepsi_can_1", "orange_1"}),
        (_rel("in", "bowl_1"), {"orange_1"}),
        (_rel("in", "fridge"), {"water_bottle_1"}),
        (_rel("on", "table", is_negated=True), {"coke_can_2", "apple_2", "water_bottle_1", "sevenup_can_1"}),
        (_rel("next_to", "coke_can_1"), {"apple_1"}),
        (_rel("left_of", "apple_1"), {"coke_can_1"}),
        (_rel("behind", "apple_1"), {"pepsi_can_1"}),
        (_rel("in_front_of", "pepsi_can_1"), {"coke_can_1", "apple_1", "bowl_1", "orange_1"}),
        (_rel("between", "coke_can_1", "bowl_1"), {"apple_1"}),
    ],
)
def test_relations_are_seen_from_the_dock(relations: tuple[Relation, ...], names: set[str]) -> None:
    assert set(resolve(E(relations=relations, quantity="all"), SCENE).names) == names


@pytest.mark.parametrize(
    ("superlative", "ordinal", "name"),
    [
        ("leftmost", 1, "coke_can_1"),
        ("leftmost", 2, "apple_1"),
        ("rightmost", 1, "pepsi_can_1"),
        ("back", 1, "pepsi_can_1"),
        ("largest", 1, "bowl_1"),
        ("farthest", 1, "water_bottle_1"),
    ],
)
def test_superlatives(superlative: Superlative, ordinal: int, name: str) -> None:
    said = E(superlative=superlative, ordinal=ordinal, quantity="the")
    assert resolve(said, SCENE).names == (name,)


def test_nearest_may_be_measured_from_something_else() -> None:
    said = E(types=("can",), superlative="nearest", quantity="the")
    assert resolve(replace(said, origin=E(names=("bowl_1",))), SCENE).names == ("pepsi_can_1",)
    assert resolve(replace(said, origin=E(names=("counter",))), SCENE).names == ("coke_can_2",)


def test_left_and_right_are_opposite() -> None:
    for a in ITEMS:
        for b in ITEMS:
            left = resolve(E(names=(a.item.name,), relations=_rel("left_of", b.item.name)), SCENE)
            right = resolve(E(names=(b.item.name,), relations=_rel("right_of", a.item.name)), SCENE)
            assert left.is_found == right.is_found


def test_the_one_is_ambiguous_only_when_it_matters_which() -> None:
    asked = resolve(E(types=("coke_can",), quantity="the"), SCENE)
    assert asked.is_ambiguous
    assert asked.names == ("coke_can_1",)
    assert "coke_can_2 at counter" in asked.reason
    assert not resolve(replace(SODA, quantity="a"), SCENE).is_ambiguous
    assert not resolve(E(types=("bowl",), quantity="the"), SCENE).is_ambiguous
    known = Mentioned(items=(("coke_can_2",),))
    told = resolve(E(types=("coke_can",), quantity="the"), SCENE, mentioned=known)
    assert (told.names, told.is_ambiguous) == (("coke_can_2",), False)


def test_two_equal_things_in_one_place_are_interchangeable() -> None:
    twins = (standing("lemon_1", TABLE, 0, 0.1), standing("lemon_2", TABLE, 0, -0.1))
    scene = Looker().look(twins, HOME, stands_at(TABLE))
    assert not resolve(E(types=("lemon",), quantity="the"), scene).is_ambiguous


def test_counts_may_ask_for_different_kinds() -> None:
    two = resolve(replace(SODA, quantity="count", count=2), SCENE)
    assert two.names == ("coke_can_1", "pepsi_can_1") or len(set(two.names)) == 2
    kinds = resolve(replace(SODA, quantity="count", count=3, is_distinct=True), SCENE)
    assert {scene_item.rpartition("_")[0] for scene_item in kinds.names} == {
        "coke_can",
        "pepsi_can",
        "sevenup_can",
    }
    short = resolve(replace(SODA, quantity="count", count=4, is_distinct=True), SCENE)
    assert not short.is_found
    assert short.reason.startswith("there are only 3 different of the 4")


def test_pronouns_mean_what_was_mentioned() -> None:
    talk = Mentioned(items=(("apple_1",), ("coke_can_1", "pepsi_can_1")), places=("counter", "table"))
    assert resolve(E(pronoun="it"), SCENE, mentioned=talk).names == ("pepsi_can_1",)
    assert resolve(E(pronoun="they"), SCENE, mentioned=talk).names == ("coke_can_1", "pepsi_can_1")
    assert resolve(E(pronoun="there"), SCENE, mentioned=talk).names == ("table",)
    first = Mentioned(items=(("coke_can_1",),))
    assert resolve(E(pronoun="one", is_other=True), SCENE, mentioned=first).names == ("coke_can_2",)
    assert not resolve(E(pronoun="it"), SCENE).is_found


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (E(types=("banana",), text="a banana"), "there is no banana here"),
        (E(types=("can",), colour="purple"), "none is purple"),
        (E(types=("apple",), relations=_rel("in", "fridge")), "none is in fridge"),
        (E(types=("apple",), superlative="leftmost", ordinal=3), "there are only"),
    ],
)
def test_nothing_found_says_why(expression: ReferringExpression, reason: str) -> None:
    nothing = resolve(expression, SCENE)
    assert nothing.names == () == nothing.candidates
    assert reason in nothing.reason


@pytest.mark.parametrize("category", sorted(CATALOGUE.categories))
def test_every_object_has_a_colour_word(category: str) -> None:
    thing = item(f"{category}_1", TABLE.region.T_world_region)
    assert colours_of(thing.item)
