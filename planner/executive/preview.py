"""Room planner: the plan with its scores, and nothing moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grounding import Formula, Scene
from planner.language_model import Step
from planner.selection import Decision, choose, plan_candidates

from .agenda import Agenda
from .parts import Parts, Senses, Stopwatch
from .plan_ahead import PlanAhead
from .progress import Halt, Progress
from .report import Ending


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """One step, weighed in the scene that the steps before it are predicted to leave."""

    step: Step
    decision: Decision


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would be done, or why nothing would."""

    instruction: str
    goal: Formula | None
    steps: tuple[PlannedStep, ...] = ()
    ending: Ending | None = None
    """Set when there is no plan."""
    reason: str = ""
    final_facts: frozenset[tuple[str, ...]] = frozenset()
    """Facts that the plan is predicted to leave."""

    @property
    def has_plan(self) -> bool:
        """Return whether the instruction was understood and can be done."""
        return self.ending is None


def preview(parts: Parts, instruction: str) -> Preview:
    """Decompose, verify and weigh; send no command to the robot."""
    watch = Stopwatch()
    progress = Progress(parts, watch, instruction)
    scene = Senses(parts, watch).look()
    parts.supervisor.begin(scene)
    refusal = progress.judge(scene)
    if refusal is not None:
        return Preview(instruction=instruction, goal=None, ending=refusal.ending, reason=refusal.reason)
    chooser = PlanAhead(progress)
    halt = chooser.begin(scene)
    if isinstance(halt, Halt):
        return Preview(instruction=instruction, goal=progress.goal, ending=halt.ending, reason=halt.reason)
    agenda = chooser.agenda
    operators = [contract.operator for contract in parts.library.contracts]
    states = agenda.verify(scene, operators).states
    return Preview(
        instruction=instruction,
        goal=progress.goal,
        steps=tuple(_weigh(parts, agenda, i, replace(scene, facts=facts)) for i, facts in _before(states)),
        final_facts=states[-1],
    )


def _before(states: tuple[frozenset[tuple[str, ...]], ...]) -> list[tuple[int, frozenset[tuple[str, ...]]]]:
    return list(enumerate(states[:-1]))


def _weigh(parts: Parts, agenda: Agenda, index: int, scene: Scene) -> PlannedStep:
    step = agenda.steps[index]
    candidates = plan_candidates(step, scene, parts.can, is_done=scene.holds(agenda.goal), can_ask=False)
    return PlannedStep(step=step, decision=choose(candidates, least_combined=0.0))
