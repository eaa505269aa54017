"""Room safety: the two seams: the gate that reads a person's words, and the supervisor that never does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from grounding import Formula, Scene
from robots import Robot, Violation
from skills import SkillCall

from .verdict import Objection, Verdict


class InstructionGate(Protocol):
    """Layer 1. Judges what is asked for, with the scene; called before the first model call, and again when
    the steps are known."""

    def review(self, instruction: str, scene: Scene, calls: Sequence[SkillCall] = ()) -> Verdict:
        """Return whether the request may be acted on, must be asked about, or is refused."""
        ...


class Supervisor(Protocol):
    """Layers 2 to 5. Reads rules, skills, scene and commands, never words or a model's reasoning.

    It only reduces: an empty tuple allows, anything else denies. The executive calls `begin` once a run,
    `review_plan` after every decomposition and repair, `wait_for_state` and then, with the newest scene,
    `review_step` right before every dispatch, `record` after every dispatch, `duties` before it calls a task
    done, and runs every skill on `guard(robot)`.
    """

    def begin(self, scene: Scene) -> None:
        """Forget earlier runs; the trace of this one begins with `scene`."""
        ...

    def review_plan(
        self, calls: Sequence[SkillCall], goal: Formula | None, scene: Scene
    ) -> tuple[Objection, ...]:
        """Return what forbids a plan, before anything of it moves.

        Args:
            calls: The rest of the plan, from `scene`.
            goal: What it is for; an end state that it names is asked for and not forgotten.
            scene: The newest scene.
        """
        ...

    def review_step(self, call: SkillCall, scene: Scene, now_s: float) -> tuple[Violation, ...]:
        """Return why `call` must not start now; `now_s` is the robot's clock."""
        ...

    def record(self, call: SkillCall, scene: Scene) -> tuple[Violation, ...]:
        """Take in what a call that was tried has led to; return the rules that it broke in fact."""
        ...

    def duties(self, goal: Formula | None, scene: Scene) -> tuple[Objection, ...]:
        """Return what would still be owed if the run ended in `scene`."""
        ...

    def halted(self) -> Violation | None:
        """Return why nothing may move until a person acts; None when it may."""
        ...

    def wait_for_state(self) -> Violation | None:
        """Stand until the guarded robot's state can be believed; return why not, when it cannot for long."""
        ...

    def guard(self, robot: Robot, on_event: Callable[[Violation], None] | None = None) -> Robot:
        """Return a robot that filters every command tick.

        Args:
            robot: What moves.
            on_event: Told once of everything that begins to slow, hold or stop it.
        """
        ...
