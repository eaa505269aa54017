"""Random plans: the supervisor lets nothing impossible or harmful through, and the judges can tell."""

from __future__ import annotations

from typing import Any

import pytest

from grounding import Scene, parse_formula, to_pddl
from planner.faults import plan_fuzz
from planner.faults.dry_home import DryHome, Start
from planner.faults.plan_fuzz import fuzz_plan, fuzz_run
from planner.faults.plan_judge import is_true, objection, read
from safety.basic import BasicSupervisor
from skills import HOUSEHOLD_CONTRACTS, SkillCall

N = 40


class Careless(BasicSupervisor):
    """Lets everything through."""

    def review_plan(self, *_: Any) -> tuple[()]:
        """Allow."""
        return ()

    def review_step(self, *_: Any) -> tuple[()]:
        """Allow."""
        return ()


def supervised_by(kind: type[BasicSupervisor], monkeypatch: pytest.MonkeyPatch) -> list[plan_fuzz.FuzzResult]:
    monkeypatch.setattr(plan_fuzz, "HouseholdSupervisor", lambda contracts, rules: kind(contracts))
    return [fuzz_plan(number, seed=11) for number in range(N)]


def test_of_random_plans_nothing_impossible_or_harmful_is_let_through() -> None:
    results = [fuzz_plan(number, seed=11) for number in range(N)]
    assert [r for r in results if r.is_wrong or r.missed] == []
    assert sum(r.is_impossible for r in results) > N / 3, "many would have been impossible"
    assert sum(r.is_harmful for r in results) > 2, "and some harmful"
    assert sum(len(r.dispatched) for r in results) > 2 * N, "and most steps were harmless"


def test_without_rules_harm_is_seen_but_nothing_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    results = supervised_by(BasicSupervisor, monkeypatch)
    assert any(r.harmful for r in results) and not any(r.invalid for r in results)


def test_without_any_supervision_both_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    results = supervised_by(Careless, monkeypatch)
    assert all(bool(r.invalid) == r.is_impossible for r in results)
    assert all(bool(r.harmful) == r.is_harmful for r in results)


def test_a_plan_is_decided_by_number_and_seed() -> None:
    assert fuzz_plan(3, seed=5) == fuzz_plan(3, seed=5) != fuzz_plan(4, seed=5)


def test_whole_runs_with_a_hostile_model_dispatch_nothing_impossible_or_harmful() -> None:
    results = [fuzz_run(number, seed=2) for number in range(8)]
    assert [r for r in results if r.is_wrong] == []
    assert any(r.dispatched for r in results) and all(r.ending for r in results)


def test_the_judge_sees_harm_that_nobody_vetoed() -> None:
    home = DryHome(Start(objects={"phone_1": "sink"}, robot_at="sink", holding="water_bottle_1"))
    assert home.did(SkillCall("pour", ("water_bottle_1", "sink")))
    assert home.findings == ("water_bottle_1 was poured beside phone_1",)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (SkillCall("pick", ("apple_1",)), None),
        (SkillCall("open", ("fridge",)), "needs"),
        (SkillCall("place", ("apple_1", "table")), "needs"),
        (SkillCall("pick", ("table",)), "no item"),
        (SkillCall("pick", ("apple_2",)), "no item"),
        (SkillCall("pick", ()), "0 arguments"),
        (SkillCall("fly", ("apple_1",)), "no skill"),
    ],
)
def test_the_judge_says_why_a_step_is_not_possible(call: SkillCall, why: str | None) -> None:
    said = objection(call, scene())
    assert said is None if why is None else said is not None and why in said


def scene() -> Scene:
    return DryHome(Start(objects={"apple_1": "table", "mug_1": "table"}, robot_at="table")).scene()


@pytest.mark.parametrize(
    "text",
    [
        "(and)",
        "(or)",
        "(not (on apple_1 table))",
        "(imply (on apple_1 sink) (or))",
        "(exists (?x - item ?p - (either sink surface)) (and (on ?x ?p) (not (= ?x apple_1))))",
        "(forall (?x - item) (on ?x table))",
        "(exactly 2 (?x - item) (on ?x table))",
        "(exactly 1 (?x - fruit) (robot_at table))",
    ],
)
def test_both_readings_of_a_formula_agree(text: str) -> None:
    there = scene()
    types = {name: kinds | {"object"} for name, kinds in there.universe.types.items()}
    assert is_true(read(text), there.facts, types, {}) == there.holds(parse_formula(text))


def test_the_judge_reads_every_contract() -> None:
    there = scene()
    types = {name: kinds | {"object"} for name, kinds in there.universe.types.items()}
    for contract in HOUSEHOLD_CONTRACTS:
        is_true(read(to_pddl(contract.operator.precondition)), there.facts, types, {})


@pytest.mark.parametrize(
    "text", ["(and", "(and))", "a b", "on", "((on a b))", "(on (a) b)", "(exists (?x) (a))"]
)
def test_what_is_no_formula_is_not_judged(text: str) -> None:
    with pytest.raises(ValueError):
        is_true(read(text), frozenset(), {}, {})
