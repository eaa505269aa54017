"""How often do doors, drawers, buttons, wiping, pouring, pushing and driving work, and how long do they take?

    python -m benchmarks.articulated [--skills open close ...] [--runs 10] [--seed 0] [--retries 0]

Every run is a fresh home with other things standing around, and a robot that comes from somewhere else. The
referee is the simulator's own state, not what the skill reports.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np

from grounding import OraclePerception
from robots.catalogue import load_catalogue
from robots.pybullet import open_kitchen
from robots.pybullet.kitchen import PybulletKitchen
from robots.setup import ImpossibleStart, SceneSetup
from skills import SkillCall, SkillContext, Status
from skills.library import household_library

SURFACES = ("close_counter", "far_counter", "table", "stove")
OPENABLE = ("top_drawer", "middle_drawer", "bottom_drawer", "fridge", "microwave")
SWITCHABLE = ("stove", "sink", "microwave")
PLACES = (*SURFACES, *OPENABLE, "sink", "trash_can", "operator")
CLUTTER = ("apple", "coke_can", "water_bottle", "rice_chips", "mug", "bowl", "fork", "orange", "soup_can")
DIRECTIONS = ("away", "closer", "left", "right")
LEAST_AFFORDANCE = 0.05
"""Calls below are not tried: the planner would not choose them either."""
SOURCES = ("water_bottle", "tea_bottle", "juice_bottle", "milk_carton")
TARGETS = ("mug", "glass", "bowl")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A call, the home it starts in, and whether its outcome is real."""

    call: SkillCall
    setup: SceneSetup
    is_done: Callable[[PybulletKitchen], bool]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What happened."""

    call: str
    succeeded: bool
    status: str
    reason: str
    attempts: int
    simulated_s: float
    wall_s: float


def clutter(rng: np.random.Generator, places: tuple[str, ...], most: int = 4) -> dict[str, str]:
    """Return a few random items in random places."""
    kinds = rng.choice(CLUTTER, size=int(rng.integers(0, most + 1)), replace=False)
    return {f"{kind}_1": str(rng.choice(places)) for kind in kinds}


def open_or_close(skill: str, rng: np.random.Generator) -> Case:
    """Open or close something that may have things in it."""
    name = str(rng.choice(OPENABLE))
    opened = frozenset({name}) if skill == "close" else frozenset()
    setup = SceneSetup(items=clutter(rng, (name, "table")), robot_at=name, opened=opened)

    def is_done(home: PybulletKitchen) -> bool:
        articulation = home.state().fixtures[name].articulation
        assert articulation is not None
        fraction = articulation.open_fraction
        return fraction >= 0.8 if skill == "open" else fraction <= 0.05

    return Case(call=SkillCall(skill, (name,)), setup=setup, is_done=is_done)


def switch(skill: str, rng: np.random.Generator) -> Case:
    """Switch an appliance."""
    name = str(rng.choice(SWITCHABLE))
    on = frozenset({name}) if skill == "turn_off" else frozenset()
    setup = SceneSetup(items=clutter(rng, ("stove", "sink")), robot_at=name, powered_on=on)

    def is_done(home: PybulletKitchen) -> bool:
        button = home.state().fixtures[name].button
        return button is not None and button.is_on is (skill == "turn_on")

    return Case(call=SkillCall(skill, (name,)), setup=setup, is_done=is_done)


def wipe(rng: np.random.Generator) -> Case:
    """Wipe a surface on which things stand."""
    name, tool = str(rng.choice(SURFACES)), str(rng.choice(("sponge_1", "towel_1")))
    setup = SceneSetup(items=clutter(rng, (name,), 3), robot_at=name, holding=tool)
    call = SkillCall("wipe", (name,))
    return Case(
        call=call, setup=setup, is_done=lambda home: home.state().fixtures[name].wiped_fraction >= 0.6
    )


def pour(rng: np.random.Generator) -> Case:
    """Pour into a vessel or the sink."""
    source = f"{rng.choice(SOURCES)}_1"
    if rng.random() < 0.3:
        setup, target = SceneSetup(items={}, robot_at="sink", holding=source), "sink"
    else:
        name, target = str(rng.choice(SURFACES)), f"{rng.choice(TARGETS)}_7"
        items = {target: name, **clutter(rng, (name,), 2)}
        setup = SceneSetup(items=items, robot_at=name, holding=source)
    call = SkillCall("pour", (source, target))
    return Case(call=call, setup=setup, is_done=lambda home: (source, target) in home.state().poured)


def push(rng: np.random.Generator) -> Case:
    """Push an item."""
    name, direction = str(rng.choice(SURFACES)), str(rng.choice(DIRECTIONS))
    item = f"{rng.choice(CLUTTER)}_7"
    setup = SceneSetup(items={item: name, **clutter(rng, (name,), 2)}, robot_at=name)
    call = SkillCall("push", (item, direction))
    return Case(call=call, setup=setup, is_done=lambda home: True)


def go_to(rng: np.random.Generator) -> Case:
    """Drive from one place to another, past a door that may stand open."""
    start, goal = (str(p) for p in rng.choice(PLACES, size=2, replace=False))
    opened = frozenset({str(rng.choice(OPENABLE))}) if rng.random() < 0.5 else frozenset()
    setup = SceneSetup(items={}, robot_at=start, opened=opened)

    def is_done(home: PybulletKitchen) -> bool:
        x, y, _ = home.state().fixtures[goal].dock
        base = home.robot.observe().base
        return bool(np.hypot(base[0] - x, base[1] - y) < 0.45)

    return Case(call=SkillCall("go_to", (goal,)), setup=setup, is_done=is_done)


def find(rng: np.random.Generator) -> Case:
    """Look at an item somewhere."""
    item, name = f"{rng.choice(CLUTTER)}_1", str(rng.choice((*SURFACES, "sink", "operator")))
    setup = SceneSetup(items={item: name}, robot_at=str(rng.choice(PLACES)))
    return Case(call=SkillCall("find", (item,)), setup=setup, is_done=lambda home: True)


CASES: dict[str, Callable[[np.random.Generator], Case]] = {
    "go_to": go_to,
    "find": find,
    "open": lambda rng: open_or_close("open", rng),
    "close": lambda rng: open_or_close("close", rng),
    "turn_on": lambda rng: switch("turn_on", rng),
    "turn_off": lambda rng: switch("turn_off", rng),
    "wipe": wipe,
    "pour": pour,
    "push": push,
}


def run_case(case: Case, *, seed: int, retries: int) -> Run | None:
    """Run one case; None when its start is impossible or it cannot be done from there."""
    try:
        home = open_kitchen(case.setup, seed=seed)
    except ImpossibleStart:
        return None
    perception = OraclePerception(home, home.catalogue)
    library = household_library()
    skill = library[case.call.skill]
    scene = perception.perceive(home.robot.observe())
    if skill.affordance(case.call, scene).probability < LEAST_AFFORDANCE:
        home.close()
        return None
    began, attempt = time.perf_counter(), 0
    for attempt in count():
        context = SkillContext(
            robot=home.robot,
            perceive=lambda: perception.perceive(home.robot.observe()),
            rng=np.random.default_rng(seed),
            attempt=attempt,
            timeout_s=skill.contract.timeout_s,
        )
        outcome = skill.implementations[0].run(case.call, context)
        if outcome.is_success or attempt == retries:
            break
    done = Run(
        call=str(case.call),
        succeeded=outcome.status is Status.SUCCEEDED and case.is_done(home),
        status=str(outcome.status),
        reason=outcome.reason,
        attempts=attempt + 1,
        simulated_s=home.robot.observe().time_s,
        wall_s=time.perf_counter() - began,
    )
    home.close()
    return done


def runs_of(skill: str, *, runs: int, seed: int, retries: int) -> Iterator[Run]:
    """Yield `runs` runs of a skill from possible starts."""
    load_catalogue()
    done = 0
    for number in count():
        key = (seed, number, sorted(CASES).index(skill))
        run = run_case(CASES[skill](np.random.default_rng(key)), seed=number, retries=retries)
        if run is not None:
            done += 1
            yield run
        if done == runs:
            return


def main() -> None:
    """Run, print one line per skill and every failure with its reason."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--skills", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--retries", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, list[Run]] = defaultdict(list)
    for skill in options.skills:
        for run in runs_of(skill, runs=options.runs, seed=options.seed, retries=options.retries):
            found[skill].append(run)
            if not run.succeeded:
                print(f"  {run.call}: {run.status}, {run.reason}", flush=True)
        these = found[skill]
        share = sum(run.succeeded for run in these) / len(these)
        simulated = float(np.median([run.simulated_s for run in these]))
        wall = float(np.median([run.wall_s for run in these]))
        print(
            f"{skill:9s} {share:6.1%} of {len(these)}, median {simulated:.1f} s simulated, {wall:.1f} s wall"
        )
    if options.json:
        text = json.dumps({skill: [asdict(run) for run in these] for skill, these in found.items()}, indent=1)
        options.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
