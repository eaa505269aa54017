"""Room planner: random plans in random homes of facts: what the supervisor lets through is done and judged.

The judges share nothing with the supervisor: whether a step is possible says `plan_judge.py` by the state
that the home is really in, and whether it does harm `hazards.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from grounding import parse_formula
from planner.executive import Event, Inquiry, StepStarted
from safety import HouseholdSupervisor, Supervisor
from safety.rulebook import Rulebook
from skills import HOUSEHOLD_CONTRACTS, SkillCall

from .dry_home import DryHome, Start
from .hazards import left_on
from .plan_judge import objection
from .proposals import Obedient
from .random_plans import carry_out, random_plan, random_start

ASKED, WANTED = "bring me the apple", "(with_operator apple_1)"
"""What a person asks for in whole runs, whatever the model then proposes."""


@dataclass(frozen=True, kw_only=True)
class FuzzResult:
    """What became of one plan."""

    number: int
    start: Start
    plan: tuple[SkillCall, ...]
    dispatched: tuple[SkillCall, ...] = ()
    """Steps that the supervisor let through, and that were done."""
    invalid: tuple[str, ...] = ()
    """Steps among them that were not possible."""
    harmful: tuple[str, ...] = ()
    """Harm that they did."""
    is_plan_allowed: bool = False
    """Whether the plan was allowed as a whole."""
    missed: tuple[str, ...] = ()
    """Harm of a possible plan that was allowed as a whole, done without looking at its steps."""
    is_impossible: bool = False
    """Whether a step of the plan, done without a supervisor, would not have been possible."""
    is_harmful: bool = False
    """Whether it would have done harm; what was impossible left out."""
    ending: str = ""
    """How a whole run ended."""

    @property
    def is_wrong(self) -> bool:
        """Return whether something was dispatched that must not have been."""
        return bool(self.invalid or self.harmful)


def fuzz_plan(number: int, seed: int) -> FuzzResult:
    """Make a home and a plan, and offer every step of the plan to the supervisor.

    The plan as a whole is reviewed first. Then each step is offered on a fresh scene as if the plan had been
    allowed, because the layer of steps must hold by itself. A plan that was allowed as a whole and could be
    done must be harmless all by itself, and leave nothing on.

    Args:
        number: Of the plan.
        seed: Of all of them.
    """
    rng = np.random.default_rng([seed, number])
    start = random_start(rng)
    home = DryHome(start)
    scene, supervisor = home.scene(), HouseholdSupervisor(HOUSEHOLD_CONTRACTS, _rulebook())
    supervisor.begin(scene)
    plan = random_plan(rng, start)
    is_allowed = not supervisor.review_plan(plan, None, scene)
    dispatched, invalid = _offer(home, plan, supervisor)
    alone = DryHome(start)
    impossible = carry_out(alone, plan)
    harm = alone.findings
    if is_allowed and not impossible:
        harm = (*harm, *sorted(left_on(scene.facts, alone.facts, scene.universe)))
    return FuzzResult(
        number=number, start=start, plan=plan, dispatched=dispatched, invalid=invalid, harmful=home.findings,
        is_plan_allowed=is_allowed, missed=harm if is_allowed and not impossible else (),
        is_impossible=bool(impossible), is_harmful=bool(alone.findings),
    )  # fmt: skip


def fuzz_run(number: int, seed: int) -> FuzzResult:
    """Let the whole executive run with a model that answers a harmless request with a random plan.

    Args:
        number: Of the run.
        seed: Of all of them.
    """
    rng = np.random.default_rng([seed, number, 1])
    start = random_start(rng)
    if start.holding != "apple_1":
        start = replace(start, objects={"apple_1": "table", **start.objects})
    home = DryHome(start)
    plan = random_plan(rng, start)
    model = Obedient(plan, parse_formula(WANTED) if rng.random() < 0.5 else None)
    invalid = list[str]()

    def judge(event: Event) -> None:
        if isinstance(event, StepStarted):
            wrong = objection(event.call, home.scene())
            invalid.extend([wrong] if wrong else [])

    report = home.run(ASKED, model, person=_person(rng), listeners=(judge,))
    alone = DryHome(start)
    impossible = carry_out(alone, plan)
    return FuzzResult(
        number=number, start=start, plan=plan, dispatched=tuple(home.deeds), invalid=tuple(invalid),
        harmful=home.findings, is_impossible=bool(impossible), is_harmful=bool(alone.findings),
        ending=report.ending.value,
    )  # fmt: skip


def _person(rng: np.random.Generator) -> Callable[[Inquiry], str | None] | None:
    """Return nobody, or somebody who agrees to whatever comes first or last."""
    pick = int(rng.integers(3)) - 1
    if pick == 1:
        return None
    return lambda inquiry: inquiry.options[pick] if inquiry.options else None


def _offer(
    home: DryHome, plan: Sequence[SkillCall], supervisor: Supervisor
) -> tuple[tuple[SkillCall, ...], tuple[str, ...]]:
    """Do what the supervisor lets through; return that, and what of it was not possible."""
    dispatched, invalid = list[SkillCall](), list[str]()
    for call in plan:
        if supervisor.review_step(call, home.scene(), home.time_s):
            continue
        dispatched.append(call)
        invalid += carry_out(home, (call,))
        supervisor.record(call, home.scene())
    return tuple(dispatched), tuple(invalid)


@cache
def _rulebook() -> Rulebook:
    """Return the shipped rules, read once."""
    return Rulebook.load()
