"""Room planner: skills that break: they raise, never finish, or ignore that their time is over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from robots import Command, CommandReport, Robot, RobotProxy
from skills import Implementation, Outcome, SkillCall, SkillContext
from skills.library import SkillLibrary, household_library

from .fault import Fault, SkillRunsAway

TIMEOUT_S = 6.0
"""Budget of every skill in these trials, on the robot's clock, [s]."""
PATIENCE_S = 2.0
"""A skill that goes on for so long beyond its budget is broken off by the trial, [s]."""


class SkillBroke(RuntimeError):
    """What a skill with a defect raises."""


class BrokenSkill(Fault):
    """From its moment on, the running skill misbehaves; the fault is in the library, so it asks this."""

    words = ("not done after", "timed out", "time", "broke")

    def __init__(self, rng: np.random.Generator, kinds: tuple[str, ...]) -> None:
        """Choose one of the kinds: "raises", "holds for ever", "swings for ever"."""
        super().__init__(rng)
        self.kind = str(rng.choice(kinds))
        self.may_recover = self.kind != "raises"
        self.is_due = False

    def strike(self) -> None:
        """Let the running skill break at its next command."""
        self.is_due = True

    def library(self) -> SkillLibrary:
        """Return the household's skills, each of which breaks when this fault is due."""
        skills = []
        for skill in household_library().skills:
            contract = replace(skill.contract, timeout_s=TIMEOUT_S)
            runs = tuple(_Breakable(inner, self) for inner in skill.implementations)
            skills.append(replace(skill, contract=contract, implementations=runs))
        return SkillLibrary(tuple(skills))

    def misbehave(self, robot: Robot, timeout_s: float) -> None:
        """Do what the kind says; called once, in the middle of a skill."""
        self.is_due = False
        self.stage.struck(f"a skill {self.kind}", must_stop=self.kind == "raises")
        if self.kind == "raises":
            raise SkillBroke("the skill broke: index 7 is out of bounds")
        began_s = self.stage.now_s
        q, swing = np.array(robot.observe().q_arm), 0.0
        while True:
            if self.kind == "swings for ever":
                swing += 0.01
                robot.command(Command(q_arm=q + np.array([0.05 * (1 - np.cos(swing)), 0, 0, 0, 0, 0, 0])))
            else:
                robot.command(Command())
            self.reaction_s = self.stage.now_s - began_s
            if self.reaction_s > timeout_s + PATIENCE_S:
                self.stage.witness.found(f"nobody stopped a skill that {self.kind}")
                raise SkillRunsAway(f"a skill ran {PATIENCE_S:g} s beyond its {timeout_s:g} s")


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
