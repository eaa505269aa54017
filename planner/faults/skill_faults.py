"""Room planner: skills that break: they raise, never finish, or ignore that their time is over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from robots import Array, Command, CommandReport, Robot, RobotProxy
from skills import Implementation, Outcome, SkillCall, SkillContext
from skills.library import SkillLibrary, household_library

from .fault import Fault, SkillRunsAway

TIMEOUT_S = 3.0
"""Budget of every skill in these trials, on the robot's clock, [s]: enough for the rest of a short one."""
DAWDLING_S = 12.0
"""Budget where a skill comes back in the end, [s]: enough to do it the next time."""
STILL_AFTER_S = 2.0 * TIMEOUT_S
"""After twice its budget nothing of a skill may be carried out any more, [s]."""
ENDED_AFTER_S = STILL_AFTER_S + 31.0
"""So long after it went wrong, a skill must have been ended, [s]."""


class SkillBroke(RuntimeError):
    """What a skill with a defect raises."""


class BrokenSkill(Fault):
    """From its moment on, the running skill misbehaves; the fault is in the library, so it asks this."""

    words = ("not done after", "skill_ends", "commands_are_possible", "broke")

    def __init__(self, rng: np.random.Generator, kinds: tuple[str, ...]) -> None:
        """Choose one of the kinds: "raises", "dawdles", "holds for ever", "swings for ever"."""
        super().__init__(rng)
        self.kind = str(rng.choice(kinds))
        self.may_recover = self.kind == "dawdles"
        self.is_exception = self.kind == "raises"
        self.is_due = False

    def strike(self) -> None:
        """Let the running skill break at its next command."""
        self.is_due = True

    def library(self) -> SkillLibrary:
        """Return the household's skills, each of which breaks when this fault is due."""
        skills = []
        for skill in household_library().skills:
            contract = replace(skill.contract, timeout_s=self._budget_s(skill.contract.timeout_s))
            runs = tuple(_Breakable(inner, self) for inner in skill.implementations)
            skills.append(replace(skill, contract=contract, implementations=runs))
        return SkillLibrary(tuple(skills))

    def _budget_s(self, usual_s: float) -> float:
        return {"raises": usual_s, "dawdles": DAWDLING_S}.get(self.kind, TIMEOUT_S)

    def misbehave(self, robot: Robot, timeout_s: float) -> None:
        """Do what the kind says; called once, in the middle of a skill."""
        self.is_due = False
        self.stage.struck(f"a skill {self.kind}", must_stop=self.is_exception)
        if self.is_exception:
            raise SkillBroke("the skill broke: index 7 is out of bounds")
        began_s = self.stage.now_s
        robot.stop()
        try:
            while True:
                late_s = self.stage.now_s - began_s
                if self.kind == "dawdles" and late_s > 1.2 * timeout_s:
                    return
                self._check(late_s)
                robot.command(self._next(late_s, robot))
        finally:
            if self.kind != "dawdles":
                self.reaction_s = self.stage.now_s - began_s

    def _next(self, late_s: float, robot: Robot) -> Command:
        if self.kind != "swings for ever":
            return Command()
        if self._centre is None:
            self._centre = np.array(robot.observe().q_arm)
        q = np.array(self._centre)
        q[0] += 0.1 * (1.0 - np.cos(late_s)) ** 2
        return Command(q_arm=q)

    _centre: Array | None = None

    def _check(self, late_s: float) -> None:
        """Note what a skill may not do any more, and break it off where nobody else does."""
        if late_s > STILL_AFTER_S + 1.0 and self.stage.is_moving and self.kind == "swings for ever":
            self.stage.witness.found("a skill still moved the robot after twice its time")
        if late_s > ENDED_AFTER_S and self.kind != "dawdles":
            self.stage.witness.found(f"nobody ended a skill that {self.kind}")
            raise SkillRunsAway(f"a skill ran {late_s:.0f} s, and was given {TIMEOUT_S:g} s")


@dataclass(frozen=True)
class _Breakable:
    """Implements `Implementation`."""

    inner: Implementation
    fault: BrokenSkill

    @property
    def name(self) -> str:
        """Return the inner one's name."""
        return self.inner.name

    def run(self, call: SkillCall, context: SkillContext) -> Outcome:
        """Run the skill until the fault is due."""
        hook = _Hook(context.robot, self.fault, context.timeout_s)
        return self.inner.run(call, replace(context, robot=hook))


class _Hook(RobotProxy):
    """Breaks the skill that commands it."""

    def __init__(self, robot: Robot, fault: BrokenSkill, timeout_s: float) -> None:
        super().__init__(robot)
        self._fault = fault
        self._timeout_s = timeout_s

    def command(self, command: Command) -> CommandReport:
        """Execute one tick, or break."""
        if self._fault.is_due:
            self._fault.misbehave(self._robot, self._timeout_s)
        return self._robot.command(command)
