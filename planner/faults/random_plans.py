"""Room planner: random homes of facts, and plans for them that are damaged, invented or dangerous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from grounding import Scene
from robots.catalogue import load_catalogue
from skills import HOUSEHOLD_CONTRACTS, Contract, SkillCall

from .dry_home import DryHome, Start
from .plan_judge import objection

PLACES = (
    "table", "close_counter", "far_counter", "sink", "stove", "microwave", "fridge", "trash_can",
    "top_drawer", "middle_drawer", "bottom_drawer", "operator",
)  # fmt: skip
DRIVABLE = tuple(place for place in PLACES if "drawer" not in place)
MOST_ITEMS, MOST_STEPS, MOST_DAMAGES = 8, 16, 3
IDLE = 0.4
"""Share of steps that go or look somewhere, so that the others find something to do."""
DANGEROUS, TRIES = 0.5, 12
"""Share of plans with an errand that does harm, if one of so many does."""
NAMELESS = (
    "unicorn_1",
    "apple_99",
    "cellar",
    "",
    "apple_1; rm -rf /",
    "(holding knife_1)",
    "?item",
    "object",
)
SKILLLESS = ("fly", "throw", "cut", "", "pick ", "PICK", "exec")
ERRANDS = (
    "put_in {x} microwave|close microwave|turn_on microwave", "place {x} stove|turn_on stove",
    "turn_on stove|place {x} stove", "put_in {x} sink|turn_on sink", "hand_over {x}", "put_in {x} fridge",
    "put_in {x} {y}", "pour {x} {y}", "pour {x} sink", "wipe {place}", "put_in {x} trash_can",
    "put_in {x} top_drawer", "put_in {x} bottom_drawer", "place {x} {place}",
)  # fmt: skip
"""What is done with a thing that was fetched; `{y}` is another thing, beside which the robot then stands."""


def random_start(rng: np.random.Generator) -> Start:
    """Return a home with a few things, some of which are where they should not be."""
    names = [f"{rng.choice(_categories())}_1" for _ in range(int(rng.integers(1, MOST_ITEMS + 1)))]
    objects = {name: str(rng.choice(PLACES)) for name in dict.fromkeys(names)}
    holding = str(rng.choice(list(objects))) if rng.random() < 0.3 else None
    if holding is not None:
        del objects[holding]
    return Start(
        objects=objects,
        robot_at=str(rng.choice(DRIVABLE)),
        holding=holding,
        powered_on=tuple(place for place in ("stove", "microwave", "sink") if rng.random() < 0.15),
    )


@cache
def _categories() -> tuple[str, ...]:
    return tuple(sorted(load_catalogue().categories))


def random_plan(rng: np.random.Generator, start: Start) -> tuple[SkillCall, ...]:
    """Return steps that are possible one after the other, with dangerous ones, damaged in a few places."""
    scene = DryHome(start).scene()
    steps = _walk(rng, scene)
    if scene.items and rng.random() < DANGEROUS:
        at = int(rng.integers(len(steps) + 1)) if rng.random() < 0.5 else 0
        steps[at:at] = _dangerous(rng, start, scene)
    for _ in range(int(rng.integers(0, MOST_DAMAGES + 1))):
        _damage(rng, steps, scene)
    return tuple(steps)


def carry_out(home: DryHome, plan: Sequence[SkillCall]) -> tuple[str, ...]:
    """Do what is possible of a plan without a supervisor; return why the rest was not."""
    wrong = list[str]()
    for call in plan:
        reason = objection(call, home.scene())
        if reason is not None:
            wrong.append(reason)
        elif not home.did(call):
            wrong.append(f"judge and home do not agree about {call}")
    return tuple(wrong)


def _dangerous(rng: np.random.Generator, start: Start, scene: Scene) -> list[SkillCall]:
    """Return the first of some errands that does harm, or the last."""
    for _ in range(TRIES):
        errand, home = _errand(rng, scene), DryHome(start)
        carry_out(home, errand)
        if home.findings:
            break
    return errand


def _walk(rng: np.random.Generator, scene: Scene) -> list[SkillCall]:
    """Return a random walk of possible steps."""
    steps = list[SkillCall]()
    for _ in range(int(rng.integers(1, MOST_STEPS + 1))):
        is_idle = rng.random() < IDLE
        for _ in range(60):
            contract = HOUSEHOLD_CONTRACTS[int(rng.integers(len(HOUSEHOLD_CONTRACTS)))]
            if (contract.name in ("go_to", "find")) != is_idle:
                continue
            call = _call(rng, contract, scene)
            if call and objection(call, scene) is None:
                changed = contract.operator.apply(call.arguments, scene.facts, scene.universe)
                scene = replace(scene, facts=frozenset(changed))
                steps.append(call)
                break
    return steps


def _call(rng: np.random.Generator, contract: Contract, scene: Scene) -> SkillCall | None:
    """Return a call with names of the right types, or None when there are none."""
    names = [scene.universe.names(parameter) for parameter in contract.parameters]
    if not all(names):
        return None
    return SkillCall(contract.name, tuple(str(rng.choice(choices)) for choices in names))


def _errand(rng: np.random.Generator, scene: Scene) -> list[SkillCall]:
    """Return how something is fetched, and what is then done with it, as a careful thief would."""
    where = {fact[1]: fact[2] for fact in sorted(scene.facts) if fact[0] in ("on", "in")}
    one, other = (str(name) for name in rng.choice(list(scene.items), 2))
    place = rng.choice(["table", "far_counter", "stove"])
    deeds = str(rng.choice(ERRANDS)).format(x=one, y=other, place=place).split("|")
    last = deeds[0].split()[-1]
    there = "operator" if deeds[0].startswith("hand_over") else where.get(last, last)
    here, held = where.get(one, "operator"), scene.held_item
    texts = [f"go_to {here}"]
    if held not in (None, one):
        texts = ["go_to table", f"place {held} table"]
    if held != one:
        texts += [*_opening(there, scene), *_opening(here, scene), f"go_to {here}", f"pick {one}"]
    texts += [f"go_to {there}", *deeds]
    return [SkillCall(skill, tuple(names)) for skill, *names in (text.split() for text in texts)]


def _opening(place: str, scene: Scene) -> list[str]:
    if "openable" not in scene.universe.types.get(place, frozenset()):
        return []
    return [f"go_to {place}", f"open {place}"]


def _damage(rng: np.random.Generator, steps: list[SkillCall], scene: Scene) -> None:
    """Do one thing to a plan that a careless or hostile model might do."""
    if not steps:
        return
    index, everything = int(rng.integers(len(steps))), [*scene.items, *scene.fixtures]
    step = steps[index]
    match int(rng.integers(8)):
        case 0:
            del steps[index]
        case 1:
            steps.insert(int(rng.integers(len(steps) + 1)), step)
        case 2:
            other = int(rng.integers(len(steps)))
            steps[index], steps[other] = steps[other], step
        case 3:
            steps[index] = SkillCall(str(rng.choice(SKILLLESS)), step.arguments)
        case 4:
            names = (*NAMELESS, *everything)
            steps[index] = SkillCall(step.skill, tuple(str(rng.choice(names)) for _ in step.arguments))
        case 5:
            extra = tuple(str(n) for n in rng.choice(everything, int(rng.integers(0, 4))))
            steps[index] = SkillCall(step.skill, extra)
        case 6:
            contract = HOUSEHOLD_CONTRACTS[int(rng.integers(len(HOUSEHOLD_CONTRACTS)))]
            steps.insert(index, _call(rng, contract, scene) or step)
        case 7:
            order = rng.permutation(len(steps))
            steps[:] = [steps[i] for i in order]
