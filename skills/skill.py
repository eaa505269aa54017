"""Room skills: the `Skill` contract, and what goes into and comes out of running one.

A skill is an operator (parameters, precondition, effects) that some implementation can make true: a
motion-planner primitive, a learned policy, a policy server. Same name, same contract, whichever runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np

from grounding.formula import Atom, Fact, Formula, Variable, conjuncts
from grounding.formula_parser import parse_effects, parse_formula, parse_variables
from grounding.operator import Effect, Operator
from grounding.scene import Scene
from robots import Robot


@dataclass(frozen=True)
class SkillCall:
    """A skill with its arguments: `pick(apple_1)`."""

    skill: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return `name(a, b)`."""
        return f"{self.skill}({', '.join(self.arguments)})"


@dataclass(frozen=True, kw_only=True)
class Affordance:
    """Probability that a call succeeds from a scene, and who says so."""

    probability: float
    source: str
    """Which model produced the number, e.g. "geometric"."""
    reasons: tuple[str, ...] = ()
    """What lowered it, in words."""


class Status(StrEnum):
    """How running a skill ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    VETOED = "vetoed"
    CANCELLED = "cancelled"


Evidence: TypeAlias = Mapping[str, float | int | str | bool]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What happened, with measurements. Never a bare bool, never an exception for an expected failure."""

    status: Status
    reason: str
    """One clause for people and for the model: "grasped apple_1", "no inverse kinematics for ..."."""
    evidence: Evidence = field(default_factory=dict)
    """Measured quantities with their unit in the key: `{"gripper_width_m": 0.064}`."""
    duration_s: float = 0.0
    """On the robot's clock."""

    @property
    def is_success(self) -> bool:
        """Return whether the implementation believes that the effects hold."""
        return self.status is Status.SUCCEEDED


@dataclass(frozen=True, kw_only=True)
class SkillContext:
    """What an implementation may use while it runs."""

    robot: Robot
    perceive: Callable[[], Scene]
    """Look again; call it rarely, it may cost a camera frame and a network."""
    rng: np.random.Generator
    attempt: int = 0
    """0 at first; a retry asks for another grasp or pose than before."""
    is_cancelled: Callable[[], bool] = lambda: False
    """Polled between ticks: stop the robot and return `Status.CANCELLED` when true."""
    timeout_s: float = 60.0
    """On the robot's clock."""


class Implementation(Protocol):
    """One way of doing a skill."""

    @property
    def name(self) -> str:
        """Return the name for the journal, e.g. "primitive" or "onnx:pick"."""
        ...

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Do it, within `context.timeout_s`; leave the robot at rest whatever the status."""
        ...


AffordanceFunction: TypeAlias = Callable[[SkillCall, Scene], Affordance]
StopTest: TypeAlias = Callable[[SkillCall, Scene], bool]


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What a skill promises, whoever implements it."""

    name: str
    parameters: tuple[Variable, ...]
    description: str
    """One line that the language model reads."""
    precondition: Formula
    effects: tuple[Effect, ...]
    timeout_s: float

    @property
    def operator(self) -> Operator:
        """Return the symbolic half, for planning and verification."""
        return Operator(self.name, self.parameters, self.precondition, self.effects)

    def named_facts(self, arguments: tuple[str, ...]) -> tuple[Fact, ...]:
        """Return the facts that a call's precondition names outright, outside any quantifier or choice."""
        binding = self.operator.binding(arguments)
        parts = conjuncts(self.precondition)
        return tuple(part.ground(binding) for part in parts if isinstance(part, Atom))

    @property
    def signature(self) -> str:
        """Return `pick(item: item)` as the model reads it."""
        inside = ", ".join(f"{p.name.lstrip('?')}: {'|'.join(p.types)}" for p in self.parameters)
        return f"{self.name}({inside})"


def define_contract(
    name: str, *, parameters: str, description: str, precondition: str, effect: str, timeout_s: float = 60.0
) -> Contract:
    """Build a contract from PDDL text: `parameters="?item - item"`, `effect="(and (holding ?item) ...)"`.

    Raises:
        FormulaError: If one of the texts is malformed.
    """
    return Contract(
        name=name,
        parameters=parse_variables(parameters),
        description=description,
        precondition=parse_formula(precondition),
        effects=parse_effects(effect),
        timeout_s=timeout_s,
    )


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A contract, its affordance, and the implementations that honour it in order of preference."""

    contract: Contract
    affordance: AffordanceFunction
    implementations: tuple[Implementation, ...]
    stop_test: StopTest | None = None
    """For implementations that cannot tell when they are done (learned policies)."""

    @property
    def name(self) -> str:
        """Return the contract's name."""
        return self.contract.name

    def implemented_by(self, *implementations: Implementation) -> Skill:
        """Return the same contract with other implementations."""
        return replace(self, implementations=implementations)
