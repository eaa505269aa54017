"""Random plans: the supervisor lets nothing impossible or harmful through, and the judge can tell."""

from __future__ import annotations

from planner.faults.dry_home import DryHome, Start
from planner.faults.plan_fuzz import fuzz_plan
from skills import SkillCall


def test_of_random_plans_nothing_impossible_or_harmful_is_let_through() -> None:
    results = [fuzz_plan(number, seed=11) for number in range(60)]
    assert [r for r in results if r.invalid] == []
    assert sum(r.is_harmful for r in results) > 20, "most plans would have been wrong unsupervised"
    assert sum(len(r.allowed) for r in results) > 100, "and most of their steps were harmless"


def test_a_plan_is_decided_by_number_and_seed() -> None:
    assert fuzz_plan(3, seed=5) == fuzz_plan(3, seed=5) != fuzz_plan(4, seed=5)


def test_the_judge_sees_harm_that_nobody_vetoed() -> None:
    home = DryHome(Start(objects={"phone_1": "sink"}, robot_at="sink", holding="water_bottle_1"))
    assert home.did(SkillCall("pour", ("water_bottle_1", "sink")))
    assert home.findings == ("water_bottle_1 was poured beside phone_1",)
