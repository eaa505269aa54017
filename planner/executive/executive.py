"""Room planner: the loop: perceive, decide by say x can, review, act, look again, recover."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from grounding import Scene
from planner.language_model import DONE

from .actor import Actor
from .errors import JournalBroken
from .events import Decided, Reduced, RunEnded, RunStarted, SceneSeen
from .parts import Parts, Senses, Stopwatch
from .past_run import PastRun
from .plan_ahead import PlanAhead
from .progress import Halt, Progress
from .remembering import Remembering, is_static
from .report import Ending, Report, StepRecord
from .saycan import SayCan
from .taking_up import PastTrace, Reconciler, after_reconciling, announce, chooser_for, come_to_rest, restore

Chooser: TypeAlias = PlanAhead | SayCan


class Executive:
    """Turns one instruction into motion, one verified skill at a time."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts; nothing is called before `run`."""
        self._parts = parts

    def run(self, instruction: str) -> Report:
        """Do what the person says, or say why not.

        Whatever interrupts it (Ctrl-C, a broken part), the robot is stopped before anything else happens.
        A journal that breaks ends the run like any other trouble of the world: `Ending.STOPPED`.
        """
        return self._carry_out(_Run(self._parts, instruction))

    def resume(self, past: PastRun) -> Report:
        """Go on with a run that was interrupted, from what is seen now.

        The robot is only brought to rest before the interrupted step is reconciled. A question that nobody
        answers leaves the run open: it can be resumed again.
        """
        return self._carry_out(_Run(self._parts, past.instruction, past))

    def _carry_out(self, run: _Run) -> Report:
        try:
            halt = run.loop()
            self._parts.robot.stop()
            if not run.stays_open:
                self._parts.emit(RunEnded(ending=halt.ending.value, reason=halt.reason))
        except JournalBroken as broken:
            self._parts.robot.stop()
            halt = Halt(ending=Ending.STOPPED, reason=str(broken))
            self._parts.tell(RunEnded(ending=halt.ending.value, reason=halt.reason))
        except BaseException as interruption:
            self._parts.robot.stop()
            ending = Ending.CANCELLED if isinstance(interruption, KeyboardInterrupt) else Ending.STOPPED
            reason = str(interruption) or type(interruption).__name__
            self._parts.tell(RunEnded(ending=ending.value, reason=reason))
            raise
        return run.report(halt)


class _Run:
    """One run's state."""

    def __init__(self, parts: Parts, instruction: str, past: PastRun | None = None) -> None:
        self._watch = Stopwatch()
        self._past = past
        self._memory = Remembering(parts.perception)
        if past is not None:
            parts = replace(parts, perception=self._memory)
        self._parts = parts
        self._progress = Progress(parts, self._watch, instruction)
        guarded = parts.supervisor.guard(parts.robot, lambda v: parts.emit(Reduced(violation=v)))
        self._senses = Senses(parts, self._watch, guarded)
        self._actor = Actor(parts, guarded, self._senses, self._watch)
        self._records: list[StepRecord] = []
        self._chooser: Chooser = chooser_for(self._progress, None)
        self._scene: Scene | None = None
        self._first: Scene | None = None
        self.stays_open = False
        """Nobody could say what became of an interrupted step: the run is not ended."""

    def loop(self) -> Halt:
        """Run until something ends it."""
        halt = self._begin() if self._past is None else self._take_up(self._past)
        while halt is None:
            halt = self._bound() or self._step()
        return halt if self.stays_open else self._with_what_is_owed(halt)

    def _begin(self) -> Halt | None:
        parts = self._parts
        parts.emit(
            RunStarted(
                instruction=self._progress.task.instruction,
                strategy=parts.settings.strategy.value,
                seed=parts.settings.seed,
                model=parts.model.name,
                perception=parts.perception.name,
            )
        )
        self._scene = self._first = scene = self._senses.look()
        self._tell_seen()
        parts.supervisor.begin(scene)
        return self._progress.judge(scene) or self._bound() or self._chooser.begin(scene)

    def _take_up(self, past: PastRun) -> Halt | None:
        parts, progress = self._parts, self._progress
        self._scene = scene = self._senses.look()
        trace = PastTrace(parts, past, scene)
        self._first = trace.after(0)
        parts.emit(announce(past, scene))
        if past.records or past.intent is not None:
            come_to_rest(parts.robot)
            self._memory.remember(trace.after(len(past.records)).facts)
            self._scene = scene = self._senses.look()
        trace.tell_supervisor()
        restore(progress, past)
        self._records += past.records
        if past.intent is not None:
            reconciler = Reconciler(parts, progress, self._memory)
            ended = reconciler.reconcile(past.intent, trace.after(len(past.records)), scene)
            if isinstance(ended, Halt):
                self.stays_open = ended.ending is Ending.NEEDS_ANSWER
                return ended
            self._records.append(ended)
            past = after_reconciling(past, ended)
            self._scene = scene = self._senses.look()
            broken = parts.supervisor.record(ended.call, scene)
            progress.vetoes(f"what {ended.call} led to", broken)
        self._tell_seen()
        self._chooser = chooser_for(progress, past)
        halt = None if past.is_confirmed else progress.judge(scene)
        return halt or self._bound() or self._chooser.begin(scene)

    def _tell_seen(self) -> None:
        """Journal what is seen, for whoever has to go on from here."""
        assert self._scene is not None
        facts = tuple(sorted(fact for fact in self._scene.facts if not is_static(fact)))
        self._parts.emit(SceneSeen(steps=len(self._records), facts=facts))

    def _with_what_is_owed(self, halt: Halt) -> Halt:
        """Say what the robot leaves behind when it stops before the task is done."""
        assert self._scene is not None
        if halt.ending is Ending.SUCCEEDED or not self._records:
            return halt
        owed = self._parts.supervisor.duties(None, self._scene)
        text = self._progress.vetoes("what is left behind", [o.violation for o in owed])
        return replace(halt, reason=f"{halt.reason}; left behind: {text}") if text else halt

    def report(self, halt: Halt) -> Report:
        """Sum the run up."""
        progress = self._progress
        self._scene = scene = self._scene or self._senses.look()
        return Report(
            instruction=progress.task.instruction,
            ending=halt.ending,
            reason=halt.reason,
            goal=progress.goal,
            plan=progress.plan,
            steps=tuple(self._records),
            scene=scene,
            first_facts=frozenset((self._first or scene).facts),
            model_calls=progress.consultant.calls,
            timings=self._watch.timings(),
            recoveries=tuple(rung.value for rung in progress.recoveries),
        )

    def _halted(self) -> Halt | None:
        halted = self._parts.supervisor.halted()
        reason = f"the robot stands until a person acts: {halted}"
        return None if halted is None else Halt(ending=Ending.STOPPED, reason=reason)

    def _bound(self) -> Halt | None:
        bounds, halt = self._parts.settings.bounds, self._halted()
        if halt is not None:
            return halt
        if self._parts.is_cancelled():
            return Halt(ending=Ending.CANCELLED, reason="somebody cancelled the run")
        if len(self._records) >= bounds.steps:
            return Halt(ending=Ending.STOPPED, reason=f"{bounds.steps} steps did not reach the goal")
        if self._watch.elapsed_s > bounds.wall_s:
            return Halt(ending=Ending.STOPPED, reason=f"{bounds.wall_s:g} s did not reach the goal")
        return None

    def _step(self) -> Halt | None:
        assert self._scene is not None
        decision = self._chooser.decide(self._scene)
        if isinstance(decision, Halt):
            return decision
        number = len(self._records) + 1
        self._parts.emit(Decided(number=number, decision=decision))
        call = decision.call
        assert call is not None
        if call == DONE:
            return self._done()
        self._chooser.begins(call, self._scene)
        attempt = self._progress.ladder.attempt(number, call)
        record, self._scene = self._actor.act(attempt, self._scene)
        self._records.append(record)
        self._tell_seen()
        if record.effects_hold:
            self._progress.did(call)
            self._chooser.succeeded(call)
            return None
        if record.outcome.status == "cancelled":
            return Halt(ending=Ending.CANCELLED, reason=record.outcome.reason)
        return self._halted() or self._chooser.failed(record, self._scene)

    def _done(self) -> Halt | None:
        """End only on a scene taken now: the goal held when `done` was weighed, but does it still?"""
        self._scene = scene = self._senses.look()
        goal = self._progress.goal
        if goal is None or not scene.holds(goal):
            return None
        owed = self._parts.supervisor.duties(self._progress.asked, scene)
        if owed:
            self._progress.vetoes("done", [o.violation for o in owed])
            return self._chooser.owes(owed, scene)
        return Halt(ending=Ending.SUCCEEDED, reason="the goal holds in the observed scene")
