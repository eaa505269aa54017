"""Whether the rule monitor agrees with the textbook, and how long a step of it takes.

    python -m benchmarks.rule_monitor [--pairs 20000] [--steps 5000] [--seed 0] [--json OUT]

A pair is a random formula and a random trace, half of them with unknown facts; a mismatch is a pair of which
the monitor and a brute-force semantics say different things. The 200 rules are 100 invariants, 60 responses
and 40 precedences, over 60 facts of which each state changes about a tenth.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, seed, settings

from grounding import Fact, Universe
from grounding.formula_parser import Node, read_expression
from safety.ltl import Monitor, State
from safety.rulebook import Rulebook
from tests.fakes.ltl_brute_force import holds
from tests.fakes.ltl_formulas import NAMES, first_break, formulas, rule, traces
from tests.fakes.symbolic_scene import catalogue, symbolic_scene

FACTS: list[Fact] = [("f", str(number)) for number in range(60)]
ACTIONS: list[Fact] = [("did", "act", str(number)) for number in range(60)]
SHARE_CHANGED = 0.1


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--steps", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    pairs, mismatches = compare(options.pairs, options.seed)
    print(f"{pairs} formula and trace pairs: {mismatches} mismatches")
    found: dict[str, object] = {"pairs": pairs, "mismatches": mismatches}
    for name, monitor, states in (
        ("200 rules", two_hundred(options.seed), random_states(options.steps, options.seed)),
        ("shipped rules", shipped(), household_states(options.steps, options.seed)),
    ):
        seconds = [timed(monitor, state) for state in states]
        median, p99, worst = (1e3 * float(v) for v in np.percentile(seconds, (50, 99, 100)))
        found[name] = {"median_ms": median, "p99_ms": p99, "worst_ms": worst, "n": len(seconds)}
        print(
            f"{name} ({monitor.size} instances): step median {median:.3f} ms, p99 {p99:.3f} ms, "
            f"worst {worst:.3f} ms, n = {len(seconds)}; {monitor.table_size} formulas in the table"
        )
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def compare(pairs: int, number: int) -> tuple[int, int]:
    """Return how many pairs were compared and how many the two disagree about."""
    seen, wrong = 0, 0

    @seed(number)
    @settings(max_examples=pairs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(formulas, traces)
    def check(formula: Node, trace: list[State]) -> None:
        nonlocal seen, wrong
        seen += 1
        broken_at, is_kept = first_break(formula, trace)
        is_right = is_kept == holds(trace, formula, names=NAMES)
        if broken_at is not None:
            is_right &= not holds(trace[: broken_at + 1], formula, names=NAMES)
        wrong += not is_right

    check()
    return seen, wrong


def two_hundred(number: int) -> Monitor:
    """Return a monitor of 100 invariants, 60 responses and 40 precedences."""
    pick = random.Random(number)

    def fact() -> str:
        return f"(f {pick.randrange(len(FACTS))})"

    texts = [f"(always (not (and {fact()} {fact()} (not {fact()}))))" for _ in range(100)]
    texts += [
        f"(always (imply (did act {pick.randrange(len(ACTIONS))}) (eventually (not {fact()}))))"
        for _ in range(60)
    ]
    texts += [f"(weak-until (not {fact()}) {fact()})" for _ in range(40)]
    return Monitor([rule(read_expression(text)) for text in texts], Universe({}))


def random_states(steps: int, number: int) -> list[State]:
    """Return states of which each differs from the last in about a tenth of the facts; one action each."""
    pick = random.Random(number + 1)
    now, found = {f for f in FACTS if pick.random() < 0.5}, []
    for _ in range(steps):
        now = now ^ {f for f in FACTS if pick.random() < SHARE_CHANGED}
        found.append(State(frozenset({*now, pick.choice(ACTIONS)})))
    return found


def shipped() -> Monitor:
    """Return a monitor of the shipped rules over a home with one thing of each category."""
    return Rulebook.load().monitor(symbolic_scene(_things()).universe)


def household_states(steps: int, number: int) -> list[State]:
    """Return states of that home, in which every action moves one thing or switches one device."""
    pick = random.Random(number)
    scene = symbolic_scene(_things())
    now, found = set(scene.facts), []
    items, doors = sorted(scene.items), ("fridge", "microwave", "top_drawer")
    for _ in range(steps):
        if pick.random() < 0.3:
            door = pick.choice(doors)
            skill = "close" if ("open", door) in now else "open"
            now ^= {("open", door)}
            did = ("did", skill, door)
        else:
            item, place = pick.choice(items), pick.choice(("table", "close_counter", "far_counter"))
            now = {f for f in now if not (f[0] in ("on", "blocks") and f[1] == item)} | {("on", item, place)}
            did = ("did", "place", item, place)
        found.append(State(frozenset({*now, did})))
    return found


def timed(monitor: Monitor, state: State) -> float:
    """Return how long a step takes, [s]."""
    began = time.perf_counter()
    monitor.step(state)
    return time.perf_counter() - began


def _things() -> dict[str, str]:
    places: Sequence[str] = ("table", "close_counter", "far_counter")
    return {f"{name}_1": places[i % 3] for i, name in enumerate(sorted(catalogue().categories))}


if __name__ == "__main__":
    main()
