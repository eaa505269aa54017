"""The fault suite: each cheap row once or more, some physical ones, and what the table says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.faults.rows import ROWS, row_named, rows_named
from planner.faults.runner import jobs_of, run_trial
from planner.faults.summary import summarise, upper_bound
from planner.faults.trial import Trial
from planner.request import BadRequest

CHEAP = ("model-invents", "model-unsafe-order", "unsafe-instruction", "rules-tampered", "journal-broken")
MOTIONS = ("chunk-stale", "chunk-reordered", "chunk-diverges")
PHYSICAL = (
    "joint-dropout",
    "joints-nan",
    "joints-inf",
    "person-enters",
    "e-stop",
    "skill-raises",
    "clock-jump",
    "two-faults",
)
PROCESSES = ("executor-killed", "supervisor-killed", "supervisor-frozen", "overload", "journal-disk-full")


def trials_of(name: str, n: int) -> list[Trial]:
    return [run_trial(job) for job in jobs_of([name], n, 7)]


def check(name: str, n: int) -> None:
    (summary,) = summarise([row_named(name)], trials_of(name, n))
    assert not summary.unsafe, [(t.number, t.injected, t.unsafe) for t in summary.unsafe]
    assert not summary.unexplained, [(t.number, t.injected, t.reason) for t in summary.unexplained]
    assert summary.injected, "the fault never had its chance: the row shows nothing"


@pytest.mark.parametrize("name", CHEAP)
def test_a_fault_of_words_or_rules_ends_safely_and_explained(name: str) -> None:
    check(name, 5)


@pytest.mark.sim
@pytest.mark.parametrize("name", MOTIONS)
def test_a_wrong_chunk_breaks_no_limit(name: str) -> None:
    check(name, 2)


@pytest.mark.sim
@pytest.mark.parametrize("name", PHYSICAL)
def test_a_physical_fault_ends_safely_and_explained(name: str) -> None:
    check(name, 1)


@pytest.mark.sim
@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_that_is_gone_leaves_the_robot_at_rest(name: str) -> None:
    check(name, 1)


def test_names_of_rows_are_their_own_and_an_unknown_one_gets_the_nearest() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    with pytest.raises(BadRequest, match="joint-dropout"):
        rows_named(["joint-drop"])


def test_a_trial_is_decided_by_row_number_and_seed() -> None:
    (job,) = jobs_of(["rules-tampered"], 1, 3)
    one, again = run_trial(job), run_trial(job)
    assert replace(one, wall_s=0.0) == replace(again, wall_s=0.0)


@pytest.mark.parametrize(("failures", "n", "bound"), [(0, 300, 0.009936), (1, 300, 0.01572), (300, 300, 1.0)])
def test_the_bound_is_that_of_clopper_and_pearson(failures: int, n: int, bound: float) -> None:
    assert upper_bound(failures, n) == pytest.approx(bound, rel=2e-3)


def test_something_unsafe_or_unexplained_fails_its_row() -> None:
    row = row_named("e-stop")
    fine = Trial(injected="pressed", ending="stopped", reason="e_stop", row=row.name)
    hit = replace(fine, unsafe=("a person was hit",))
    silent = replace(fine, is_explained=False)
    assert summarise([row], [fine])[0].is_passed
    assert not summarise([row], [fine, hit])[0].is_passed
    assert not summarise([row], [fine, silent])[0].is_passed
