"""How often and how fast does the arm planner find a path where one exists?

    python -m benchmarks.arm_planning [--queries 300] [--seed 0]

Start and goal are free configurations that a search with ten times the edges can join, so a solution exists;
the robot stands at a dock of the kitchen, with things on the surfaces and that place's drawer or door open.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np

from grounding.collision import ArmCollision, item_solids_in_world
from robots import Array
from robots.panda import PANDA_ARM_LIMITS
from robots.pybullet import open_kitchen
from robots.setup import SceneSetup
from skills.motion import arm_planner
from skills.motion.arm_planner import MARGIN_M, NoArmPath, plan_arm_path

DOCKS = (
    "close_counter",
    "table",
    "sink",
    "stove",
    "microwave",
    "fridge",
    "top_drawer",
    "operator",
    "trash_can",
)
ITEMS = ("coke_can", "apple", "bowl", "cereal_box", "water_bottle", "mug")
OPENABLE = frozenset({"microwave", "fridge", "top_drawer"})


def collision_at(place: str, seed: int) -> ArmCollision:
    """Return the collision model of an arm at a dock of a furnished kitchen."""
    surfaces = ("close_counter", "table", "far_counter")
    items = {f"{name}_{k}": surfaces[k % 3] for k, name in enumerate(ITEMS * 2)}
    kitchen = open_kitchen(SceneSetup(items=items, robot_at=place, opened=OPENABLE & {place}), seed=seed)
    state, base = kitchen.state(), kitchen.robot.observe().base
    solids = [solid for fixture in state.fixtures.values() for solid in fixture.solids]
    for item in state.items.values():
        solids += item_solids_in_world(item)
    kitchen.close()
    return ArmCollision(solids, base)


def free_pair(collision: ArmCollision, rng: np.random.Generator) -> Array:
    """Return two free configurations, shape (2, 7)."""
    limits = PANDA_ARM_LIMITS
    found = np.empty((0, 7))
    while len(found) < 2:
        q = rng.uniform(limits.lower, limits.upper, size=(24, 7))
        found = np.vstack([found, q[collision.clearance(q) > MARGIN_M + 1e-3]])
    return found[:2]


def main() -> None:
    """Print the share of solvable queries that are solved, and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    times: list[float] = []
    outcomes: Counter[str] = Counter()
    worlds = [collision_at(place, options.seed) for place in DOCKS]
    for query in range(options.queries):
        collision = worlds[query % len(worlds)]
        start, goal = free_pair(collision, rng)
        began = time.perf_counter()
        path = plan_arm_path(collision, start, goal[None], seed=query)
        times.append(time.perf_counter() - began)
        if not isinstance(path, NoArmPath):
            outcomes["solved"] += 1
            continue
        usual, arm_planner.MAX_EDGES = arm_planner.MAX_EDGES, 10 * arm_planner.MAX_EDGES
        patient = plan_arm_path(collision, start, goal[None], seed=query + 1)
        arm_planner.MAX_EDGES = usual
        outcomes["no solution known" if isinstance(patient, NoArmPath) else path.reason] += 1
    solvable = options.queries - outcomes["no solution known"]
    median, p95 = np.percentile(times, [50, 95]) * 1e3
    print(f"{outcomes['solved']} of {solvable} solvable queries solved ({outcomes['solved'] / solvable:.1%})")
    print(f"median {median:.0f} ms, 95th percentile {p95:.0f} ms; outcomes: {dict(outcomes)}")


if __name__ == "__main__":
    main()
