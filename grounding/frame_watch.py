"""Room grounding: whether what the cameras show can be believed: new, lit, not covered, changing with motion.

A frozen picture is found by comparing pictures while the camera moves, so they are sampled while the robot
does: `WatchedCameras` stands in front of the robot, and `WatchedPerception` gives out no new scene while a
picture is wrong. A scene that stays old is what the supervisor's check of its age then refuses.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from robots import Array, CameraFrame, Command, CommandReport, Observation, Robot, RobotProxy, Violation

from .perception import Perception
from .scene import Scene

MOST_AGE_S = 0.2
"""Oldest picture, [s]: six frames of a 30 Hz camera."""
DARK, FLAT = 12.0, 3.0
"""A picture whose brightest hundredth is below the first, or whose values spread less than the second of 255,
shows nothing: our own choice; a rendered kitchen has 200 and 40."""
MOVED_M, TURNED_RAD = 0.002, 0.004
"""A camera that moved by this must show another picture."""
EVERY_TICKS = 12
"""Pictures are sampled so often: 10 Hz."""


class FrameWatch:
    """Compares every picture of a camera with the one before; pure, no clock and no robot."""

    def __init__(self) -> None:
        """Start without pictures."""
        self._seen: dict[str, tuple[bytes, Array]] = {}

    def check(self, frames: Mapping[str, CameraFrame], now_s: float) -> Violation | None:
        """Return why one of the pictures must not be used; None when all may.

        Args:
            frames: Newest picture by camera.
            now_s: Robot clock, [s].
        """
        found = [self._check(name, frame, now_s) for name, frame in sorted(frames.items())]
        return next((violation for violation in found if violation is not None), None)

    def _check(self, name: str, frame: CameraFrame, now_s: float) -> Violation | None:
        age_s = now_s - frame.time_s
        if not -1e-6 <= age_s <= MOST_AGE_S:
            return _violation("picture_is_fresh", name, round(age_s, 3), f"0 to {MOST_AGE_S}", "s")
        if frame.rgb.size == 0 or not np.isfinite(frame.depth).all():
            return _violation("picture_is_whole", name, str(frame.rgb.shape), "pixels with finite depths")
        brightest = float(np.percentile(frame.rgb, 99))
        if not brightest >= DARK:
            return _violation("picture_is_lit", name, round(brightest, 1), f"at least {DARK:g} of 255")
        spread = float(frame.rgb.std())
        if not spread >= FLAT:
            return _violation("picture_shows_something", name, round(spread, 2), f"at least {FLAT:g}")
        return self._frozen(name, frame)

    def _frozen(self, name: str, frame: CameraFrame) -> Violation | None:
        digest = hashlib.sha256(frame.rgb.tobytes() + frame.depth.tobytes()).digest()
        last = self._seen.get(name)
        if last is None or last[0] != digest:
            self._seen[name] = (digest, frame.T_world_camera)
            return None
        if not has_moved(last[1], frame.T_world_camera):
            return None
        moved, turned = _between(last[1], frame.T_world_camera)
        measured = f"the same after {moved * 1e3:.0f} mm and {math.degrees(turned):.1f} degrees"
        return _violation("picture_changes_with_motion", name, measured, "another picture")


class WatchedCameras(RobotProxy):
    """Looks at the cameras while the robot moves; `wrong` says what is the matter with them."""

    def __init__(
        self, robot: Robot, cameras: Sequence[str], on_event: Callable[[Violation], None] | None = None
    ) -> None:
        """Watch some cameras of a robot.

        Args:
            robot: What has them.
            cameras: Their names.
            on_event: Told once of everything that begins to be wrong.
        """
        super().__init__(robot)
        self.cameras = tuple(cameras)
        self.wrong: Violation | None = None
        self._watch = FrameWatch()
        self._on_event = on_event
        self._ticks = 0

    def command(self, command: Command) -> CommandReport:
        """Execute one tick; look at the pictures every few."""
        report = self._robot.command(command)
        self._ticks += 1
        if self._ticks % EVERY_TICKS == 0:
            self.check(self._robot.observe(cameras=self.cameras))
        return report

    def check(self, seen: Observation) -> None:
        """Take in pictures."""
        before, self.wrong = self.wrong, self._watch.check(seen.frames, seen.time_s)
        is_news = self.wrong is not None and (before is None or before.rule != self.wrong.rule)
        if is_news and self.wrong is not None and self._on_event is not None:
            self._on_event(self.wrong)


class WatchedPerception:
    """Implements `Perception`: a scene grows old while a picture that it is made from is wrong."""

    def __init__(self, inner: Perception, cameras: WatchedCameras) -> None:
        """Take who perceives, and who watches what it is shown."""
        self._inner = inner
        self._watched = cameras
        self._last: Scene | None = None

    @property
    def name(self) -> str:
        """Return the inner perception's name."""
        return self._inner.name

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the cameras of the inner one, and those that are watched."""
        return tuple(dict.fromkeys((*self._inner.cameras, *self._watched.cameras)))

    def perceive(self, observation: Observation) -> Scene:
        """Return a new scene, or the last good one with its age; without a good one it is as old as time."""
        self._watched.check(observation)
        if self._watched.wrong is None:
            self._last = self._inner.perceive(observation)
        elif self._last is None:
            return replace(self._inner.perceive(observation), time_s=-math.inf)
        return self._last


def has_moved(one: Array, other: Array) -> bool:
    """Return whether a camera moved so far between two poses, (4, 4), that its picture must have changed."""
    moved, turned = _between(one, other)
    return moved > MOVED_M or turned > TURNED_RAD


def _between(one: Array, other: Array) -> tuple[float, float]:
    """Return distance, [m], and angle, [rad], between two camera poses."""
    turn = one[:3, :3].T @ other[:3, :3]
    cosine = min(1.0, max(-1.0, (float(np.trace(turn)) - 1.0) / 2.0))
    return float(np.linalg.norm(one[:3, 3] - other[:3, 3])), math.acos(cosine)


def _violation(rule: str, camera: str, measured: float | str, allowed: str, unit: str = "") -> Violation:
    return Violation(
        rule=rule,
        layer="camera",
        subject=f"picture of {camera}",
        measured=measured,
        allowed=allowed,
        unit=unit,
    )
