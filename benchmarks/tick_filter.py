"""How long the tick filter takes for one control period, with and without people near.

    python -m benchmarks.tick_filter [--ticks 20000] [--realtime] [--json OUT]

A command is admitted and one tick of its path computed, as before every tick of a motor. Physics is not in
it: the state that is judged is the one that was commanded before. With --realtime it takes the priority that
the filter's own process takes, where the system allows it.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from robots import Array, Command, Observation, TrackedPerson
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from safety.motion import ModeMachine, TickFilter
from safety.realtime.priority import FILTER, run_before_others

PEOPLE = (0, 1, 4)


def main() -> None:
    """Print a line for every number of people."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticks", type=int, default=20_000)
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    if options.realtime and not run_before_others(FILTER):
        parser.error("the system grants no real-time priority")
    found = {}
    for count in PEOPLE:
        seconds = timed(count, options.ticks)
        median, p99, worst = (1e3 * float(v) for v in np.percentile(seconds, (50, 99, 100)))
        found[f"{count} people"] = {"median_ms": median, "p99_ms": p99, "worst_ms": worst, "n": len(seconds)}
        figures = f"median {median:.3f} ms, p99 {p99:.3f} ms, worst {worst:.3f} ms"
        print(f"{count} people: {figures}, n = {len(seconds)}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def timed(people: int, ticks: int) -> list[float]:
    """Return how long each of so many ticks took, [s], while the arm swings and the base drives."""
    limits, base = PANDA_LIMITS, np.zeros(3)
    tick_filter = TickFilter(limits, ModeMachine(), ARM_HOME, base)
    seconds = []
    for number in range(ticks):
        now_s = number * limits.tick_s
        target = ARM_HOME + 0.4 * (1.0 - np.cos(0.8 * now_s)) * np.array([1, 0.5, 0.5, -0.5, 1, 0.5, 1])
        command = Command(q_arm=target, base=np.array([0.2 * (1.0 - np.cos(0.5 * now_s)), 0.0, 0.0]))
        sensed = _sensed(tick_filter.target, now_s, people)
        start = time.perf_counter()
        assert tick_filter.judge_state(sensed, now_s) is None
        assert not tick_filter.admit(command)
        tick = tick_filter.tick(sensed, now_s, frozenset())
        seconds.append(time.perf_counter() - start)
        tick_filter.sent(tick_filter.braked() if tick.target is None else tick.target)
    return seconds


def _sensed(target: Array, now_s: float, people: int) -> Observation:
    return Observation(
        time_s=now_s, q_arm=target[:7], dq_arm=np.zeros(7), base=target[7:], base_velocity=np.zeros(3),
        gripper_width=0.08, gripper_force=0.0, people=tuple(_person(i, now_s) for i in range(people)),
    )  # fmt: skip


def _person(number: int, now_s: float) -> TrackedPerson:
    return TrackedPerson(
        name=f"person_{number}", p_world=np.array([4.0 + number, 1.0]), velocity=np.array([-0.1, 0.0]),
        radius=0.25, height=1.7, is_partner=False, seen_at_s=now_s,
    )  # fmt: skip


if __name__ == "__main__":
    main()
