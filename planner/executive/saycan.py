"""Room planner: the saycan strategy: the model scores every applicable call before every step.

Source: Ahn et al., "Do As I Can, Not As I Say" (2022), equation 1; `done` needs the goal to be seen, which
the published system did not require.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grounding import Scene, Variable
from planner.language_model import ASK, DONE, PASSING, Failure, FailureKind, Scores, Step
from planner.selection import (
    Candidate,
    Decision,
    choose,
    doubted,
    plan_candidates,
    scored_candidates,
    weigh_unrated,
)
from planner.symbolic import find_plan
from safety import Objection
from skills import SkillCall, Status

from .agenda import agenda_for
from .demands import NO_DEMANDS
from .events import PlanMade, Rung
from .help import ask_if_unsure, choice_of_person
from .progress import Halt, Progress
from .report import Ending, StepRecord
from .vetting import unreadable_calls, vet

WEIGHED = 24
"""Affordances are computed for this many best-said candidates, `done` and `ask` besides."""


OFFERED = 6
"""So many possible calls are offered to the person when the model gives no ratings."""


class SayCan:
    """Chooses one call at a time; the first decomposition gives only the goal that `done` is held to."""

    def __init__(self, progress: Progress) -> None:
        """Start without a goal."""
        self._progress = progress
        self._parts = progress.parts
        self._operators = {c.name: c.operator for c in self._parts.library.contracts}
        self._owed = NO_DEMANDS
        """What the supervisor wants at the end besides the goal."""

    def begin(self, scene: Scene) -> Halt | None:
        """Ask the model once for the goal."""
        return self._set_goal(scene, surprise=None)

    def decide(self, scene: Scene) -> Decision | Halt:
        """Score all applicable calls and take the best say x can."""
        progress = self._progress
        owed = self._owed_call(scene)
        if owed is not None:
            return owed
        with progress.watch.spending("planning"):
            calls = self._applicable(scene)
        scores = progress.consultant.score(progress.task, scene, (*calls, DONE, ASK))
        if isinstance(scores, Failure):
            return self._without_scores(scores, scene, calls)
        with progress.watch.spending("planning"):
            decision = self._weigh(scores, scene)
        if self._parts.settings.qhat is not None:
            return ask_if_unsure(progress, decision, self._parts.settings.qhat) or self.decide(scene)
        if decision.call is not None and decision.call != ASK:
            return self._asked(decision) or self.decide(scene)
        halt = self._stuck(scene, "no skill is both useful and possible from here")
        return halt or self.decide(scene)

    def _asked(self, decision: Decision) -> Decision | Halt | None:
        """Let the person choose between things that are too close to call; no answer: take the first.

        None means that they said something else, which the model has to hear.
        """
        rivals = decision.rivals
        is_about_items = any("item" in p.types for p in self._parameters(decision))
        if len(rivals) < 2 or not is_about_items or not self._progress.has_person:
            return decision
        chosen = choice_of_person(self._progress, "Which one?", rivals, decision)
        is_silent = isinstance(chosen, Halt) and chosen.ending is Ending.NEEDS_ANSWER
        return decision if is_silent else chosen

    def _without_scores(
        self, failure: Failure, scene: Scene, calls: tuple[SkillCall, ...]
    ) -> Decision | Halt:
        """Let the person choose among what is possible; the model's ratings are never made up."""
        progress = self._progress
        if failure.kind not in (*PASSING, FailureKind.BAD_ANSWER) or not progress.has_person:
            return progress.halt_without_model(failure)
        progress.recover(Rung.ASK, str(failure))
        with progress.watch.spending("planning"):
            weighed = [weigh_unrated(call, scene, self._parts.can) for call in calls]
        offered = choose(weighed, least_combined=0.0)
        decision = replace(offered, chosen=None)
        chosen = choice_of_person(progress, f"{failure}. What next?", offered.candidates[:OFFERED], decision)
        return chosen if isinstance(chosen, Decision) else progress.halt_without_model(failure)

    def _parameters(self, decision: Decision) -> tuple[Variable, ...]:
        call = decision.call
        return self._operators[call.skill].parameters if call is not None and call != DONE else ()

    def owes(self, objections: Sequence[Objection], scene: Scene) -> Halt | None:
        """Go on after the goal is reached until what was begun is brought to its end.

        The model has said `done` and is not asked again: which calls are still needed is searched for.
        """
        self._owed = self._owed.after(objections)
        return None

    def _owed_call(self, scene: Scene) -> Decision | Halt | None:
        """Return the next call towards what is owed, and None when nothing is."""
        goal = self._progress.goal
        if goal is None or not self._owed.at_end or scene.holds(self._owed.end(goal)):
            return None
        operators = self._owed.operators(list(self._operators.values()), self._progress.ladder.forbidden)
        with self._progress.watch.spending("planning"):
            found = find_plan(self._owed.end(goal), scene.facts, scene.universe, operators)
        if not found.steps:
            return Halt(ending=Ending.STOPPED, reason=f"the goal is reached, but {found.reason}")
        step = Step(call=found.steps[0], reason="owed before the task is done")
        candidates = plan_candidates(step, scene, self._parts.can, is_done=False, can_ask=False)
        return choose(candidates, least_combined=0.0)

    def succeeded(self, call: SkillCall) -> None:
        """Do nothing: the next score sees what was done."""

    def begins(self, call: SkillCall, scene: Scene) -> None:
        """Let the model rate, while `call` runs, what would come after it."""
        if not self._parts.settings.prefetch:
            return
        with self._progress.watch.spending("planning"):
            operator = self._operators[call.skill]
            facts = operator.apply(call.arguments, scene.facts, scene.universe)
            predicted = replace(scene, facts=facts)
            calls = self._applicable(predicted)
        self._progress.consultant.think_ahead(self._progress.task_after(call), predicted, (*calls, DONE, ASK))

    def failed(self, record: StepRecord, scene: Scene) -> Halt | None:
        """Note the surprise; the next scores weigh it, and a call that keeps failing is left out."""
        progress, skill = self._progress, self._parts.library[record.call.skill]
        rung = progress.ladder.after_failure(
            record.call,
            is_applicable=self._operators[record.call.skill].is_applicable(
                record.call.arguments, scene.facts, scene.universe
            ),
            was_vetoed=record.outcome.status is Status.VETOED,
            implementations=len(skill.implementations),
        )
        reason = record.difference or record.outcome.reason
        progress.recover(rung if rung is not Rung.REPAIR else Rung.RETRY, reason)
        progress.task = replace(progress.task, surprise=reason)
        return None

    def _applicable(self, scene: Scene) -> tuple[SkillCall, ...]:
        return tuple(
            call
            for call in self._parts.library.ground(scene)
            if call not in self._progress.ladder.forbidden
            and self._operators[call.skill].is_applicable(call.arguments, scene.facts, scene.universe)
        )

    def _weigh(self, scores: Scores, scene: Scene) -> Decision:
        progress = self._progress
        ranked = sorted(scores.scores, key=lambda s: (s.call not in (DONE, ASK), -s.probability))
        is_done = progress.goal is not None and scene.holds(progress.goal)
        candidates = scored_candidates(
            replace(scores, scores=tuple(ranked[: WEIGHED + 2])),
            scene,
            self._parts.can,
            is_done=is_done,
            can_ask=progress.has_person,
        )
        discounted = [self._discounted(self._doubted(c, scores)) for c in candidates]
        return choose(discounted, least_combined=self._parts.settings.least_combined)

    def _doubted(self, candidate: Candidate, scores: Scores) -> Candidate:
        if candidate.call.skill not in self._operators or not scores.doubts:
            return candidate
        contract = self._parts.library[candidate.call.skill].contract
        return doubted(candidate, contract.named_facts(candidate.call.arguments), scores.doubts)

    def _discounted(self, candidate: Candidate) -> Candidate:
        failures = self._progress.ladder.failures(candidate.call)
        if not failures:
            return candidate
        reasons = (*candidate.reasons, f"failed {failures} times in this run")
        return replace(candidate, can=candidate.can * 0.5**failures, reasons=reasons)

    def _set_goal(self, scene: Scene, *, surprise: str | None) -> Halt | None:
        progress = self._progress
        decomposition = progress.propose(scene, surprise=surprise)
        if isinstance(decomposition, Halt):
            return decomposition
        calls = [step.call for step in decomposition.steps]
        veto = unreadable_calls(progress, calls, scene)
        if veto:
            return Halt(ending=Ending.REFUSED, reason=f"the plan is not allowed: {veto}")
        operators = list(self._operators.values())
        with progress.watch.spending("planning"):
            agenda = agenda_for(decomposition, scene, operators)
        vetted = vet(progress, agenda, scene, operators)
        if vetted.agenda is None:
            return Halt(ending=Ending.REFUSED, reason=f"the plan is not allowed: {vetted.reason}")
        progress.goal, progress.asked = vetted.agenda.goal, agenda.asked
        progress.task = replace(progress.task, goal=progress.goal)
        self._owed = NO_DEMANDS
        self._parts.emit(PlanMade(goal=progress.goal, steps=()))
        return None

    def _stuck(self, scene: Scene, reason: str) -> Halt | None:
        progress = self._progress
        progress.ladder.pardon()
        if progress.ladder.may_replan() and progress.may_decompose:
            progress.ladder.replans += 1
            progress.recover(Rung.DECOMPOSE, reason)
            return self._set_goal(scene, surprise=reason)
        if progress.is_told_to_try_again(reason):
            return self._set_goal(scene, surprise=reason)
        progress.recover(Rung.STOP, reason)
        return Halt(ending=Ending.STOPPED, reason=reason)
