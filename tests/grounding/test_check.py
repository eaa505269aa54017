"""A formula that cannot mean anything is refused in one sentence with the nearest valid choices."""

from __future__ import annotations

import pytest

from grounding import ForAll, FormulaError, check_formula, parse_formula
from skills import HOUSEHOLD_CONTRACTS, Contract
from tests.fakes.household_scene import CATALOGUE, Looker, home, standing, stands_at

HOME = home()
SCENE = Looker().look([standing("apple_1", HOME["table"])], HOME, stands_at(HOME["table"]))


def _check(text: str) -> bool:
    check_formula(parse_formula(text), SCENE.universe, CATALOGUE)  # raises when something is wrong
    return True


@pytest.mark.parametrize(
    "text",
    [
        "(on apple_1 table)",
        "(exists (?x - fruit) (with_operator ?x))",
        "(forall (?x - item) (imply (on ?x table) (exists (?c - container) (in ?x ?c))))",
        "(exactly 2 (?x - soda) (on ?x counter))",
        "(exists (?a - soda ?b - (either fruit chips)) (and (not (= ?a ?b)) (with_operator ?a)))",
        "(exists (?x - redbull_can) (in ?x trash_can))",
        "(pushed apple_1 left)",
        "(and (gripper_empty) (not (open fridge)))",
    ],
)
def test_a_meaningful_formula_passes(text: str) -> None:
    assert _check(text)


@pytest.mark.parametrize("contract", HOUSEHOLD_CONTRACTS, ids=lambda c: c.name)
def test_the_contracts_use_the_vocabulary(contract: Contract) -> None:
    check_formula(ForAll(contract.parameters, contract.precondition), SCENE.universe, CATALOGUE)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("(onn apple_1 table)", ("no predicate 'onn'", "on")),
        ("(on apple_1)", ("'on' takes 2 arguments, found 1", "(on item surface)")),
        ("(exists (?x - frut) (holding ?x))", ("no category or attribute 'frut'", "fruit")),
        ("(on aple_1 table)", ("no 'aple_1' in this scene", "apple_1")),
        ("(on apple_1 fridge)", ("'fridge' in 'on' must be surface", "table")),
        ("(exists (?x - drawer) (holding ?x))", ("'?x' in 'holding' must be item", "apple_1")),
        ("(open table)", ("'table' in 'open' must be openable", "fridge")),
        ("(holding ?x)", ("the variable '?x' is not declared",)),
        ("(pushed apple_1 up)", ("no 'up' in this scene",)),
    ],
)
def test_a_wrong_formula_is_refused_with_choices(text: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(FormulaError) as error:
        _check(text)
    assert all(part in str(error.value) for part in parts)
    assert "\n" not in str(error.value)
