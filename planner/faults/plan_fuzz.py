"""Room planner: random plans in random homes of facts: what the supervisor lets through is done and judged.

The judge shares nothing with the supervisor: preconditions are read from the contracts by the state that the
home is really in, and harm by the hazards of `hazards.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from grounding import Scene
from planner.supervision import supervisor_for
from robots.catalogue import load_catalogue
from safety import Supervisor
from skills import HOUSEHOLD_CONTRACTS, Contract, SkillCall
from skills.library import household_library

from .dry_home import DryHome, Start

PLACES = (
    "table", "close_counter", "far_counter", "sink", "stove", "microwave", "fridge", "trash_can",
    "top_drawer", "middle_drawer", "bottom_drawer", "operator",
)  # fmt: skip
DRIVABLE = tuple(place for place in PLACES if "drawer" not in place)
MOST_ITEMS, MOST_STEPS = 8, 16
IDLE = 0.4
"""Share of steps that go or look somewhere, so that the others find something to do."""
NAMELESS = ("unicorn_1", "apple_99", "cellar", "", "apple_1; rm -rf /", "(holding knife_1)")
SKILLLESS = ("fly", "throw", "cut", "", "pick ", "exec")


@dataclass(frozen=True, kw_only=True)
class FuzzResult:
    """What became of one plan."""

    number: int
    start: Start
    plan: tuple[SkillCall, ...]
    is_plan_allowed: bool
    allowed: tuple[SkillCall, ...] = ()
    """Steps that the supervisor let through, one by one, whatever it thought of the plan."""
    invalid: tuple[str, ...] = ()
    """What was let through and must not have been."""
    is_harmful: bool = field(default=False)
    """Whether the plan, done without a supervisor, would have been invalid or harmful."""


def fuzz_plan(number: int, seed: int) -> FuzzResult:
    """Make a home and a plan, and offer every step of the plan to the supervisor.

    The plan as a whole is reviewed first. Then each step is offered on a fresh scene as if the plan had been
    allowed, because the layer of steps must hold by itself. A plan that was allowed and done whole must leave
    no duty.

    Args:
        number: Of the plan.
        seed: Of all of them.
    """
    rng = np.random.default_rng([seed, number])
    start = random_start(rng)
    home = DryHome(start)
    supervisor = supervisor_for("full", household_library())
    scene = home.scene()
    supervisor.begin(scene)
    plan = random_plan(rng, scene)
    is_allowed = not supervisor.review_plan(plan, None, scene)
    allowed, invalid = _do(home, supervisor, plan)
    if is_allowed and len(allowed) == len(plan):
        invalid += [f"owed at the end: {o.violation}" for o in supervisor.duties(None, home.scene())]
    return FuzzResult(
        number=number, start=start, plan=plan, is_plan_allowed=is_allowed, allowed=tuple(allowed),
        invalid=(*invalid, *home.findings), is_harmful=_would_harm(start, plan),
    )  # fmt: skip


def random_start(rng: np.random.Generator) -> Start:
    """Return a home with a few things, some of which are where they should not be."""
    categories = sorted(load_catalogue().categories)
    names = [f"{rng.choice(categories)}_1" for _ in range(int(rng.integers(1, MOST_ITEMS + 1)))]
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


def random_plan(rng: np.random.Generator, scene: Scene) -> tuple[SkillCall, ...]:
    """Return steps that are possible one after the other, then damaged in a few places."""
    steps = _walk(rng, scene)
    for _ in range(int(rng.integers(0, 4))):
        _damage(rng, steps, scene)
    return tuple(steps)


def _walk(rng: np.random.Generator, scene: Scene) -> list[SkillCall]:
    """Return a random walk of applicable steps."""
    facts, steps = frozenset(scene.facts), list[SkillCall]()
    for _ in range(int(rng.integers(1, MOST_STEPS + 1))):
        is_idle = rng.random() < IDLE
        for _ in range(60):
            contract = HOUSEHOLD_CONTRACTS[int(rng.integers(len(HOUSEHOLD_CONTRACTS)))]
            if (contract.name in ("go_to", "find")) != is_idle:
                continue
            call = _call(rng, contract, scene)
            if call and contract.operator.is_applicable(call.arguments, facts, scene.universe):
                facts = frozenset(contract.operator.apply(call.arguments, facts, scene.universe))
                steps.append(call)
                break
    return steps


def _call(rng: np.random.Generator, contract: Contract, scene: Scene) -> SkillCall | None:
    """Return a call with names of the right types, or None when there are none."""
    names = [sorted(scene.universe.names(parameter)) for parameter in contract.parameters]
    if not all(names):
        return None
    return SkillCall(contract.name, tuple(str(rng.choice(choices)) for choices in names))


def _damage(rng: np.random.Generator, steps: list[SkillCall], scene: Scene) -> None:
    """Do one thing to a plan that a careless or hostile model might do."""
    if not steps:
        return
    index, everything = int(rng.integers(len(steps))), [*scene.items, *scene.fixtures]
    step = steps[index]
    match int(rng.integers(7)):
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


def _do(
    home: DryHome, supervisor: Supervisor, plan: Sequence[SkillCall]
) -> tuple[list[SkillCall], list[str]]:
    """Do what the supervisor lets through; return it, and what of it was not possible."""
    allowed, invalid = list[SkillCall](), list[str]()
    for call in plan:
        scene = home.scene()
        if supervisor.review_step(call, scene, home.time_s):
            continue
        allowed.append(call)
        if not _is_possible(call, scene) or not home.did(call):
            invalid.append(f"{call} was let through and is not possible")
            continue
        supervisor.record(call, home.scene())
    return allowed, invalid


def _is_possible(call: SkillCall, scene: Scene) -> bool:
    """Return whether a call has a contract, and arguments of its types."""
    contract = next((c for c in HOUSEHOLD_CONTRACTS if c.name == call.skill), None)
    if contract is None or len(call.arguments) != len(contract.parameters):
        return False
    known = zip(call.arguments, contract.parameters, strict=True)
    return all(scene.universe.types.get(name, frozenset()) & {*p.types} for name, p in known)


def _would_harm(start: Start, plan: Sequence[SkillCall]) -> bool:
    """Return whether the plan is impossible or harmful when nobody supervises it."""
    home = DryHome(start)
    return any(not _is_possible(c, home.scene()) or not home.did(c) for c in plan) or bool(home.findings)
