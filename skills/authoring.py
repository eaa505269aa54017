"""Room skills: write a skill as a plain function with a decorator.

    @skill(parameters="?item - item", description="Nod at an item.", effect="(found ?item)")
    def nod_at(call: SkillCall, context: SkillContext) -> Outcome: ...

makes `nod_at` a `Skill`, ready for `SkillLibrary.with_skill` and `check_skill`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from grounding.formula import Formula, conjuncts, holds, to_pddl
from grounding.scene import Scene

from .skill import (
    Affordance,
    AffordanceFunction,
    Contract,
    Outcome,
    Skill,
    SkillCall,
    SkillContext,
    define_contract,
)

SkillFunction: TypeAlias = Callable[[SkillCall, SkillContext], Outcome]


@dataclass(frozen=True, kw_only=True)
class FunctionImplementation:
    """An implementation that is one function."""

    name: str
    function: SkillFunction

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Call the function."""
        return self.function(call, context)


def skill(
    *,
    parameters: str,
    description: str,
    effect: str,
    precondition: str = "(and)",
    timeout_s: float = 60.0,
    affordance: AffordanceFunction | None = None,
    name: str | None = None,
) -> Callable[[SkillFunction], Skill]:
    """Return a decorator that turns `(call, context) -> Outcome` into a `Skill`.

    Args:
        parameters: Typed parameters in PDDL, `"?item - item ?place - surface"`.
        description: One line that the language model reads.
        effect: What holds afterwards, in PDDL over household predicates.
        precondition: What must hold before, in PDDL; nothing by default.
        timeout_s: Time that the robot may take, [s].
        affordance: Chance of success; by default 1 where the precondition holds and 0 elsewhere.
        name: Name of the skill; the function's own by default.

    Raises:
        FormulaError: If one of the texts is malformed.
    """

    def decorate(function: SkillFunction) -> Skill:
        contract = define_contract(
            name or function.__name__,
            parameters=parameters,
            description=description,
            precondition=precondition,
            effect=effect,
            timeout_s=timeout_s,
        )
        implementation = FunctionImplementation(name=f"function:{function.__name__}", function=function)
        return Skill(
            contract=contract,
            affordance=affordance or symbolic_affordance(contract),
            implementations=(implementation,),
        )

    return decorate


def symbolic_affordance(contract: Contract) -> AffordanceFunction:
    """Return an affordance that is 1 where the precondition holds, else 0 with the parts that do not hold."""

    def affordance(call: SkillCall, scene: Scene) -> Affordance:
        binding = contract.operator.binding(call.arguments)
        unmet = [
            f"{_with_names(part, binding)} does not hold"
            for part in conjuncts(contract.precondition)
            if not holds(part, scene.facts, scene.universe, binding)
        ]
        return Affordance(probability=0.0 if unmet else 1.0, source="symbolic", reasons=tuple(unmet))

    return affordance


def _with_names(formula: Formula, binding: dict[str, str]) -> str:
    text = to_pddl(formula)
    for variable in sorted(binding, key=len, reverse=True):
        text = text.replace(variable, binding[variable])
    return text
