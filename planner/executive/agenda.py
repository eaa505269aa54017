"""Room planner: the rest of the plan, verified against what is seen and repaired without a model call."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grounding import TRUE, Formula, Operator, Scene, parse_formula, to_pddl
from planner.language_model import Decomposition, Step
from planner.symbolic import (
    Edit,
    RepairResult,
    Verification,
    find_plan,
    intended_goal,
    repair_plan,
    verify_plan,
)
from skills import SkillCall

from .demands import NO_DEMANDS, Demands, without_opposites

REPAIR_S = 0.3
"""Look this long for the nearest repair, [s]; then any plan is good."""


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Steps still to do, and what must hold after them. Immutable: every change makes a new one."""

    steps: tuple[Step, ...] = ()
    goal: Formula = TRUE
    asked: Formula | None = None
    """The end that was asked for in so many words; None when the goal was only read off the steps."""
    demands: Demands = NO_DEMANDS
    """What the supervisor wants besides."""

    @property
    def end(self) -> Formula:
        """Return what must hold after the last step: the goal, and what the supervisor wants."""
        return self.demands.end(self.goal)

    @property
    def calls(self) -> tuple[SkillCall, ...]:
        """Return the calls of the steps."""
        return tuple(step.call for step in self.steps)

    @property
    def next(self) -> Step | None:
        """Return the next step, or None when the plan is finished."""
        return self.steps[0] if self.steps else None

    def advanced(self) -> Agenda:
        """Return the agenda without its first step."""
        return replace(self, steps=self.steps[1:])

    def with_alternative(self, chosen: SkillCall, *, index: int = 0) -> Agenda:
        """Return the agenda with `chosen` at `index`, and its objects in place of the old ones after it."""
        before, step, after = self.steps[:index], self.steps[index], self.steps[index + 1 :]
        swap = dict(zip(step.call.arguments, chosen.arguments, strict=False))
        swap |= {new: old for old, new in swap.items() if new not in swap}
        changed = replace(step, call=chosen, reason=f"instead of {step.call}: {step.reason}")
        return replace(self, steps=(*before, changed, *(_renamed(step, swap) for step in after)))

    def with_choice(self, chosen: SkillCall, *, index: int) -> Agenda:
        """Return the agenda with `chosen` at `index`, whose objects the goal means too from now on."""
        old = self.steps[index].call
        names = dict(zip(old.arguments, chosen.arguments, strict=False))
        return replace(self.with_alternative(chosen, index=index), goal=renamed_in_goal(self.goal, names))

    def first_choice(self, settled: Collection[str]) -> int | None:
        """Return the first step that leaves a choice among objects that are not all settled, or None."""
        for index, step in enumerate(self.steps):
            if not objects_of_choice(step) <= set(settled):
                return index
        return None

    def without_alternatives(self) -> Agenda:
        """Return the agenda with its choices made."""
        return replace(self, steps=tuple(replace(step, alternatives=()) for step in self.steps))

    def with_demands(self, demands: Demands) -> Agenda:
        """Return the agenda that must also meet `demands`; a goal that nobody asked for yields to them."""
        goal = self.goal if self.asked is not None else without_opposites(self.goal, demands.at_end)
        return replace(self, goal=goal, demands=demands)

    def verify(self, scene: Scene, operators: Sequence[Operator]) -> Verification:
        """Simulate the steps from what is seen."""
        allowed = self.demands.operators(operators)
        return verify_plan(self.calls, self.end, scene.facts, scene.universe, allowed)

    def repair(
        self, scene: Scene, operators: Sequence[Operator], forbidden: Iterable[SkillCall] = ()
    ) -> tuple[Agenda | None, RepairResult]:
        """Return the nearest agenda that reaches the goal without `forbidden` calls, and how it differs."""
        state = (scene.facts, scene.universe, self.demands.operators(operators, forbidden))
        result = repair_plan(self.calls, self.end, *state, time_limit_s=REPAIR_S)
        calls = result.steps
        if calls is None:
            found = find_plan(self.end, *state)
            if found.steps is None:
                return None, replace(result, reason=found.reason)
            calls = found.steps
        known = {step.call: step for step in reversed(self.steps)}
        why = {edit.call: edit.reason for edit in result.edits}
        steps = [
            known.get(call) or Step(call=call, reason=why.get(call) or "needed by the plan") for call in calls
        ]
        return replace(self, steps=tuple(steps)), result


def renamed_in_goal(goal: Formula, names: Mapping[str, str]) -> Formula:
    """Return the goal with other objects in the place of some."""
    words = re.split(r"([()\s]+)", to_pddl(goal))
    return parse_formula("".join(names.get(word, word) for word in words))


def objects_of_choice(step: Step) -> set[str]:
    """Return the objects of a step, and of its alternatives, that differ between them."""
    calls = (step.call, *step.alternatives)
    places = zip(*(call.arguments for call in calls), strict=False)
    return {name for names in places if len(set(names)) > 1 for name in names}


def agenda_for(decomposition: Decomposition, scene: Scene, operators: Sequence[Operator]) -> Agenda:
    """Return the agenda of a decomposition; without a goal, what the steps would change is the goal."""
    steps, goal = decomposition.steps, decomposition.goal
    if goal is not None:
        return Agenda(steps=steps, goal=goal, asked=goal)
    calls = [step.call for step in steps]
    derived = intended_goal(calls, scene.facts, scene.universe, operators)
    return Agenda(steps=steps, goal=derived, asked=derived if decomposition.are_steps_asked else None)


def edit_text(edit: Edit) -> str:
    """Return one line about an edit."""
    what = f"{edit.replaced} by {edit.call}" if edit.replaced else str(edit.call)
    return f"{edit.kind.value} {what}" + (f": {edit.reason}" if edit.reason else "")


def _renamed(step: Step, swap: dict[str, str]) -> Step:
    arguments = tuple(swap.get(a, a) for a in step.call.arguments)
    return replace(step, call=SkillCall(step.call.skill, arguments))
