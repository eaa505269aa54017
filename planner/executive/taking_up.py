"""Room planner: go on with an interrupted run: look, compare with what was intended, then decide afresh.

Nothing is repeated blindly. An intent without an end is closed by what is seen now; what is left of the plan
is verified from there, and repaired or made anew where it no longer fits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from grounding import Fact, Scene
from robots import Command, Robot
from skills import Outcome, Status

from .agenda import Agenda
from .effects import difference_text, unmet_effects
from .events import Rung, RunResumed, StepEnded
from .parts import Parts
from .past_run import Intent, PastRun, steps_after
from .plan_ahead import PlanAhead
from .progress import Halt, Progress
from .remembering import Remembering, is_static
from .repetition import why_not_again
from .report import Ending, StepRecord
from .saycan import SayCan
from .settings import Strategy

AGAIN, DONE_ALREADY, STOP = "do it again", "it was done", "stop"
"""What a person can say about an interrupted step."""


REST_S = 1.0
"""Longest time in which the joints follow their last targets to rest, [s]."""
STILL = 0.002
"""Below this every joint counts as still, [rad/s] or [m/s]: skills plan from where they are measured."""


def come_to_rest(robot: Robot) -> None:
    """Brake, and hold until the joints have followed: the interruption may have come in mid-motion."""
    robot.stop()
    for _ in range(round(REST_S / robot.limits.tick_s)):
        now = robot.observe()
        if max(np.abs(now.dq_arm).max(), np.abs(now.base_velocity).max()) < STILL:
            return
        robot.command(Command())


class PastTrace:
    """What was seen before the interruption, as scenes."""

    def __init__(self, parts: Parts, past: PastRun, scene: Scene) -> None:
        """Take today's scene for what the facts do not say."""
        self._parts = parts
        self._past = past
        self._scene = scene
        self._always = frozenset(fact for fact in scene.facts if is_static(fact))

    def after(self, steps: int) -> Scene:
        """Return the scene after so many steps; where nobody wrote it down, what the step must have left."""
        if steps in self._past.seen:
            return replace(self._scene, facts=self._past.seen[steps] | self._always)
        if steps == 0:
            return self._scene
        before, record = self.after(steps - 1), self._past.records[steps - 1]
        if not record.effects_hold:
            return before
        operator = self._parts.library[record.call.skill].contract.operator
        facts = operator.apply(record.call.arguments, before.facts, before.universe)
        return replace(before, facts=facts)

    def tell_supervisor(self) -> None:
        """Let the supervisor follow the run from its beginning: what was begun then is owed still."""
        self._parts.supervisor.begin(self.after(0))
        for number, record in enumerate(self._past.records, start=1):
            if record.outcome.status is not Status.VETOED:
                self._parts.supervisor.record(record.call, self.after(number))


def restore(progress: Progress, past: PastRun) -> None:
    """Count from where the run stood: bounds hold for the whole of it, however often it is interrupted."""
    done = tuple(record.call for record in past.records if record.effects_hold)
    progress.task = replace(progress.task, done=done, answer=past.answer)
    progress.plan = past.plan
    progress.recoveries += past.recoveries
    progress.ladder.replans = sum(rung in (Rung.REPAIR, Rung.DECOMPOSE) for rung in past.recoveries)
    progress.ladder.questions = past.questions
    progress.consultant.calls = past.model_calls
    progress.consultant.decompositions = past.decompositions
    if past.has_plan:
        progress.goal, progress.asked = past.goal, past.asked
        progress.task = replace(progress.task, goal=past.goal)


def announce(past: PastRun, scene: Scene) -> RunResumed:
    """Return the event with which the journal goes on."""
    call = past.intent.call if past.intent is not None else None
    return RunResumed(instruction=past.instruction, interrupted=call, world_s=scene.time_s)


class Reconciler:
    """Closes the intent of an interrupted run."""

    def __init__(self, parts: Parts, progress: Progress, memory: Remembering) -> None:
        """Take who is asked, and who remembers the answer."""
        self._parts = parts
        self._progress = progress
        self._memory = memory

    def reconcile(self, intent: Intent, before: Scene, now: Scene) -> StepRecord | Halt:
        """Journal what the step came to; a halt means that nobody could say, and its intent stays open."""
        operator = self._parts.library[intent.call.skill].contract.operator
        missing, lingering = unmet_effects(operator, intent.call, before, now)
        difference = difference_text(intent.call, missing, lingering, now)
        added, deleted = operator.changes(intent.call.arguments, before.facts, before.universe)
        contract = self._parts.library[intent.call.skill].contract
        why = why_not_again(contract, intent.call, now)
        is_news = bool((added - before.facts) | (deleted & before.facts))
        if why is None or (not difference and is_news):
            return self._close(intent, not difference, difference)
        return self._ask(
            intent, why, difference or f"nothing that is seen tells what {intent.call} did", added
        )

    def _ask(self, intent: Intent, why: str, seen: str, added: frozenset[Fact]) -> StepRecord | Halt:
        question = f"I was interrupted in {intent.call}, and {why}. What shall I do?"
        self._progress.recover(Rung.ASK, seen)
        answer = self._progress.ask(question, (AGAIN, DONE_ALREADY, STOP))
        said = (answer or "").strip(" .!").lower()
        if said == AGAIN:
            return self._close(intent, False, seen)
        if said == DONE_ALREADY:
            self._memory.is_told(added)
            return self._close(intent, True, "")
        if said == STOP:
            return Halt(ending=Ending.CANCELLED, reason=f"the person said “{STOP}” about {intent.call}")
        heard = f"“{answer}” is none of the answers" if answer else "nobody answered"
        return Halt(ending=Ending.NEEDS_ANSWER, reason=f"{question} ({heard}; {seen})")

    def _close(self, intent: Intent, holds: bool, difference: str) -> StepRecord:
        reason = "what it was to change is seen" if holds else "what it was to change is not seen"
        status = Status.SUCCEEDED if holds else Status.CANCELLED
        outcome = Outcome(status=status, reason=f"interrupted and reconciled: {reason}")
        self._parts.emit(
            StepEnded(
                number=intent.number,
                call=intent.call,
                outcome=outcome,
                effects_hold=holds,
                difference=difference,
                is_reconciled=True,
            )
        )
        if holds:
            self._progress.did(intent.call)
        return StepRecord(
            call=intent.call,
            implementation=intent.implementation,
            attempt=intent.attempt,
            outcome=outcome,
            effects_hold=holds,
            difference=difference,
        )


class PlanAheadAgain(PlanAhead):
    """The plan-ahead strategy with a plan that was made before."""

    def __init__(self, progress: Progress, past: PastRun) -> None:
        """Take what is left of it."""
        super().__init__(progress)
        self._agenda = Agenda(steps=past.left, goal=past.goal, asked=past.asked)

    def begin(self, scene: Scene) -> Halt | None:
        """Show the rest of the plan to the supervisor; repair it first when it does not work from here."""
        with self._progress.watch.spending("planning"):
            verification = self._agenda.verify(scene, self._operators)
        if verification.is_success:
            return self._allow(self._agenda, (), scene)
        return self._climb(scene, None, f"after the interruption, {verification.reason}")


class SayCanAgain(SayCan):
    """The saycan strategy with a goal that is known."""

    def begin(self, scene: Scene) -> Halt | None:
        """Do nothing: the model is asked step by step."""
        return None


def chooser_for(progress: Progress, past: PastRun | None) -> PlanAhead | SayCan:
    """Return the strategy, with what it knows of a past run."""
    is_saycan = progress.parts.settings.strategy is Strategy.SAYCAN
    if past is None or not past.has_plan:
        return SayCan(progress) if is_saycan else PlanAhead(progress)
    return SayCanAgain(progress) if is_saycan else PlanAheadAgain(progress, past)


def after_reconciling(past: PastRun, record: StepRecord) -> PastRun:
    """Return the past with its interrupted step at an end."""
    left = steps_after(past.left, record.call) if record.effects_hold else past.left
    return replace(past, intent=None, records=(*past.records, record), left=left)
