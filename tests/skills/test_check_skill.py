"""`check_skill` passes good skills and names the cause in bad ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from robots import Command
from skills import HOUSEHOLD_CONTRACTS, Affordance, Contract, Outcome, Skill, SkillCall, SkillContext, Status
from skills.authoring import skill, symbolic_affordance
from skills.check import Trial, check_skill
from tests.fakes.ideal_robot import IdealRobot, make_fixture, make_scene

TABLE = make_fixture("table", at=(1.0, 0.0, 0.0))
TRIAL = Trial(
    call=SkillCall("approach", ("table",)),
    make_context=lambda: _context(IdealRobot()),
)


def _context(robot: IdealRobot) -> SkillContext:
    return SkillContext(
        robot=robot, perceive=lambda: make_scene(robot, [TABLE]), rng=np.random.default_rng(0), timeout_s=5.0
    )


def _creep(context: SkillContext, *, polls: bool = True, stops: bool = True) -> Outcome:
    """Drive 25 cm forward at 0.5 m/s^2, well or badly."""
    robot, start = context.robot, context.robot.observe()
    status, reason = Status.SUCCEEDED, "moved"
    for i in range(1, 121):
        if polls and context.is_cancelled():
            status, reason = Status.CANCELLED, "cancelled"
            break
        if polls and i / 120 > context.timeout_s:
            status, reason = Status.TIMED_OUT, "out of time"
            break
        robot.command(Command(base=start.base + np.array([0.25 * (i / 120) ** 2, 0.0, 0.0])))
    if stops:
        robot.stop()
    now = robot.observe()
    moved_m = float(now.base[0] - start.base[0])
    return Outcome(
        status=status, reason=reason, evidence={"moved_m": moved_m}, duration_s=now.time_s - start.time_s
    )


@skill(parameters="?place - place", description="Creep towards a place.", effect="(robot_at ?place)")
def approach(call: SkillCall, context: SkillContext) -> Outcome:
    return _creep(context)


def _contract(**changes: object) -> Contract:
    return replace(approach.contract, **changes)  # type: ignore[arg-type]  # any field, by test


def test_a_good_skill_passes_with_and_without_a_trial() -> None:
    assert check_skill(approach) == ()
    assert check_skill(approach, TRIAL) == ()


@pytest.mark.parametrize("contract", HOUSEHOLD_CONTRACTS, ids=lambda c: c.name)
def test_household_contracts_conform(contract: Contract) -> None:
    rated = Skill(
        contract=contract,
        affordance=symbolic_affordance(contract),
        implementations=approach.implementations,
    )
    assert check_skill(rated) == ()


@pytest.mark.parametrize(
    ("texts", "finding"),
    [
        ({"name": "Approach It"}, "is not snake_case"),
        ({"description": "two\nlines"}, "must be one line"),
        ({"timeout_s": 0.0}, "must be positive"),
        ({"effect": "(and)"}, "has no effect"),
        ({"effect": "(robot_near ?place)"}, "unknown predicate 'robot_near'"),
        ({"effect": "(robot_at ?place ?place)"}, "takes 1 argument(s) but has 2"),
        ({"effect": "(robot_at ?plase)"}, "?plase in (robot_at ...) is not declared"),
        ({"parameters": "?place - place ?item - item"}, "parameter ?item is used nowhere"),
        ({"precondition": "(robot_at ?place)"}, "the effect (robot_at ?place) is already the precondition"),
        ({"effect": "(and (robot_at ?place) (not (robot_at ?place)))"}, "both added and deleted"),
    ],
)
def test_a_flawed_contract_is_explained(texts: dict[str, str], finding: str) -> None:
    good = {"parameters": "?place - place", "description": "Creep.", "effect": "(robot_at ?place)"}
    flawed = skill(**{"name": "approach", **good, **texts})(lambda call, context: _creep(context))  # type: ignore[arg-type]  # timeout_s is a float
    findings = check_skill(flawed)
    assert any(finding in f for f in findings), findings


def test_flaws_while_running_are_explained() -> None:
    def rude(call: SkillCall, context: SkillContext) -> Outcome:
        return _creep(context, polls=False, stops=False)

    flawed = skill(
        parameters="?place - place",
        description="Creep.",
        effect="(robot_at ?place)",
        affordance=lambda call, scene: Affordance(probability=1.5, source=""),
    )(rude)
    text = "\n".join(check_skill(flawed, TRIAL))
    assert "a probability lies in [0, 1]" in text
    assert "names no source" in text
    assert "poll context.is_cancelled()" in text
    assert "instead of timed_out" in text


def test_a_robot_left_moving_is_noticed() -> None:
    @skill(parameters="?place - place", description="Creep.", effect="(robot_at ?place)")
    def careless(call: SkillCall, context: SkillContext) -> Outcome:
        robot, start = context.robot, context.robot.observe()
        for i in range(1, 40):
            robot.command(Command(base=start.base + np.array([0.25 * (i / 120) ** 2, 0.0, 0.0])))
        return Outcome(status=Status.SUCCEEDED, reason="moved", evidence={"ticks": 39})

    assert any("left the robot moving" in f for f in check_skill(careless, TRIAL))
