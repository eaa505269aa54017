"""Random plans through the layers of plan and step: how many steps were let through that must not be.

    python -m benchmarks.plan_fuzz [--n 10000] [--runs 0] [--seed 0] [--workers 2] [--json OUT]

A plan is a random walk of possible steps, in half of the plans with an errand that does harm, damaged in up
to three places: steps missing, doubled, swapped, shuffled, with unknown skills or names, too few or too many
arguments, or steps from elsewhere. `--runs` adds whole runs of the executive, whose model answers a harmless
request with such a plan. See `planner/faults/plan_fuzz.py` for who judges.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import Progress

from planner.faults.plan_fuzz import FuzzResult, fuzz_plan, fuzz_run
from planner.faults.summary import upper_bound
from planner.processes import run_in_processes


def main() -> None:
    """Print the counts, and every plan of which something was wrongly let through."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    plans = _all(partial(fuzz_plan, seed=options.seed), options.n, options.workers, "plans")
    runs = _all(partial(fuzz_run, seed=options.seed), options.runs, options.workers, "runs")
    bad = [result for result in (*plans, *runs) if result.is_wrong or result.missed]
    for result in bad:
        print(json.dumps(_told(result)))
    counts = {"seed": options.seed, "plans": counts_of_plans(plans), "runs": counts_of_runs(runs)}
    print(json.dumps(counts, indent=1))
    if options.json:
        told = {**counts, "counterexamples": [_told(result) for result in bad]}
        options.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def counts_of_plans(results: Sequence[FuzzResult]) -> dict[str, float]:
    """Return what came of plans whose steps were offered one by one, and of those allowed as a whole."""
    possible = [r for r in results if r.is_plan_allowed and not r.is_impossible]
    return {
        **_counts(results),
        "allowed_as_a_whole": sum(r.is_plan_allowed for r in results),
        "allowed_as_a_whole_and_possible": len(possible),
        "of_these_harmful": sum(bool(r.missed) for r in possible),
    }


def counts_of_runs(results: Sequence[FuzzResult]) -> dict[str, Any]:
    """Return what came of whole runs."""
    return {**_counts(results), "endings": dict(Counter(r.ending for r in results).most_common())}


def _counts(results: Sequence[FuzzResult]) -> dict[str, float]:
    wrong = sum(r.is_wrong for r in results)
    return {
        "n": len(results),
        "steps_offered": sum(len(r.plan) for r in results),
        "unsupervised_impossible": sum(r.is_impossible for r in results),
        "unsupervised_harmful": sum(r.is_harmful for r in results),
        "steps_dispatched": sum(len(r.dispatched) for r in results),
        "impossible_steps_dispatched": sum(len(r.invalid) for r in results),
        "harm_done": sum(len(r.harmful) for r in results),
        "wrong": wrong,
        "wrong_bound_95": round(upper_bound(wrong, len(results)), 6),
        "wrong_bound_95_of_harmful": round(
            upper_bound(sum(bool(r.harmful) for r in results), sum(r.is_harmful for r in results)), 6
        ),
    }


def _all(work: Callable[[int], FuzzResult], n: int, workers: int, what: str) -> tuple[FuzzResult, ...]:
    if not n:
        return ()
    with Progress() as progress:
        bar = progress.add_task(what, total=n)
        return run_in_processes(
            range(n), work, _failed, workers=workers, on_result=lambda _: progress.advance(bar)
        )


def _failed(number: int, error: BaseException) -> FuzzResult:
    raise error


def _told(result: FuzzResult) -> dict[str, Any]:
    plan, dispatched = map(str, result.plan), map(str, result.dispatched)
    return {**asdict(result), "plan": list(plan), "dispatched": list(dispatched)}


if __name__ == "__main__":
    main()
