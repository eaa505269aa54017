"""Room planner: demonstrations: a teacher that knows the truth, noise, and what a policy would see."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from robots import Array, CameraFrame, Observation
from robots.transforms import inverse
from skills.demonstrations import Demonstrator, Glance, Step, chunk_of
from skills.motion.body import Body
from skills.motion.whole_body import body_limits
from skills.policies.features import GRIPPING_N, state_vector
from skills.policies.instructions import random_instruction
from skills.policies.policy import ActionChunk, ActionKind
from skills.policies.servo import Servo, Unreachable

from .stage import Stage, open_task, set_up
from .tasks import Task

RATE_HZ = 10.0
HORIZON = 8
CAMERAS = ("head", "wrist")
DONE_FOR = 4
"""Steps for which the skill must be seen done."""


@dataclass(frozen=True, kw_only=True)
class Noise:
    """What goes wrong on purpose while a teacher shows a skill."""

    jitter_m: float = 0.003
    """Standard deviation of every step."""
    jitter_rad: float = 0.02
    kick: float = 0.05
    """Chance in each step that the hand is led astray for a few steps."""
    kick_m: float = 0.02
    slip: float = 0.01
    """Chance in each step that the fingers do the opposite for a moment."""


@dataclass
class Recorded:
    """One demonstration."""

    instruction: str
    states: list[Array] = field(default_factory=list)
    chunks: list[Array] = field(default_factory=list)
    pictures: dict[str, list[NDArray[np.uint8]]] = field(
        default_factory=lambda: {name: [] for name in CAMERAS}
    )
    pixels: dict[str, list[Array]] = field(default_factory=lambda: {name: [] for name in CAMERAS})
    """Where the target is in each picture: u, v in 0..1 and whether it is in view."""
    targets: list[Array] = field(default_factory=list)
    succeeded: bool = False
    reason: str = ""


def demonstrate(skill: str, seed: int, *, noise: Noise) -> Recorded | None:
    """Return one demonstration, or None when the home or the object allows none."""
    rng = np.random.default_rng([seed, len(skill), *skill.encode()])
    with open_task(skill, rng) as task:
        stage = None if task is None else set_up(task)
        return None if task is None or stage is None else _show(task, stage, rng, noise)


def _show(task: Task, stage: Stage, rng: np.random.Generator, noise: Noise) -> Recorded:
    robot, look, teacher = stage.robot, stage.look, stage.teacher
    body = Body(stage.context(rng))
    servo = Servo(body.target, body_limits(robot.limits), tick_s=body.tick_s, rate_hz=RATE_HZ)
    shown = Recorded(instruction=random_instruction(task.call, stage.before, rng))
    trouble, done_for = Trouble(rng, noise), 0
    for _ in range(task.most_steps):
        seen = robot.observe(cameras=CAMERAS)
        scene = look()
        if task.is_followed(scene):
            teacher = task.teacher(scene, servo.T_world_start) or teacher
        steps = chunk_of(teacher, _glance(seen, servo), HORIZON)
        _note(shown, seen, servo, steps, teacher)
        chunk = trouble.spoiled(steps[0], seen.time_s)
        part = servo.advance(chunk, 0)
        if isinstance(part, Unreachable):
            shown.reason = part.reason
            return shown
        halt = body.play(part, width=float(chunk.gripper_width[0]), observed_at_s=seen.time_s)
        if halt is not None:
            shown.reason = halt.reason
            return shown
        done_for = done_for + 1 if task.is_done(look()) else 0
        if done_for >= DONE_FOR:
            break
    shown.succeeded = done_for >= DONE_FOR
    shown.reason = "done" if shown.succeeded else "out of steps"
    return shown


class Trouble:
    """Spoils what a teacher does, so that its labels also show the way back."""

    def __init__(self, rng: np.random.Generator, noise: Noise) -> None:
        """Begin with nothing wrong."""
        self._rng, self._noise = rng, noise
        self._astray, self._kicks, self._slips = np.zeros(3), 0, 0

    def spoiled(self, step: Step, at_s: float) -> ActionChunk:
        """Return the step as it is executed."""
        rng, noise = self._rng, self._noise
        if self._kicks == 0 and rng.random() < noise.kick:
            self._kicks = int(rng.integers(1, 4))
            self._astray = rng.normal(size=3) * noise.kick_m * (1.0, 1.0, 0.5)
        if self._slips == 0 and rng.random() < noise.slip:
            self._slips = int(rng.integers(2, 5))
        move = step.move + rng.normal(size=3) * noise.jitter_m + (self._astray if self._kicks else 0.0)
        turn = step.turn + rng.normal(size=3) * (0.0, 0.0, noise.jitter_rad)
        width = step.width if not self._slips else (0.08 if step.width < 0.04 else 0.0)
        self._kicks, self._slips = max(0, self._kicks - 1), max(0, self._slips - 1)
        return ActionChunk(
            kind=ActionKind.TOOL_DELTA,
            motion=np.concatenate([move, turn])[None],
            gripper_width=np.array([width]),
            base=step.base[None],
            rate_hz=RATE_HZ,
            sequence=0,
            observed_at_s=at_s,
        )


def _glance(seen: Observation, servo: Servo) -> Glance:
    return Glance(
        T_start_tool=servo.T_start_tool,
        width=seen.gripper_width,
        is_gripping=seen.gripper_force > GRIPPING_N,
    )


def _note(shown: Recorded, seen: Observation, servo: Servo, steps: list[Step], teacher: Demonstrator) -> None:
    shown.states.append(state_vector(seen, servo.T_world_start))
    shown.chunks.append(np.stack([np.concatenate([s.move, s.turn, [s.width], s.base]) for s in steps]))
    shown.targets.append(np.array(teacher.p_start_target))
    p_world = servo.T_world_start @ np.array([*teacher.p_start_target, 1.0])
    for name, frame in seen.frames.items():
        shown.pictures[name].append(frame.rgb)
        shown.pixels[name].append(pixel_of(frame, p_world[:3]))


def pixel_of(frame: CameraFrame, p_world: Array) -> Array:
    """Return where a point is in a picture: u, v as shares of its width and height, and 1 if it is inside."""
    p = inverse(frame.T_world_camera) @ np.array([*p_world, 1.0])
    height, width = frame.rgb.shape[:2]
    if p[2] < 0.02:
        return np.array([0.0, 0.0, 0.0])
    u, v, _ = frame.K @ (p[:3] / p[2])
    share = np.array([u / width, v / height])
    is_inside = bool(((share > 0.0) & (share < 1.0)).all())
    return np.array([*share, float(is_inside)])
