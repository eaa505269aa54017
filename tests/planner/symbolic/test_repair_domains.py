"""Flawed plans of five well-known domains are repaired, whatever happened to them."""

import numpy as np
import pytest

from benchmarks.repair_domains import DOMAINS, damage
from planner.symbolic import find_plan, repair_plan, verify_plan


@pytest.mark.parametrize("name", sorted(DOMAINS))
@pytest.mark.parametrize("edits", [1, 2, 3])
def test_a_damaged_plan_is_repaired_no_farther_than_it_was_damaged(name: str, edits: int) -> None:
    rng = np.random.default_rng(10 + edits)
    case = DOMAINS[name](24, 3 if name == "logistics" else 2, rng)
    world = (case.facts, case.universe, case.domain.operators)
    found = find_plan(case.goal, *world, time_limit_s=20.0)
    assert found.steps
    flawed = damage(found.steps, case, edits, rng)
    result = repair_plan(flawed, case.goal, *world, time_limit_s=20.0)
    assert result.steps is not None
    assert verify_plan(result.steps, case.goal, *world).is_success
    assert result.distance <= 2 * edits and all(edit.reason for edit in result.edits)


def test_fifty_objects_are_no_trouble() -> None:
    rng = np.random.default_rng(0)
    case = DOMAINS["logistics"](50, 2, rng)
    world = (case.facts, case.universe, case.domain.operators)
    assert len(case.universe.types) >= 50
    found = find_plan(case.goal, *world, time_limit_s=20.0)
    assert found.steps
    for index in range(len(found.steps)):
        flawed = [step for i, step in enumerate(found.steps) if i != index]
        result = repair_plan(flawed, case.goal, *world, time_limit_s=20.0)
        assert result.distance <= 1 and result.is_nearest
