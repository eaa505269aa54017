"""Room planner: the plan-ahead strategy: one decomposition, verified, weighed and repaired step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grounding import Scene
from planner.language_model import ASK
from planner.selection import Decision, choose, plan_candidates
from planner.symbolic import Edit
from safety import Objection
from skills import SkillCall, Status

from .agenda import Agenda, agenda_for, edit_text, objects_of_choice
from .events import PlanMade, Rung
from .help import choose_alternative
from .progress import Halt, Progress
from .report import Ending, StepRecord
from .vetting import unreadable_calls, vet


class PlanAhead:
    """Keeps an agenda; asks the model again only when the world disagrees and symbols cannot mend it."""

    def __init__(self, progress: Progress) -> None:
        """Start without a plan."""
        self._progress = progress
        self._parts = progress.parts
        self._operators = [contract.operator for contract in self._parts.library.contracts]
        self._agenda = Agenda()

    @property
    def agenda(self) -> Agenda:
        """Return the rest of the plan."""
        return self._agenda

    def begin(self, scene: Scene) -> Halt | None:
        """Make the first plan."""
        return self._decompose(scene, surprise=None)

    def decide(self, scene: Scene) -> Decision | Halt:
        """Return what to do next: a call of the plan or one of its alternatives, or `done`."""
        halt = self._mend(scene)
        if halt is not None:
            return halt
        decision = self._weigh(scene)
        if decision.call is not None and decision.call != ASK:
            return self._follow(decision, scene)
        step = self._agenda.next
        blocked = step.call if step else None
        worst = next((c for c in decision.candidates if c.call == blocked), None)
        reasons = ", ".join(worst.reasons) if worst else ""
        halt = self._climb(
            scene, blocked, f"{blocked} would not succeed: {reasons or 'say x can is too low'}"
        )
        return halt or self.decide(scene)

    def succeeded(self, call: SkillCall) -> None:
        """Tick off the first step."""
        self._agenda = self._agenda.advanced()

    def owes(self, objections: Sequence[Objection], scene: Scene) -> Halt | None:
        """Go on after the goal is reached until what was begun is brought to its end."""
        demands = self._agenda.demands.after(objections)
        self._agenda = self._agenda.with_demands(demands)
        return self._mend(scene)

    def begins(self, call: SkillCall, scene: Scene) -> None:
        """Do nothing: the next step is known."""

    def failed(self, record: StepRecord, scene: Scene) -> Halt | None:
        """Take the next rung after the first step failed."""
        ladder, skill = self._progress.ladder, self._parts.library[record.call.skill]
        operator = skill.contract.operator
        rung = ladder.after_failure(
            record.call,
            is_applicable=operator.is_applicable(record.call.arguments, scene.facts, scene.universe),
            was_vetoed=record.outcome.status is Status.VETOED,
            implementations=len(skill.implementations),
        )
        reason = record.outcome.reason if not record.outcome.is_success else record.difference
        if rung in (Rung.RETRY, Rung.OTHER_IMPLEMENTATION):
            self._progress.recover(rung, reason)
            return None
        blocked = record.call if record.call in ladder.forbidden else None
        return self._climb(scene, blocked, f"{record.call}: {reason}")

    def _weigh(self, scene: Scene) -> Decision:
        with self._progress.watch.spending("planning"):
            candidates = plan_candidates(
                self._agenda.next,
                scene,
                self._parts.can,
                is_done=scene.holds(self._agenda.end),
                can_ask=self._progress.has_person,
            )
            return choose(candidates, least_combined=self._parts.settings.least_combined)

    def _follow(self, decision: Decision, scene: Scene) -> Decision:
        """Make the agenda start with the chosen call; fall back to the plan's own step if that fails."""
        step, call = self._agenda.next, decision.call
        if step is None or call is None or call == step.call or call not in step.alternatives:
            return decision
        with self._progress.watch.spending("planning"):
            changed = self._agenda.with_alternative(call)
            if not changed.verify(scene, self._operators).is_success:
                repaired, _ = changed.repair(scene, self._operators, self._progress.ladder.forbidden)
                starts_well = repaired is not None and repaired.calls[:1] == (call,)
                changed = repaired if repaired is not None and starts_well else self._agenda
        self._agenda = changed
        chosen = next(c for c in decision.candidates if c.call == changed.calls[0])
        return replace(decision, chosen=chosen)

    def _mend(self, scene: Scene) -> Halt | None:
        """Verify the rest of the plan from what is seen, and climb when it would not work."""
        with self._progress.watch.spending("planning"):
            verification = self._agenda.verify(scene, self._operators)
        return None if verification.is_success else self._climb(scene, None, verification.reason)

    def _climb(self, scene: Scene, blocked: SkillCall | None, reason: str) -> Halt | None:
        """Repair, else decompose again, else ask, else halt."""
        progress, ladder = self._progress, self._progress.ladder
        if blocked is not None:
            ladder.forbidden.add(blocked)
        if ladder.may_replan():
            ladder.replans += 1
            with progress.watch.spending("planning"):
                agenda, result = self._agenda.repair(scene, self._operators, ladder.forbidden)
            if agenda is not None:
                progress.recover(Rung.REPAIR, reason)
                return self._allow(agenda, result.edits, scene)
        if ladder.may_replan() and progress.may_decompose:
            ladder.replans += 1
            ladder.pardon()
            progress.recover(Rung.DECOMPOSE, reason)
            return self._decompose(scene, surprise=reason)
        return self._ask_or_stop(scene, reason)

    def _ask_or_stop(self, scene: Scene, reason: str) -> Halt | None:
        progress = self._progress
        if progress.is_told_to_try_again(reason):
            progress.ladder.pardon()
            return self._decompose(scene, surprise=reason)
        progress.recover(Rung.STOP, reason)
        return Halt(ending=Ending.STOPPED, reason=reason)

    def _decompose(self, scene: Scene, *, surprise: str | None) -> Halt | None:
        progress = self._progress
        decomposition = progress.propose(scene, surprise=surprise)
        if isinstance(decomposition, Halt):
            return decomposition
        calls = [step.call for step in decomposition.steps]
        veto = unreadable_calls(progress, calls, scene)
        if veto:
            return self._again_or_halt(scene, f"the plan is not allowed: {veto}", Ending.REFUSED)
        with progress.watch.spending("planning"):
            agenda = agenda_for(decomposition, scene, self._operators)
            verification = agenda.verify(scene, self._operators)
            edits: tuple[Edit, ...] = ()
            reason = verification.reason
            if not verification.is_success:
                repaired, result = agenda.repair(scene, self._operators, progress.ladder.forbidden)
                agenda, edits = repaired or agenda, result.edits
                reason = "" if repaired is not None else result.reason or verification.reason
        if reason:
            return self._again_or_halt(scene, f"the plan cannot work: {reason}", Ending.STOPPED)
        settled = self._settled(agenda, scene)
        if settled is None:
            return self._decompose(scene, surprise=None)
        return settled if isinstance(settled, Halt) else self._allow(settled, edits, scene)

    def _settled(self, agenda: Agenda, scene: Scene) -> Agenda | Halt | None:
        """Return the agenda with every choice among objects made as calibrated, if there is a calibration.

        None means that the person said something that the model has to hear.
        """
        qhat = self._parts.settings.qhat
        settled: set[str] = set()
        while qhat is not None:
            index = agenda.first_choice(settled)
            if index is None:
                return agenda.without_alternatives()
            chosen = choose_alternative(self._progress, agenda, index, scene, self._operators, qhat)
            if chosen is None or isinstance(chosen, Halt):
                return chosen
            settled |= objects_of_choice(agenda.steps[index])
            changed = self._with_choice(agenda, index, chosen, scene)
            if isinstance(changed, Halt):
                return changed
            agenda = changed
        return agenda

    def _with_choice(self, agenda: Agenda, index: int, chosen: SkillCall, scene: Scene) -> Agenda | Halt:
        """Return the agenda with `chosen` at `index`, repaired where that needs other steps around it."""
        if chosen == agenda.steps[index].call:
            return agenda
        with self._progress.watch.spending("planning"):
            changed = agenda.with_choice(chosen, index=index)
            if changed.verify(scene, self._operators).is_success:
                return changed
            repaired, result = changed.repair(scene, self._operators)
        why = f"{chosen} was chosen and cannot work: {result.reason}"
        return repaired or Halt(ending=Ending.STOPPED, reason=why)

    def _allow(self, agenda: Agenda, edits: tuple[Edit, ...], scene: Scene) -> Halt | None:
        progress = self._progress
        vetted = vet(progress, agenda, scene, self._operators, edits)
        if vetted.agenda is None:
            return self._again_or_halt(scene, f"the plan is not allowed: {vetted.reason}", Ending.REFUSED)
        self._agenda = agenda = vetted.agenda
        progress.goal, progress.asked = agenda.goal, agenda.asked
        progress.task = replace(progress.task, goal=agenda.goal)
        progress.plan = progress.plan or agenda.steps
        self._parts.emit(
            PlanMade(goal=agenda.goal, steps=agenda.steps, edits=tuple(edit_text(e) for e in vetted.edits))
        )
        return None

    def _again_or_halt(self, scene: Scene, reason: str, ending: Ending) -> Halt | None:
        progress = self._progress
        if not progress.may_decompose:
            return Halt(ending=ending, reason=reason)
        progress.recover(Rung.DECOMPOSE, reason)
        return self._decompose(scene, surprise=reason)
