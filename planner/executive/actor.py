"""Room planner: do one call: review it, commit the intent, run it, look again, compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grounding import Scene
from robots import Robot
from safety import StepOverrun
from skills import Implementation, Outcome, Skill, SkillCall, SkillContext, Status

from .effects import difference_text, facts_hash, unmet_effects
from .events import StepEnded, StepStarted, Vetoed
from .parts import Parts, Senses, Stopwatch
from .report import StepRecord


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One way of doing a call."""

    number: int
    """Of the step in this run, from 1."""
    call: SkillCall
    implementation: int = 0
    """Index into the skill's implementations."""
    attempt: int = 0


class Actor:
    """Runs skills under the supervisor, and believes only the next scene."""

    def __init__(self, parts: Parts, robot: Robot, senses: Senses, watch: Stopwatch) -> None:
        """Take the robot as the supervisor guards it."""
        self._parts = parts
        self._senses = senses
        self._watch = watch
        self._robot = robot

    def act(self, attempt: Attempt, scene: Scene) -> tuple[StepRecord, Scene]:
        """Return what came of the attempt, and the scene after it."""
        blind = self._parts.supervisor.wait_for_state()
        scene = self._senses.refresh(scene)
        skill = self._parts.library[attempt.call.skill]
        implementation = skill.implementations[attempt.implementation]
        now_s = self._senses.now_s()
        violations = (blind,) if blind else self._parts.supervisor.review_step(attempt.call, scene, now_s)
        if violations:
            self._parts.emit(Vetoed(subject=str(attempt.call), violations=violations))
            outcome = Outcome(status=Status.VETOED, reason="; ".join(map(str, violations)))
            return self._record(attempt, implementation.name, outcome, False, ""), scene
        self._parts.emit(
            StepStarted(
                number=attempt.number,
                call=attempt.call,
                implementation=implementation.name,
                attempt=attempt.attempt,
                facts_hash=facts_hash(scene.facts),
            )
        )
        with self._watch.spending("acting"):
            outcome = self._run(implementation, attempt, skill)
        after = self._senses.look()
        broken = self._parts.supervisor.record(attempt.call, after)
        if broken:
            self._parts.emit(Vetoed(subject=f"what {attempt.call} led to", violations=broken))
        missing, lingering = unmet_effects(skill.contract.operator, attempt.call, scene, after)
        difference = difference_text(attempt.call, missing, lingering, after)
        return self._record(attempt, implementation.name, outcome, not difference, difference), after

    def _run(self, implementation: Implementation, attempt: Attempt, skill: Skill) -> Outcome:
        try:
            return implementation.run(attempt.call, self._context(skill, attempt))
        except StepOverrun as overrun:
            return Outcome(status=Status.TIMED_OUT, reason=str(overrun))

    def _context(self, skill: Skill, attempt: Attempt) -> SkillContext:
        return SkillContext(
            robot=self._robot,
            perceive=self._senses.look,
            rng=np.random.default_rng([self._parts.settings.seed, attempt.number, attempt.attempt]),
            attempt=attempt.attempt,
            is_cancelled=self._parts.is_cancelled,
            timeout_s=skill.contract.timeout_s,
        )

    def _record(
        self, attempt: Attempt, implementation: str, outcome: Outcome, effects_hold: bool, difference: str
    ) -> StepRecord:
        self._parts.emit(
            StepEnded(
                number=attempt.number,
                call=attempt.call,
                outcome=outcome,
                effects_hold=effects_hold,
                difference=difference,
            )
        )
        return StepRecord(
            call=attempt.call,
            implementation=implementation,
            attempt=attempt.attempt,
            outcome=outcome,
            effects_hold=effects_hold,
            difference=difference,
        )
