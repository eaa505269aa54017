"""Room safety: the least supervisor: deny what is unknown, not applicable, or seen too long ago.

It knows the contracts alone and no rule; benchmarks measure the price of the full supervisor against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from grounding import And, Formula, Scene, holds, to_pddl
from robots import Robot, Violation
from skills import Contract, SkillCall

from .verdict import ALLOWED, Objection, Ruling, Verdict

MAX_SCENE_AGE_S = 0.5
"""Oldest scene on which a step may start, [s] of the robot's clock: our own choice, two perception periods
of 10 Hz plus a planning pause."""


class WordsOnly:
    """The least instruction gate: asks for words, and judges none of them."""

    def review(self, instruction: str, scene: Scene, calls: Sequence[SkillCall] = ()) -> Verdict:
        """Refuse an instruction without words."""
        if instruction.strip():
            return ALLOWED
        found = _violation("instruction_has_words", "instruction", "instruction", "empty", "words")
        return Verdict(ruling=Ruling.REFUSE, violations=(found,))


class BasicSupervisor:
    """Denies by default; knows only the contracts."""

    def __init__(self, contracts: Sequence[Contract], *, max_scene_age_s: float = MAX_SCENE_AGE_S) -> None:
        """Take the closed set of skills that may run."""
        self._contracts: Mapping[str, Contract] = {c.name: c for c in contracts}
        self._max_scene_age_s = max_scene_age_s

    def begin(self, scene: Scene) -> None:
        """Do nothing: there is no trace to keep."""

    def review_plan(
        self, calls: Sequence[SkillCall], goal: Formula | None, scene: Scene
    ) -> tuple[Objection, ...]:
        """Deny a plan with an unknown skill, a wrong number of arguments, or an unknown or mistyped name."""
        return tuple(
            Objection(violation=violation, index=index, call=call, is_unreadable=True)
            for index, call in enumerate(calls)
            for violation in self._name_violations(call, scene, "plan")
        )

    def record(self, call: SkillCall, scene: Scene) -> tuple[Violation, ...]:
        """Return nothing: there is no trace to keep."""
        return ()

    def duties(self, goal: Formula | None, scene: Scene) -> tuple[Objection, ...]:
        """Return nothing: no rule, no duty."""
        return ()

    def review_step(self, call: SkillCall, scene: Scene, now_s: float) -> tuple[Violation, ...]:
        """Deny a step that is unknown, based on an old scene, or whose precondition does not hold."""
        found = list(self._name_violations(call, scene, "step"))
        age_s = scene.age_s(now_s)
        if not 0.0 <= age_s <= self._max_scene_age_s:
            allowed = f"0 to {self._max_scene_age_s}"
            found.append(_violation("scene_is_fresh", "step", "scene age", round(age_s, 3), allowed, "s"))
        if not found:
            operator = self._contracts[call.skill].operator
            unmet = _unmet(operator.precondition, scene, operator.binding(call.arguments))
            if unmet is not None:
                found.append(_violation("precondition_holds", "step", str(call), "unmet", to_pddl(unmet)))
        return tuple(found)

    def halted(self) -> Violation | None:
        """Return None: there are no modes."""
        return None

    def wait_for_state(self) -> Violation | None:
        """Return None: nothing watches the state."""
        return None

    def guard(self, robot: Robot, on_event: Callable[[Violation], None] | None = None) -> Robot:
        """Return the robot itself: its driver refuses what exceeds its limits."""
        return robot

    def _name_violations(self, call: SkillCall, scene: Scene, layer: str) -> tuple[Violation, ...]:
        contract = self._contracts.get(call.skill)
        if contract is None:
            return (_violation("skill_is_known", layer, "skill", call.skill, ", ".join(self._contracts)),)
        if len(call.arguments) != len(contract.parameters):
            return (_violation("arguments_fit", layer, str(call), len(call.arguments), contract.signature),)
        wrong = [
            (argument, "|".join(parameter.types))
            for argument, parameter in zip(call.arguments, contract.parameters, strict=True)
            if argument not in scene.universe.names(parameter)
        ]
        return tuple(_violation("object_is_known", layer, str(call), a, f"a {kind}") for a, kind in wrong)


def _violation(
    rule: str, layer: str, subject: str, measured: float | str, allowed: float | str, unit: str = ""
) -> Violation:
    return Violation(rule=rule, layer=layer, subject=subject, measured=measured, allowed=allowed, unit=unit)


def _unmet(formula: Formula, scene: Scene, binding: Mapping[str, str]) -> Formula | None:
    """Return the first part of a conjunction that is false, or None."""
    parts = formula.parts if isinstance(formula, And) else (formula,)
    return next((p for p in parts if not holds(p, scene.facts, scene.universe, binding)), None)
