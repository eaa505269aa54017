"""Room tests: what the driver refuses, just inside and just outside every limit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robots import Array, Command
from robots.command_gate import CommandGate
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS

DT = PANDA_LIMITS.tick_s
ACCELERATION = np.concatenate([PANDA_LIMITS.arm.acceleration, PANDA_LIMITS.base.acceleration])
VELOCITY = np.concatenate([PANDA_LIMITS.arm.velocity, PANDA_LIMITS.base.velocity])


def new_gate(q_arm: Array = ARM_HOME) -> CommandGate:
    return CommandGate(PANDA_LIMITS, q_arm, np.zeros(3))


def command_of(q: Array) -> Command:
    return Command(q_arm=q[:7], base=q[7:])


def rules(gate: CommandGate, command: Command) -> set[str]:
    return {v.rule for v in gate.check(command)}


def speed_up(gate: CommandGate, axis: int, velocity: float) -> None:
    """Bring one axis to a velocity as fast as its acceleration allows."""
    while gate.velocity[axis] < velocity:
        step = min(velocity - gate.velocity[axis], 0.999 * ACCELERATION[axis] * DT)
        q = gate.target.copy()
        q[axis] += (gate.velocity[axis] + step) * DT
        assert gate.check(command_of(q)) == ()
        gate.accept(q)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(bad: float) -> None:
    q = np.array(ARM_HOME)
    q[3] = bad
    assert rules(new_gate(), Command(q_arm=q)) == {"finite"}
    assert rules(new_gate(), Command(base=np.array([0.0, bad, 0.0]))) == {"finite"}
    assert rules(new_gate(), Command(gripper_width=bad)) == {"gripper range"}
    assert rules(new_gate(), Command(gripper_force=bad)) == {"gripper range"}


def test_a_command_of_the_wrong_shape_is_refused() -> None:
    assert rules(new_gate(), Command(q_arm=np.zeros(6))) == {"shape"}
    assert rules(new_gate(), Command(base=np.zeros((3, 1)))) == {"shape"}


@pytest.mark.parametrize("axis", range(10))
def test_acceleration_passes_just_inside_and_fails_just_outside(axis: int) -> None:
    for factor, wanted in ((1 - 1e-4, set()), (1 + 1e-4, {"joint acceleration"})):
        gate = new_gate()
        q = gate.target.copy()
        q[axis] += factor * ACCELERATION[axis] * DT * DT
        assert rules(gate, command_of(q)) == wanted


@pytest.mark.parametrize("axis", range(10))
def test_velocity_passes_just_inside_and_fails_just_outside(axis: int) -> None:
    start = np.array(ARM_HOME)
    start[:7] = np.clip(PANDA_LIMITS.arm.lower + 0.05, None, PANDA_LIMITS.arm.upper)
    gate = new_gate(start)
    speed_up(gate, axis, 0.99 * VELOCITY[axis])
    for factor, wanted in ((1 - 1e-4, set()), (1 + 1e-4, {"joint velocity"})):
        q = gate.target.copy()
        q[axis] += factor * VELOCITY[axis] * DT
        assert rules(gate, command_of(q)) == wanted


@pytest.mark.parametrize("axis", range(7))
def test_positions_pass_just_inside_and_fail_just_outside(axis: int) -> None:
    limits = PANDA_LIMITS.arm
    for bound, outward in ((limits.lower, -1.0), (limits.upper, 1.0)):
        start = np.array(ARM_HOME)
        start[axis] = bound[axis] - outward * 1e-5
        inside, outside = start.copy(), start.copy()
        inside[axis] = bound[axis] - outward * 1e-6
        outside[axis] = bound[axis] + outward * 1e-6
        assert rules(new_gate(start), Command(q_arm=inside)) == set()
        assert rules(new_gate(start), Command(q_arm=outside)) == {"joint position"}


def test_gripper_range() -> None:
    for width, force, wanted in ((0.08, 70.0, 0), (0.0801, 40.0, 1), (-1e-6, 40.0, 1), (0.0, 70.1, 1)):
        assert len(new_gate().check(Command(gripper_width=width, gripper_force=force))) == wanted


def test_a_violation_says_what_was_measured_and_what_is_allowed() -> None:
    q = np.array(ARM_HOME)
    q[0] = 3.0
    sentences = [str(v) for v in new_gate().check(Command(q_arm=q))]
    assert "joint position: arm joint 1 is 3.0 rad, allowed is -2.8973 to 2.8973 rad" in sentences


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_braking_obeys_every_limit_and_ends_at_rest(seed: int, ticks: int) -> None:
    rng = np.random.default_rng(seed)
    gate = CommandGate(PANDA_LIMITS, np.array([0.0, 0.0, 0.0, -1.5, 0.0, 1.8, 0.0]), np.zeros(3))
    for _ in range(ticks):
        push = rng.uniform(-1, 1, 10) * ACCELERATION * DT
        velocity = np.clip(gate.velocity + push, -VELOCITY, VELOCITY) * (1 - 1e-9)
        q = gate.target + velocity * DT
        if gate.check(command_of(q)) == ():
            gate.accept(q)
    longest = math.ceil(float((VELOCITY / ACCELERATION).max()) / DT) + 2
    for _ in range(longest):
        q = gate.braked()
        too_fast = [v for v in gate.check(command_of(q)) if v.rule != "joint position"]
        assert too_fast == []
        gate.accept(q)
    assert gate.is_at_rest
