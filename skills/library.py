"""Room skills: the library of skills: which exist, which calls are well typed, and why one is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import product
from types import MappingProxyType
from typing import cast

from grounding.formula import Variable
from grounding.scene import Scene

from .contracts import HOUSEHOLD_CONTRACTS
from .skill import Contract, Implementation, Outcome, Skill, SkillCall, SkillContext

ADJECTIVES = frozenset({"openable", "switchable", "pourable"})
"""Type names that read better without an article."""


@dataclass(frozen=True)
class SkillLibrary(Mapping[str, Skill]):
    """Skills by name. Immutable: adding one makes a new library."""

    skills: tuple[Skill, ...]
    _by_name: Mapping[str, Skill] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the skills.

        Raises:
            ValueError: If two skills share a name.
        """
        by_name = {skill.name: skill for skill in self.skills}
        if len(by_name) < len(self.skills):
            names = [skill.name for skill in self.skills]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"skill names must be unique; given twice: {', '.join(twice)}")
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))

    def __getitem__(self, name: str) -> Skill:
        """Return the skill called `name`."""
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in the order of definition."""
        return iter(self._by_name)

    def __len__(self) -> int:
        """Return the number of skills."""
        return len(self._by_name)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """Return the contracts in the order of definition."""
        return tuple(skill.contract for skill in self.skills)

    def with_skill(self, skill: Skill) -> SkillLibrary:
        """Return a library that also has `skill`, instead of one of the same name if there is one."""
        if skill.name not in self:
            return replace(self, skills=(*self.skills, skill))
        return replace(self, skills=tuple(skill if s.name == skill.name else s for s in self.skills))

    def ground(self, scene: Scene) -> tuple[SkillCall, ...]:
        """Return every well-typed call in the scene, sorted by skill as defined and then by arguments."""
        calls: list[SkillCall] = []
        for contract in self.contracts:
            names = [scene.universe.names(parameter) for parameter in contract.parameters]
            calls += [
                SkillCall(contract.name, arguments)
                for arguments in product(*names)
                if len(set(arguments)) == len(arguments)
            ]
        return tuple(calls)

    def validate(self, call: SkillCall, scene: Scene) -> str | None:
        """Return why `call` makes no sense in the scene, in one sentence with the valid choices, or None."""
        return call_problem(call, self.contracts, scene)


def call_problem(call: SkillCall, contracts: Sequence[Contract], scene: Scene) -> str | None:
    """Return why `call` makes no sense in the scene, in one sentence with the valid choices, or None."""
    contract = next((c for c in contracts if c.name == call.skill), None)
    if contract is None:
        names = tuple(c.name for c in contracts)
        return f"There is no skill '{call.skill}'; skills: {_choices(call.skill, names)}."
    parameters = contract.parameters
    if len(call.arguments) != len(parameters):
        given = f"{len(call.arguments)} argument{'' if len(call.arguments) == 1 else 's'}"
        return f"{contract.signature} takes {len(parameters)}, but {call} has {given}."
    for parameter, argument in zip(parameters, call.arguments, strict=True):
        problem = _argument_problem(parameter, argument, scene)
        if problem:
            return f"In {call}, {problem}"
    return None


@dataclass(frozen=True, kw_only=True)
class LazyPrimitive:
    """A primitive whose module (planners, kinematics) is imported when it first runs."""

    module: str
    class_name: str
    name: str = "primitive"

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Import the implementation and run it."""
        implementation = cast(Implementation, getattr(import_module(self.module), self.class_name)())
        return implementation.run(call, context)


def household_library() -> SkillLibrary:
    """Return the thirteen household skills with geometric affordances and motion-planner primitives."""
    from .affordances import HOUSEHOLD_AFFORDANCES

    return SkillLibrary(
        tuple(
            Skill(
                contract=contract,
                affordance=HOUSEHOLD_AFFORDANCES[contract.name],
                implementations=(_primitive_of(contract),),
            )
            for contract in HOUSEHOLD_CONTRACTS
        )
    )


def _primitive_of(contract: Contract) -> LazyPrimitive:
    """Return the class `PutIn` of `skills/primitives/put_in.py` for the contract `put_in`."""
    class_name = contract.name.title().replace("_", "")
    return LazyPrimitive(module=f"skills.primitives.{contract.name}", class_name=class_name)


def _argument_problem(parameter: Variable, argument: str, scene: Scene) -> str | None:
    valid = scene.universe.names(parameter)
    if argument in valid:
        return None
    wanted = " or ".join(parameter.types)
    choices = f"valid choices for {parameter.name.lstrip('?')}: {_choices(argument, valid)}."
    if argument in scene.universe.types:
        article = "" if wanted in ADJECTIVES else "a "
        return f"{argument} is not {article}{wanted}; {choices}"
    return f"there is no '{argument}' here; {choices}"


def _choices(wanted: str, names: tuple[str, ...], *, limit: int = 12) -> str:
    """Return the names, nearest in spelling first, at most `limit` of them."""
    from rapidfuzz import fuzz

    ranked = sorted(names, key=lambda name: (-fuzz.WRatio(wanted, name), name))
    if not ranked:
        return "none"
    more = f" and {len(ranked) - limit} more" if len(ranked) > limit else ""
    return ", ".join(ranked[:limit]) + more
