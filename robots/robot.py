"""Room robots: the `Robot` protocol, what it observes, what it is told, and what it reports back.

One `command` is one control tick (`limits.tick_s`): it moves every joint to the given target by the end of
the tick. A simulated robot advances its physics by exactly one tick in the call; a real driver blocks until
the tick is over. Skills therefore stream commands and never sleep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .arrays import Array, DepthImage, Image


@dataclass(frozen=True, kw_only=True)
class JointLimits:
    """Symmetric rate limits and position bounds per joint; every array has shape (n,)."""

    lower: Array
    upper: Array
    velocity: Array
    acceleration: Array
    jerk: Array
    source: str
    """Who published the numbers."""


@dataclass(frozen=True, kw_only=True)
class RobotLimits:
    """What the hardware allows, and how often it listens."""

    arm: JointLimits
    base: JointLimits
    """Holonomic base: x [m], y [m], yaw [rad]."""
    gripper_max_width: float
    """Largest distance between the finger pads, [m]."""
    gripper_max_force: float
    """Largest continuous grasping force, [N]."""
    tick_s: float
    """Duration of one command, [s]."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One rule that a command, step or plan broke; rendered for people and for the model elsewhere."""

    rule: str
    layer: str
    subject: str
    measured: float | str
    allowed: float | str
    unit: str = ""
    reason: str = ""
    """Why the rule is there, where a number does not say it."""

    def __str__(self) -> str:
        """Return the sentence for people."""
        if self.reason:
            instead = f"; allowed: {self.allowed}" if self.allowed else ""
            return f"{self.rule}: {self.subject}: {self.reason}{instead}"
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.rule}: {self.subject} is {self.measured}{unit}, allowed is {self.allowed}{unit}"


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Targets that a skill means to send, one per tick, announced before the first of them moves anything."""

    q: Array
    """Arm joints then base x, y, yaw in the world frame, [rad, m], shape (n, 10); n is the horizon."""
    sequence: int
    """Number of the announcement within one run of a skill, from 0; it only grows."""
    observed_at_s: float
    """Robot clock of the observation from which it was computed, [s]."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """Targets for the end of one tick; a part that is None holds its last target (brakes, if it moves)."""

    q_arm: Array | None = None
    """Arm joint positions, [rad], shape (7,)."""
    base: Array | None = None
    """Base pose x, y, yaw in the world frame, [m, m, rad], shape (3,)."""
    gripper_width: float | None = None
    """Wanted distance between the finger pads, [m]; 0 closes until contact."""
    gripper_force: float = 40.0
    """Grasping force, [N]."""
    ahead: Chunk | None = None
    """The motion that begins with this command, for whoever reviews motions whole; a driver ignores it."""


@dataclass(frozen=True, kw_only=True)
class CommandReport:
    """What was really sent to the motors."""

    executed: Command
    violations: tuple[Violation, ...] = ()
    """Empty when `executed` is what was asked for. A refused command leaves a resting robot where it is,
    and a moving one brakes for that tick within its limits."""
    slowed: tuple[Violation, ...] = ()
    """Limits for whose sake the targets were reached later than by the end of one tick."""

    @property
    def was_refused(self) -> bool:
        """Return whether anything was vetoed or reduced."""
        return bool(self.violations)


@dataclass(frozen=True, kw_only=True)
class CameraFrame:
    """One RGB-D picture with its calibration."""

    rgb: Image
    depth: DepthImage
    K: Array
    """Pinhole intrinsics, shape (3, 3), [pixel]."""
    T_world_camera: Array
    """Optical frame (z forward, x right, y down) in the world frame, shape (4, 4)."""
    time_s: float


@dataclass(frozen=True, kw_only=True)
class TrackedPerson:
    """A person as a tracker reports them: an upright cylinder on the floor."""

    name: str
    p_world: Array
    """Axis in the world frame, [m], shape (2,)."""
    velocity: Array
    """In the world frame, [m/s], shape (2,)."""
    radius: float
    """Reach of the body from its axis, [m]."""
    height: float
    is_partner: bool
    """Stands at a hand-over place and takes part; others just pass."""
    seen_at_s: float
    """Robot clock, [s]."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Proprioception, and pictures from the cameras that were asked for."""

    time_s: float
    """Robot clock (simulation time, or monotonic), [s]."""
    q_arm: Array
    dq_arm: Array
    base: Array
    """Base pose x, y, yaw in the world frame, shape (3,)."""
    base_velocity: Array
    gripper_width: float
    gripper_force: float
    """Mean contact force on the two pads, [N]; a real gripper estimates it from motor current."""
    frames: Mapping[str, CameraFrame] = field(default_factory=dict)
    people: tuple[TrackedPerson, ...] = ()
    """Everybody whom the tracker sees."""
    external_force: float = 0.0
    """Largest contact force on a part other than hand and fingers, or between any part and a person, [N]."""
    hand_force: float = 0.0
    """Largest single contact force on hand and fingers, [N]: gripping, pressing, pulling, or crushing."""


class Robot(Protocol):
    """A mobile arm with a parallel gripper."""

    @property
    def name(self) -> str:
        """Return the embodiment's name."""
        ...

    @property
    def limits(self) -> RobotLimits:
        """Return the limits that commands must respect."""
        ...

    @property
    def camera_names(self) -> tuple[str, ...]:
        """Return the cameras that `observe` can be asked for."""
        ...

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        """Return the newest state; renders only the cameras asked for."""
        ...

    def command(self, command: Command) -> CommandReport:
        """Execute one tick. Never raises for a bad command: it is refused and reported."""
        ...

    def stop(self) -> None:
        """Bring every joint to rest within its limits and hold. Callable at any time, repeatedly."""
        ...
