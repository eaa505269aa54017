"""Room planner: put a plan to the supervisor, and mend it by what the objections ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grounding import Operator, Scene
from planner.symbolic import Edit
from skills import SkillCall

from .agenda import Agenda
from .progress import Progress

ROUNDS = 8
"""So often a plan is mended and shown again; every round adds a demand, and a few rules meet in one plan."""


@dataclass(frozen=True, kw_only=True)
class Vetted:
    """A plan to which nobody objects, or why there is none."""

    agenda: Agenda | None
    edits: tuple[Edit, ...] = ()
    """How it differs from the plan that was shown first."""
    reason: str = ""


def vet(
    progress: Progress,
    agenda: Agenda,
    scene: Scene,
    operators: Sequence[Operator],
    edits: tuple[Edit, ...] = (),
) -> Vetted:
    """Return the plan with every mitigation in it that the supervisor misses, or its veto.

    No model is asked: the objections become conditions for the symbolic repair.
    """
    supervisor = progress.parts.supervisor
    text = ""
    for _ in range(ROUNDS):
        objections = supervisor.review_plan(agenda.calls, agenda.asked, scene)
        if not objections:
            return Vetted(agenda=agenda, edits=edits)
        text = progress.vetoes("plan", [o.violation for o in objections])
        demands = agenda.demands.after(objections)
        if demands == agenda.demands:
            break
        with progress.watch.spending("planning"):
            demanding = agenda.with_demands(demands)
            repaired, result = demanding.repair(scene, operators, progress.ladder.forbidden)
        if repaired is None:
            break
        agenda, edits = repaired, (*edits, *result.edits)
    return Vetted(agenda=None, reason=text)


def unreadable_calls(progress: Progress, calls: Sequence[SkillCall], scene: Scene) -> str:
    """Return what is wrong with the names in a proposal, for the model; empty when all can be read."""
    objections = progress.parts.supervisor.review_plan(calls, None, scene)
    return progress.vetoes("proposed plan", [o.violation for o in objections if o.is_unreadable])
