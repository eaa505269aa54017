"""Policies whose answers a test decides, and one that acts as a teacher would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from robots import Array, Observation
from robots.transforms import inverse
from skills.demonstrations import Demonstrator, Glance, chunk_of
from skills.policies import ActionChunk, ActionKind, PolicyAnswer
from skills.policies.features import GRIPPING_N, start_frame, world_tool


def still_chunk(**changes: object) -> ActionChunk:
    """A chunk of five steps that moves nothing."""
    chunk = ActionChunk(
        kind=ActionKind.TOOL_DELTA,
        motion=np.zeros((5, 6)),
        gripper_width=np.full(5, 0.08),
        rate_hz=10.0,
        sequence=0,
        observed_at_s=0.0,
    )
    return replace(chunk, **changes)  # type: ignore[arg-type]  # a test may break what it likes


class ScriptedPolicy:
    """Answers what it was given, in order, with the observation's time and a growing number unless told."""

    name = "scripted"
    cameras: tuple[str, ...] = ()

    def __init__(self, answers: Iterable[PolicyAnswer], *, is_honest: bool = True) -> None:
        self._answers: Iterator[PolicyAnswer] = iter(answers)
        self._is_honest = is_honest
        self.asked = 0
        self.closed = 0

    def reset(self, observation: Observation) -> None:
        self.asked = 0

    def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
        self.asked += 1
        answer = next(self._answers)
        if self._is_honest and isinstance(answer, ActionChunk):
            return replace(answer, sequence=self.asked, observed_at_s=observation.time_s)
        return answer

    def close(self) -> None:
        self.closed += 1


class TeacherPolicy:
    """Acts as a teacher would: a referee for everything between a policy and the motors."""

    name = "teacher"
    cameras: tuple[str, ...] = ("wrist",)

    def __init__(self, teacher: Callable[[Array], Demonstrator | None], *, follows: bool) -> None:
        self._follows = follows
        self._teacher = teacher
        self._start: Array = np.eye(4)
        self._sequence = 0
        self.instructions: list[str] = []
        self.closed = 0
        self._shown: Demonstrator | None = None

    def reset(self, observation: Observation) -> None:
        self._start = start_frame(observation)
        self._shown = None

    def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
        assert observation.frames["wrist"].rgb.shape == (96, 96, 3)
        self.instructions.append(instruction)
        self._sequence += 1
        if self._follows or observation.gripper_width > 0.075 or self._shown is None:
            self._shown = self._teacher(self._start) or self._shown
        assert self._shown is not None
        glance = Glance(
            T_start_tool=inverse(self._start) @ world_tool(observation),
            width=observation.gripper_width,
            is_gripping=observation.gripper_force > GRIPPING_N,
        )
        steps = chunk_of(self._shown, glance, 8)
        return ActionChunk(
            kind=ActionKind.TOOL_DELTA,
            motion=np.stack([np.concatenate([s.move, s.turn]) for s in steps]),
            gripper_width=np.array([s.width for s in steps]),
            base=np.stack([s.base for s in steps]),
            rate_hz=10.0,
            sequence=self._sequence,
            observed_at_s=observation.time_s,
        )

    def close(self) -> None:
        self.closed += 1
