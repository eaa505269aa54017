"""Random plans through the layers of plan and step: how many were let through that must not be.

    python -m benchmarks.plan_fuzz [--n 10000] [--seed 0] [--workers 2] [--json OUT]

A plan is a random walk of possible steps, damaged in up to three places: steps missing, doubled, swapped,
with unknown skills or names, too few or too many arguments, or steps from elsewhere. See
`planner/faults/plan_fuzz.py` for who judges.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rich.progress import Progress

from planner.faults.plan_fuzz import FuzzResult, fuzz_plan
from planner.faults.summary import upper_bound
from planner.processes import run_in_processes


def main() -> None:
    """Print the counts, and every plan that was wrongly let through."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    with Progress() as progress:
        bar = progress.add_task("plans", total=options.n)
        results = run_in_processes(
            range(options.n), partial(fuzz_plan, seed=options.seed), _failed, workers=options.workers,
            on_result=lambda _: progress.advance(bar),
        )  # fmt: skip
    bad = [result for result in results if result.invalid]
    for result in bad:
        print(json.dumps(asdict(result), default=str))
    print(json.dumps(counts(results), indent=1))
    if options.json:
        told = {**counts(results), "seed": options.seed, "wrong": [asdict(r) for r in bad]}
        options.json.write_text(json.dumps(told, indent=1, default=str) + "\n", encoding="utf-8")


def counts(results: Sequence[FuzzResult]) -> dict[str, float]:
    """Return what came of all plans."""
    bad = sum(bool(result.invalid) for result in results)
    return {
        "plans": len(results),
        "steps offered": sum(len(r.plan) for r in results),
        "plans that would have been impossible or harmful": sum(r.is_harmful for r in results),
        "plans allowed as a whole": sum(r.is_plan_allowed for r in results),
        "steps let through": sum(len(r.allowed) for r in results),
        "plans with something let through that must not be": bad,
        "rate_bound_95": upper_bound(bad, len(results)),
    }


def _failed(number: int, error: BaseException) -> FuzzResult:
    raise error


if __name__ == "__main__":
    main()
