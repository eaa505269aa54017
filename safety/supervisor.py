"""Room safety: the `Supervisor` seam: what is asked before an instruction, a plan, a step and a tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from grounding import Scene
from robots import Robot, Violation
from skills import SkillCall


class Supervisor(Protocol):
    """May this be done, now? It only reduces: an empty tuple allows, anything else denies.

    The executive calls `review_instruction` once, `review_plan` after every decomposition and repair,
    `review_step` right before every dispatch with the newest scene, and runs every skill on `guard(robot)`.
    """

    def review_instruction(self, instruction: str, scene: Scene) -> tuple[Violation, ...]:
        """Return why the person's words must not be acted on."""
        ...

    def review_plan(
        self, instruction: str, calls: Sequence[SkillCall], scene: Scene
    ) -> tuple[Violation, ...]:
        """Return which calls of a plan must not be done, before anything of it moves."""
        ...

    def review_step(self, call: SkillCall, scene: Scene, now_s: float) -> tuple[Violation, ...]:
        """Return why `call` must not start now; `now_s` is the robot's clock."""
        ...

    def guard(self, robot: Robot) -> Robot:
        """Return a robot that filters every command tick."""
        ...
