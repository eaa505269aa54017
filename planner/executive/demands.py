"""Room planner: what the supervisor wants of a plan besides its goal, as conditions for search and repair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grounding import TRUE, And, Equal, Formula, Imply, Not, Operator
from grounding.formula import conjuncts
from safety import Objection
from skills import SkillCall


@dataclass(frozen=True, kw_only=True)
class Demands:
    """Conditions that objections to earlier versions of a plan came to. Immutable."""

    at_end: frozenset[Formula] = frozenset()
    """What must hold after the last step, besides the goal."""
    before: frozenset[tuple[SkillCall, Formula]] = frozenset()
    """What must hold when a call starts, besides its precondition."""
    forbidden: frozenset[SkillCall] = frozenset()
    """Calls that no condition makes allowed."""

    def after(self, objections: Iterable[Objection]) -> Demands:
        """Return the demands with what the objections add; equal to these when they add nothing."""
        at_end, before, forbidden = set(self.at_end), set(self.before), set(self.forbidden)
        for objection in objections:
            if objection.call is None:
                at_end |= {objection.remedy} if objection.remedy is not None else set()
            elif objection.remedy is None or (objection.call, objection.remedy) in before:
                forbidden.add(objection.call)
            else:
                before.add((objection.call, objection.remedy))
        return Demands(at_end=frozenset(at_end), before=frozenset(before), forbidden=frozenset(forbidden))

    def end(self, goal: Formula) -> Formula:
        """Return what must hold after the last step."""
        return And((goal, *sorted(self.at_end, key=repr))) if self.at_end else goal

    def operators(self, operators: Sequence[Operator], forbidden: Iterable[SkillCall] = ()) -> list[Operator]:
        """Return the operators without forbidden calls, and with more to hold before some others."""
        changed = {operator.name: operator for operator in operators}
        for call in sorted({*forbidden, *self.forbidden}, key=str):
            _strengthen(changed, call, Not(TRUE))
        for call, condition in sorted(self.before, key=repr):
            _strengthen(changed, call, condition)
        return list(changed.values())


NO_DEMANDS = Demands()


def without_opposites(goal: Formula, demanded: Iterable[Formula]) -> Formula:
    """Return the goal without the literals that a demand denies."""
    wanted = {part for formula in demanded for part in conjuncts(formula)}
    return And(tuple(part for part in conjuncts(goal) if _opposite(part) not in wanted))


def _opposite(literal: Formula) -> Formula:
    return literal.body if isinstance(literal, Not) else Not(literal)


def _strengthen(operators: dict[str, Operator], call: SkillCall, condition: Formula) -> None:
    """Let one grounding of an operator need `condition` too."""
    old = operators.get(call.skill)
    if old is None or len(old.parameters) != len(call.arguments):
        return
    pairs = zip(old.parameters, call.arguments, strict=True)
    same = And(tuple(Equal(parameter.name, argument) for parameter, argument in pairs))
    precondition = And((old.precondition, Imply(same, condition)))
    operators[call.skill] = Operator(old.name, old.parameters, precondition, old.effects, old.cost)
