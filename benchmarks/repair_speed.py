"""How long symbolic repair takes, and how near its plans are.

    python -m benchmarks.repair_speed [--objects 50] [--plans 20] [--seed 0]

Random problems of five domains, plans of about twenty steps, one to three random edits each. "proved" counts
repairs for which it was proved that no plan is nearer.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.repair_domains import DOMAINS, damage
from planner.symbolic import find_plan, repair_plan, verify_plan

GOALS = {"blocksworld": 3, "logistics": 2, "ferry": 5, "briefcase": 4, "cooking": 1}
"""Goals per domain that make plans of about twenty steps."""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=50)
    parser.add_argument("--plans", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--domain", choices=sorted(DOMAINS), default=None)
    options = parser.parse_args()
    print("domain         n  steps  repaired  proved  median s   max s edits")
    for name in [options.domain] if options.domain else DOMAINS:
        measure(name, options.objects, options.plans, np.random.default_rng(options.seed))


def measure(name: str, objects: int, plans: int, rng: np.random.Generator) -> None:
    """Print one line."""
    seconds, steps, distances, repaired, proved = [], [], [], 0, 0
    for number in range(plans):
        case = DOMAINS[name](objects, GOALS[name], rng)
        world = (case.facts, case.universe, case.domain.operators)
        found = find_plan(case.goal, *world, time_limit_s=20.0)
        if not found.steps:
            print(f"  no plan for {name} {number}: {found.reason}")
            continue
        flawed = damage(found.steps, case, 1 + number % 3, rng)
        begin = time.perf_counter()
        result = repair_plan(flawed, case.goal, *world)
        seconds.append(time.perf_counter() - begin)
        steps.append(len(flawed))
        if result.steps is not None and verify_plan(result.steps, case.goal, *world).is_success:
            repaired += 1
            proved += result.is_nearest
            distances.append(result.distance)
    print(
        f"{name:12} {len(seconds):3} {np.mean(steps):6.1f} {repaired:9} {proved:7} {np.median(seconds):9.3f}"
        f" {np.max(seconds):7.3f} {np.mean(distances):.2f}"
    )


if __name__ == "__main__":
    main()
