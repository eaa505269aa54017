"""Room skills: when a policy has done its skill: the question that no policy server answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from grounding import Scene
from robots import Observation

from .features import GRIPPING_N
from .policy import ActionChunk, ActionKind


class StopReason(StrEnum):
    """Which test ended a run of a policy."""

    PREDICATE = "predicate"
    """The skill's effect was seen in the scene."""
    SUCCESS_HEAD = "success_head"
    """The policy gave up on itself: its success estimate stayed low."""
    CONVERGED = "chunk_convergence"
    """The policy wants to go nowhere any more."""
    TIME = "time"


@dataclass(frozen=True, kw_only=True)
class StopSettings:
    """Bounds of the tests."""

    longest_s: float = 20.0
    """A run of a policy is ended after so long on the robot's clock, [s]."""
    still_m: float = 0.004
    """A chunk that moves the tool less than this in all is still, [m]."""
    still_chunks: int = 6
    """So many still chunks in a row end the run."""
    hopeless: float = 0.03
    hopeless_chunks: int = 12
    predicate_chunks: int = 2
    """The predicate must be seen so many times in a row."""


@dataclass
class StopTests:
    """Looks at every chunk of one run."""

    is_done: Callable[[Scene], bool]
    settings: StopSettings = StopSettings()
    _still: int = 0
    _seen: int = 0
    _hopeless: int = 0

    def after(
        self, chunk: ActionChunk, scene: Scene, now: Observation, elapsed_s: float
    ) -> StopReason | None:
        """Return why the run ends after what was executed of a chunk, or None."""
        self._seen = self._seen + 1 if self.is_done(scene) else 0
        if self._seen >= self.settings.predicate_chunks:
            return StopReason.PREDICATE
        if elapsed_s > self.settings.longest_s:
            return StopReason.TIME
        self._still = self._still + 1 if self._is_still(chunk, now) else 0
        if self._still >= self.settings.still_chunks:
            return StopReason.CONVERGED
        if chunk.success is not None:
            self._hopeless = self._hopeless + 1 if chunk.success < self.settings.hopeless else 0
        return StopReason.SUCCESS_HEAD if self._hopeless >= self.settings.hopeless_chunks else None

    def _is_still(self, chunk: ActionChunk, now: Observation) -> bool:
        moves = np.abs(chunk.motion[:, :3].sum(axis=0)).max() if chunk.kind is ActionKind.TOOL_DELTA else 1.0
        drives = 0.0 if chunk.base is None else np.abs(chunk.base.sum(axis=0)).max()
        grips = float(np.abs(chunk.gripper_width - now.gripper_width).max())
        is_gripping = now.gripper_force > GRIPPING_N
        return max(moves, drives) < self.settings.still_m and (grips < 0.01 or is_gripping)
