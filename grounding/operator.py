"""Room grounding: operators, the symbolic half of a skill: parameters, precondition, effects.

A skill's contract, an action of anybody's PDDL domain and a step of a plan are all this one type, so that
planning, verification and repair are written once (`planner.symbolic`).
"""

from __future__ import annotations

from dataclasses import dataclass

from .formula import TRUE, Atom, Binding, Fact, Facts, Formula, Universe, Variable, holds


@dataclass(frozen=True)
class Effect:
    """Add or delete one atom, for every assignment of `variables`, where `condition` held before."""

    atom: Atom
    is_add: bool = True
    variables: tuple[Variable, ...] = ()
    condition: Formula = TRUE


@dataclass(frozen=True)
class Operator:
    """An action schema."""

    name: str
    parameters: tuple[Variable, ...]
    precondition: Formula
    effects: tuple[Effect, ...]
    cost: float = 1.0

    def binding(self, arguments: tuple[str, ...]) -> dict[str, str]:
        """Return parameter name -> argument."""
        return dict(zip((p.name for p in self.parameters), arguments, strict=True))

    def is_applicable(self, arguments: tuple[str, ...], facts: Facts, universe: Universe) -> bool:
        """Return whether the precondition holds."""
        return holds(self.precondition, facts, universe, self.binding(arguments))

    def changes(
        self, arguments: tuple[str, ...], facts: Facts, universe: Universe
    ) -> tuple[frozenset[Fact], frozenset[Fact]]:
        """Return the facts that applying it adds and deletes; adding wins over deleting, as in PDDL."""
        added: set[Fact] = set()
        deleted: set[Fact] = set()
        base: Binding = self.binding(arguments)
        for effect in self.effects:
            for more in universe.bindings(effect.variables):
                binding = {**base, **more}
                if holds(effect.condition, facts, universe, binding):
                    (added if effect.is_add else deleted).add(effect.atom.ground(binding))
        return frozenset(added), frozenset(deleted - added)

    def apply(self, arguments: tuple[str, ...], facts: Facts, universe: Universe) -> frozenset[Fact]:
        """Return the facts after the action. The caller has checked that it is applicable."""
        added, deleted = self.changes(arguments, facts, universe)
        return frozenset((facts - deleted) | added)
