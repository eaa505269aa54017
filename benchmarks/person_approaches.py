"""A person walks straight at the robot, from everywhere, whatever it does: is it still before they touch?

    python benchmarks/person_approaches.py --directions 72 --states 20 --workers 2 --json FILE

The room is empty, so that people can come from all sides; the person (1.6 m/s) does not stop. In every state
the robot drives and swings its arm behind the guard, at another speed and in another way. The referee is the
simulator: Bullet's distances between the two bodies, and the speed of the robot's fastest link.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from robots import Array, Command
from robots.catalogue import load_catalogue
from robots.pybullet import CameraModel, Layout, PybulletKitchen
from robots.pybullet.client import BulletClient
from robots.pybullet.referee import Referee
from safety.motion import GuardedRobot
from skills.motion.whole_body import body_limits, time_path

START_M = 4.0
"""Where the person sets off, [m] from the robot's axis."""
LONGEST_S = 6.0
CONTACT_M = 0.002
"""Bullet's distances are good to about this, [m]."""


@dataclass(frozen=True, kw_only=True)
class Approach:
    """One person from one direction, while the robot is in one state."""

    state: int
    direction: int
    smallest_moving_gap: float
    """Between the bodies while the robot moved, [m]; infinite when it never did."""
    speed_at_contact: float
    """Of the robot's fastest link when they touched, [m/s]; 0 when they never did."""
    moved_for_s: float
    """Robot clock of the last motion, [s]."""
    was_slowed: bool


def motion(state: int, robot: GuardedRobot) -> Array:
    """Return what the robot is doing: configurations (n, 10), one per tick."""
    rng = np.random.default_rng(state)
    now = robot.observe()
    here = np.concatenate([now.q_arm, now.base])
    drive = [0.0, 0.3, 0.7, 1.5][state % 4]
    swing = [0.0, 0.4, 0.8, 1.2, 1.0][state // 4]
    way = [here]
    for _ in range(8):
        there = np.array(here)
        there[:7] += swing * rng.uniform(-1, 1, 7) * np.array([1.2, 0.3, 0.5, 0.3, 0.5, 0.3, 0.8])
        there[7:9] += drive * rng.uniform(-1, 1, 2)
        there[9] += (drive > 0) * rng.uniform(-1, 1)
        way.append(there)
    if drive == 0.0 and swing == 0.0:
        return np.tile(here, (int(LONGEST_S / robot.limits.tick_s), 1))
    return time_path(np.array(way), body_limits(robot.limits), tick_s=robot.limits.tick_s)


def empty_room() -> PybulletKitchen:
    """Return a floor with the robot in the middle."""
    floor = Layout(name="empty", fixtures=(), floor=(-8.0, -8.0, 8.0, 8.0))
    return PybulletKitchen(
        BulletClient(), layout=floor, catalogue=load_catalogue(), base=(0.0, 0.0, 0.0),
        cameras={"head": CameraModel()},
    )  # fmt: skip


def approach(state: int, direction: int, directions: int) -> Approach:
    """Build an empty room, let both go, and say what the referee saw."""
    kitchen = empty_room()
    guard = GuardedRobot(kitchen.robot)
    path = motion(state, guard)
    angle = 2.0 * math.pi * direction / directions
    way = np.array([math.cos(angle), math.sin(angle)]) * START_M
    kitchen.add_person("walker", [way, np.zeros(2), -0.2 * way])
    referee = Referee(kitchen)
    touched: list[float] = []

    def look() -> None:
        gap = min(
            (p[8] for p in kitchen.bullet.getClosestPoints(kitchen.robot.body, walker.body, 0.5)), default=1.0
        )
        if gap <= CONTACT_M and not touched:
            touched.append(referee.speed)

    walker = kitchen.walkers["walker"]
    kitchen.after_tick.append(look)
    referee.mark()
    slowed = False
    for q in path:
        report = guard.command(Command(q_arm=q[:7], base=q[7:]))
        slowed = slowed or bool(report.slowed) or report.was_refused
        if kitchen.robot.time_s > LONGEST_S or touched or report.was_refused:
            break
    while kitchen.robot.time_s < START_M / 1.6 and not touched:
        guard.command(Command())
    result = Approach(
        state=state, direction=direction, smallest_moving_gap=referee.smallest_moving_gap,
        speed_at_contact=touched[0] if touched else 0.0, moved_for_s=referee.reaction_s, was_slowed=slowed,
    )  # fmt: skip
    kitchen.close()
    return result


def _job(job: tuple[int, int, int]) -> Approach:
    return approach(*job)


def main() -> None:
    """Run all approaches and print what they came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directions", type=int, default=72)
    parser.add_argument("--states", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    jobs = [(s, d, options.directions) for s in range(options.states) for d in range(options.directions)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.workers, mp_context=context) as pool:
        found = list(track(pool.map(_job, jobs, chunksize=4), total=len(jobs)))
    still = 0.01
    moving = [a for a in found if math.isfinite(a.smallest_moving_gap)]
    hit = [a for a in found if a.speed_at_contact > still]
    result = {
        "approaches": len(found),
        "robot_moved_in": len(moving),
        "slowed_or_stopped_in": sum(a.was_slowed for a in found),
        "moving_at_contact": len(hit),
        "smallest_gap_while_moving_m": round(min((a.smallest_moving_gap for a in moving), default=0.0), 4),
        "rate_bound_95": round(1 - 0.05 ** (1 / len(found)), 5),
        "worst": [asdict(a) for a in sorted(moving, key=lambda a: a.smallest_moving_gap)[:5]],
        "hits": [asdict(a) for a in hit[:10]],
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
