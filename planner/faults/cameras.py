"""Room planner: what the cameras show, falsified: frozen, black, covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grounding.frame_watch import WatchedCameras, WatchedPerception, has_moved
from planner.executive import Event, Parts, Reduced, StepStarted
from robots import CameraFrame, Observation, Violation

from .chores import FETCH
from .fault import Fault
from .stage import Stage

CAMERAS = ("head", "wrist")
NOTICED_S = 0.5
"""A picture that shows nothing new must be noticed within this, [s]."""


class BadCamera(Fault):
    """One camera or both show what is not there, for good."""

    words = ("picture of",)
    may_recover = False

    def __init__(self, rng: np.random.Generator, kind: str) -> None:
        """Choose "frozen", "black" or "covered"."""
        super().__init__(rng)
        self.kind = kind

    def strike(self) -> None:
        """Falsify from now on; the clock of the pictures runs on."""
        robot = self.stage.kitchen.robot
        names = CAMERAS if self.rng.random() < 0.3 else (str(self.rng.choice(CAMERAS)),)
        frozen = robot.observe(cameras=names).frames
        self._poses = {name: frame.T_world_camera for name, frame in frozen.items()}
        noise = self.rng.integers(0, 3, next(iter(frozen.values())).rgb.shape)

        def falsified(name: str, frame: CameraFrame) -> CameraFrame:
            if name not in names:
                return frame
            if self.kind == "frozen":
                return replace(frame, rgb=frozen[name].rgb, depth=frozen[name].depth)
            level = 0 if self.kind == "black" else 90
            return replace(frame, rgb=np.asarray(level + noise, dtype=np.uint8))

        def lie(seen: Observation) -> Observation:
            return replace(seen, frames={n: falsified(n, f) for n, f in seen.frames.items()})

        self.stage.sensors.lies.append(lie)
        self.stage.struck(f"the picture of {' and '.join(names)} was {self.kind}", must_stop=False)

    def notice(self, violation: Violation) -> None:
        """Take note of what the watch found."""
        if not self.has_struck:
            self.stage.witness.found(f"a false alarm: {violation}")
        elif self.reaction_s is None:
            self.reaction_s = self.stage.now_s - (self.stage.at_s or 0.0)

    def listen(self, event: Event) -> None:
        """No step may begin on what a wrong picture shows."""
        if isinstance(event, StepStarted) and self.has_struck and self._shows_the_past():
            self.stage.witness.found(f"{event.call} was dispatched on a scene from a {self.kind} picture")

    def _shows_the_past(self) -> bool:
        """Return whether a picture is wrong: one that was frozen is right until its camera moves."""
        if self.stage.now_s - (self.stage.at_s or 0.0) <= NOTICED_S:
            return False  # the last scene is still young enough
        if self.kind != "frozen":
            return True
        frames = self.stage.kitchen.robot.observe(cameras=tuple(self._poses)).frames
        return any(has_moved(pose, frames[name].T_world_camera) for name, pose in self._poses.items())


def watching(fault: BadCamera) -> Callable[[Parts, Stage], Parts]:
    """Return what puts the watch of the cameras between the robot and its perception."""

    def adapt(parts: Parts, stage: Stage) -> Parts:
        def told(violation: Violation) -> None:
            fault.notice(violation)
            parts.emit(Reduced(violation=violation))

        cameras = WatchedCameras(parts.robot, CAMERAS, told)
        return replace(parts, robot=cameras, perception=WatchedPerception(parts.perception, cameras))

    return adapt


CHORE = FETCH
"""Two steps, so that one would begin after the other."""
