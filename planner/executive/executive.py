"""Room planner: the loop: perceive, decide by say x can, review, act, look again, recover."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from grounding import Scene
from planner.language_model import DONE

from .actor import Actor
from .events import Decided, RunEnded, RunStarted
from .parts import Parts, Senses, Stopwatch
from .plan_ahead import PlanAhead
from .progress import Halt, Progress
from .report import Ending, Report, StepRecord
from .saycan import SayCan
from .settings import Strategy

Chooser: TypeAlias = PlanAhead | SayCan


class Executive:
    """Turns one instruction into motion, one verified skill at a time."""

    def __init__(self, parts: Parts) -> None:
        """Take the parts; nothing is called before `run`."""
        self._parts = parts

    def run(self, instruction: str) -> Report:
        """Do what the person says, or say why not.

        Whatever interrupts it (Ctrl-C, a broken part), the robot is stopped before anything else happens.
        """
        run = _Run(self._parts, instruction)
        try:
            halt = run.loop()
        except BaseException as interruption:
            self._parts.robot.stop()
            ending = Ending.CANCELLED if isinstance(interruption, KeyboardInterrupt) else Ending.STOPPED
            reason = str(interruption) or type(interruption).__name__
            self._parts.emit(RunEnded(ending=ending.value, reason=reason))
            raise
        self._parts.robot.stop()
        self._parts.emit(RunEnded(ending=halt.ending.value, reason=halt.reason))
        return run.report(halt)


class _Run:
    """One run's state."""

    def __init__(self, parts: Parts, instruction: str) -> None:
        self._parts = parts
        self._watch = Stopwatch()
        self._progress = Progress(parts, self._watch, instruction)
        self._senses = Senses(parts, self._watch)
        self._actor = Actor(parts, self._senses, self._watch)
        self._records: list[StepRecord] = []
        is_saycan = parts.settings.strategy is Strategy.SAYCAN
        self._chooser: Chooser = SayCan(self._progress) if is_saycan else PlanAhead(self._progress)
        self._scene: Scene | None = None
        self._first: Scene | None = None

    def loop(self) -> Halt:
        """Run until something ends it."""
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
        parts.supervisor.begin(scene)
        halt = self._progress.judge(scene) or self._bound() or self._chooser.begin(scene)
        while halt is None:
            halt = self._bound() or self._step()
        return self._with_what_is_owed(halt)

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
        assert self._scene is not None and self._first is not None
        return Report(
            instruction=progress.task.instruction,
            ending=halt.ending,
            reason=halt.reason,
            goal=progress.goal,
            plan=progress.plan,
            steps=tuple(self._records),
            scene=self._scene,
            first_facts=frozenset(self._first.facts),
            model_calls=progress.consultant.calls,
            timings=self._watch.timings(),
            recoveries=tuple(rung.value for rung in progress.recoveries),
        )

    def _bound(self) -> Halt | None:
        bounds = self._parts.settings.bounds
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
        if record.effects_hold:
            self._progress.did(call)
            self._chooser.succeeded(call)
            return None
        if record.outcome.status == "cancelled":
            return Halt(ending=Ending.CANCELLED, reason=record.outcome.reason)
        return self._chooser.failed(record, self._scene)

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
