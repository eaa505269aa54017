"""Fetch and carry, one item at a time: share of runs in which the observed world ends as it was asked.

    python -m benchmarks.pick_place --route table:operator --seeds 1
    python -m benchmarks.pick_place --route fridge:table --categories apple,egg --seeds 3 --neighbours 4

Every run builds a home, opens what must be open, lets the robot pick one item among neighbours, drive, and
put it down; success is judged on a fresh scene.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grounding.oracle import OraclePerception
from robots.catalogue import Catalogue, load_catalogue
from robots.pybullet import open_kitchen
from robots.setup import ImpossibleStart, SceneSetup
from skills.library import household_library
from skills.skill import SkillCall, SkillContext

OPENABLE = frozenset({"fridge", "microwave", "top_drawer", "middle_drawer", "bottom_drawer"})
SURFACES = frozenset({"table", "close_counter", "far_counter", "stove"})
SMALL = ("apple", "coke_can", "energy_bar", "mug", "salt_shaker", "lemon", "yogurt_cup", "soup_can")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run showed."""

    category: str
    failed_skill: str
    reason: str
    simulated_s: float
    wall_s: float


def calls(item: str, source: str, target: str) -> Iterator[SkillCall]:
    """Yield the chain of skills that carries an item from one place to another."""
    yield SkillCall("pick", (item,))
    if source != target:
        yield SkillCall("go_to", (target,))
    if target == "operator":
        yield SkillCall("hand_over", (item,))
    else:
        yield SkillCall("place" if target in SURFACES else "put_in", (item, target))


def one_run(
    category: str, source: str, target: str, *, seed: int, neighbours: int, catalogue: Catalogue
) -> Run:
    """Build the home, carry the item, and report the first skill that failed."""
    item, library = f"{category}_9", household_library()
    others = np.random.default_rng(seed).permutation(SMALL)[:neighbours]
    items = {item: source} | {f"{name}_{k}": source for k, name in enumerate(others, start=1)}
    opened = OPENABLE & {source, target}
    kitchen = open_kitchen(
        SceneSetup(items=items, robot_at=source, opened=opened), seed=seed, catalogue=catalogue
    )
    eyes = OraclePerception(kitchen, catalogue)
    context = SkillContext(
        robot=kitchen.robot,
        perceive=lambda: eyes.perceive(kitchen.robot.observe()),
        rng=np.random.default_rng(seed),
    )
    started, simulated, failed, reason = time.monotonic(), 0.0, "", ""
    for call in calls(item, source, target):
        outcome = library[call.skill].implementations[0].run(call, context)
        simulated += outcome.duration_s
        if not outcome.is_success:
            failed, reason = call.skill, outcome.reason
            break
    kitchen.close()
    wall = time.monotonic() - started
    return Run(category=category, failed_skill=failed, reason=reason, simulated_s=simulated, wall_s=wall)


def main() -> None:
    """Run and print one line per failure and one per route."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--route", action="append", required=True, help="source:target, may be repeated")
    parser.add_argument("--categories", default="all", help="comma-separated, or all")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--neighbours", type=int, default=0, help="other items at the source")
    options = parser.parse_args()
    catalogue = load_catalogue()
    wanted = sorted(catalogue.categories) if options.categories == "all" else options.categories.split(",")
    for route in options.route:
        source, target = route.split(":")
        runs: list[Run] = []
        skipped: dict[str, int] = defaultdict(int)
        for category in wanted:
            for seed in range(options.seeds):
                try:
                    run = one_run(
                        category,
                        source,
                        target,
                        seed=seed,
                        neighbours=options.neighbours,
                        catalogue=catalogue,
                    )
                except ImpossibleStart:
                    skipped[category] += 1
                    continue
                runs.append(run)
                if run.failed_skill:
                    print(f"  {category} seed {seed}: {run.failed_skill}: {run.reason}", flush=True)
        good = sum(not run.failed_skill for run in runs)
        simulated, wall = (np.median([getattr(r, n) for r in runs]) for n in ("simulated_s", "wall_s"))
        print(
            f"{route}: {good} of {len(runs)} succeeded ({sum(skipped.values())} starts impossible), "
            f"median {simulated:.1f} s simulated, {wall:.1f} s wall",
            flush=True,
        )


if __name__ == "__main__":
    main()
