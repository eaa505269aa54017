"""Room skills: the policy contract: pictures, joint states and an instruction in, a chunk of actions out.

Whoever acts behind it, a file of ours or a server of the user's, answers in these units and says how old what
it saw is. No policy is asked whether the skill is done: published ones are not trained to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np

from robots import Array, Observation


class ActionKind(StrEnum):
    """What the columns of `ActionChunk.motion` mean."""

    TOOL_DELTA = "tool_delta"
    """dx, dy, dz [m] and a rotation vector [rad], each step relative to the one before; shape (T, 6)."""
    TOOL_POSE = "tool_pose"
    """x, y, z [m] and a rotation vector [rad] of the tool in `frame`; shape (T, 6)."""
    JOINT_POSITION = "joint_position"
    """Arm joints, [rad]; shape (T, 7)."""
    JOINT_DELTA = "joint_delta"
    """Change of the arm joints, each step relative to the one before, [rad]; shape (T, 7)."""


COLUMNS: Mapping[ActionKind, int] = {
    ActionKind.TOOL_DELTA: 6,
    ActionKind.TOOL_POSE: 6,
    ActionKind.JOINT_POSITION: 7,
    ActionKind.JOINT_DELTA: 7,
}


class Frame(StrEnum):
    """The frame of tool motions; joint motions have none."""

    START = "start"
    """The base as it stood when the skill began: x forward, y left, z up, origin on the floor under it."""
    TOOL = "tool"
    """The tool at the step before: z is the approach direction, y the closing direction. Deltas only."""


@dataclass(frozen=True, kw_only=True)
class ActionChunk:
    """Actions for the next `horizon` steps, one every `1 / rate_hz` seconds."""

    kind: ActionKind
    motion: Array
    """Shape (T, columns of `kind`)."""
    gripper_width: Array
    """Distance between the finger pads at the end of each step, [m], shape (T,)."""
    base: Array | None = None
    """Change of the base's x, y [m] and yaw [rad] by each step, start frame, (T, 3); None: it stands."""
    frame: Frame = Frame.START
    rate_hz: float
    """Steps per second."""
    sequence: int
    """Number of the request that this answers, from 0; it only grows until `reset`."""
    observed_at_s: float
    """Robot clock of the observation that was acted on, [s]."""
    success: float | None = None
    """Probability that the skill will succeed from here, where the policy estimates one."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds by what took them, for the journal: `{"infer_ms": 4.1}`."""

    @property
    def horizon(self) -> int:
        """Return the number of steps."""
        return len(self.motion)

    @property
    def horizon_s(self) -> float:
        """Return how long the chunk lasts; older than this it is refused, [s]."""
        return self.horizon / self.rate_hz

    def problem(self, *, max_width: float) -> str | None:
        """Return why the chunk cannot be executed whatever the robot does, or None.

        Args:
            max_width: Largest opening of the gripper, [m].
        """
        shapes = [("motion", self.motion, (COLUMNS[self.kind],)), ("gripper_width", self.gripper_width, ())]
        if self.base is not None:
            shapes.append(("base", self.base, (3,)))
        for name, values, columns in shapes:
            wanted = (len(self.motion), *columns)
            if not len(self.motion) or np.shape(values) != wanted:
                return f"{name} has shape {np.shape(values)}; expected {('T', *columns)} with T = horizon > 0"
            if not np.isfinite(values).all():
                return f"{name} holds values that are no finite numbers"
        if not 0.0 < self.rate_hz <= 1000.0:
            return f"rate_hz is {self.rate_hz}; expected more than 0 and at most 1000"
        if self.gripper_width.min() < -1e-6 or self.gripper_width.max() > max_width + 1e-6:
            low, high = self.gripper_width.min(), self.gripper_width.max()
            return f"gripper_width is {low:.4f} to {high:.4f} m; expected 0 to {max_width} m"
        if self.frame is Frame.TOOL and self.kind is ActionKind.TOOL_POSE:
            return "absolute poses cannot be given in the tool's own frame"
        return None


class FailureKind(StrEnum):
    """Why a policy gave no chunk."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    """The policy answered with an error of its own."""
    MALFORMED = "malformed"
    """The policy answered with something that is no chunk."""


@dataclass(frozen=True, kw_only=True)
class PolicyFailure:
    """Expected failure of a policy: a value with a reason."""

    kind: FailureKind
    reason: str
    """One clause: what was expected, what came, or the policy's own words."""


PolicyAnswer: TypeAlias = ActionChunk | PolicyFailure


class Policy(Protocol):
    """Something that acts."""

    @property
    def name(self) -> str:
        """Return what goes into the journal, e.g. "onnx:pick" or "openpi://127.0.0.1:8000"."""
        ...

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the robot's cameras that `act` wants pictures of."""
        ...

    def reset(self, observation: Observation) -> None:
        """Begin a run of a skill: called once before its first `act`, with the robot at rest."""
        ...

    def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
        """Return what to do next; called with a fresh observation that has the pictures asked for."""
        ...

    def close(self) -> None:
        """End a run: free what it holds. Called after every run of a skill; `reset` may follow."""
        ...
