"""Room skills: run a policy in closed loop: look, act, check, execute a part of the chunk, and look again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from robots import Array
from robots.panda_kinematics import tool_pose
from skills.motion.body import Body, Halt, failed
from skills.motion.reach import arm_line
from skills.motion.whole_body import body_limits
from skills.skill import SkillContext

from .policy import ActionChunk, Policy, PolicyAnswer, PolicyFailure
from .servo import Servo, Unreachable
from .stop import StopReason, StopTests

BUMPS = frozenset({"hand_is_gentle", "contact_is_gentle"})
"""Rules of the supervisor that a hand breaks when it runs into something."""
BACK_M = 0.05


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How chunks are executed."""

    execute: int = 3
    """Steps of a chunk that are executed before the next look (receding horizon)."""
    ensemble: float = 0.0
    """Weight of the chunk before for the same step, 0 to 1 (ACT's temporal ensembling); 0: newest alone."""
    failures: int = 3
    """Policy failures in a row that end the run."""
    bumps: int = 3
    """How often the hand may touch too hard: it backs off a little, and the policy looks again."""


class Runner:
    """One run of a policy."""

    def __init__(self, body: Body, context: SkillContext, policy: Policy, settings: RunSettings) -> None:
        """Start at rest."""
        self._body, self._context, self._policy, self._settings = body, context, policy, settings
        self._servo: Servo | None = None
        self._last: ActionChunk | None = None
        self.stopped_by: StopReason | None = None
        self.success: float | None = None
        """The policy's first estimate of its success."""

    def run(self, instruction: str, tests: StopTests) -> Halt | None:
        """Run until a stop test ends it (None), or something halts it."""
        body, robot = self._body, self._context.robot
        start = robot.observe()
        self._policy.reset(start)
        failures, sequence = 0, -1
        while True:
            answer = self._policy.act(robot.observe(cameras=self._policy.cameras), instruction)
            chunk = self._usable(answer, sequence)
            if isinstance(chunk, str):
                failures += 1
                body.evidence["policy_failures"] = int(body.evidence.get("policy_failures", 0)) + 1
                halt = self._hold()
                if halt is not None or failures >= self._settings.failures:
                    return halt or failed(f"{self._policy.name} gave no usable chunk: {chunk}")
                continue
            failures, sequence = 0, chunk.sequence
            chunk = self._ensembled(chunk)
            if self.success is None:
                self.success = chunk.success
            halt = self._execute(chunk)
            if halt is not None and self._is_bump(halt):
                halt = self._back_off()
            if halt is not None:
                return halt
            now = robot.observe()
            self.stopped_by = tests.after(chunk, self._context.perceive(), now, now.time_s - start.time_s)
            if self.stopped_by is not None:
                halt = self._come_to_rest()
                body.rest()  # what presses against something, a closed drawer, presses no more
                return halt

    def _ensembled(self, chunk: ActionChunk) -> ActionChunk:
        """Return the chunk mixed with what the one before it said about the same steps."""
        last, share, done = self._last, self._settings.ensemble, self._settings.execute
        self._last = chunk
        is_same_kind = last is not None and last.kind is chunk.kind and last.rate_hz == chunk.rate_hz
        if last is None or share <= 0.0 or not is_same_kind or last.horizon <= done:
            return chunk
        motion, count = np.array(chunk.motion), min(last.horizon - done, chunk.horizon)
        motion[:count] = (1.0 - share) * motion[:count] + share * last.motion[done : done + count]
        return replace(chunk, motion=motion)

    def _usable(self, answer: PolicyAnswer, sequence: int) -> ActionChunk | str:
        """Return the chunk, or why there is none that may be executed."""
        if isinstance(answer, PolicyFailure):
            return f"{answer.kind.value}: {answer.reason}"
        wrong = answer.problem(max_width=self._context.robot.limits.gripper_max_width)
        if wrong:
            return f"malformed: {wrong}"
        if answer.sequence <= sequence:
            return f"stale: chunk {answer.sequence} after chunk {sequence}"
        age_s = self._context.robot.observe().time_s - answer.observed_at_s
        if not -1e-6 <= age_s <= answer.horizon_s:
            return f"stale: the chunk is {age_s:.2f} s old and lasts {answer.horizon_s:.2f} s"
        return answer

    def _execute(self, chunk: ActionChunk) -> Halt | None:
        body = self._body
        if self._servo is None:
            limits = body_limits(self._context.robot.limits)
            self._servo = Servo(body.target, limits, tick_s=body.tick_s, rate_hz=chunk.rate_hz)
        servo = self._servo
        parts: list[Array] = []
        widths: list[Array] = []
        widest = self._context.robot.limits.gripper_max_width  # float32 may be a rounding error beside it
        for step in range(min(self._settings.execute, chunk.horizon)):
            part = servo.advance(chunk, step)
            if isinstance(part, Unreachable):
                body.evidence["unreachable"] = part.reason
                if not parts:
                    return self._come_to_rest() or failed(part.reason)
                break
            parts.append(part)
            widths.append(np.full(len(part), np.clip(chunk.gripper_width[step], 0.0, widest)))
        body.evidence["steps"] = servo.steps
        body.evidence["steps_shortened"] = servo.shortened
        return self._play(np.vstack(parts), np.concatenate(widths), chunk.observed_at_s)

    def _play(self, configurations: Array, widths: Array, observed_at_s: float) -> Halt | None:
        body = self._body
        halt = body.play(configurations, width=widths, observed_at_s=observed_at_s)
        if halt is None and body.was_slowed:  # near people, say: what follows was meant for faster joints
            body.evidence["chunks_slowed"] = int(body.evidence.get("chunks_slowed", 0)) + 1
            body.rest()
        if self._servo is not None and (halt is not None or body.was_slowed):
            self._servo.rest_at(body.target)
        return halt

    def _is_bump(self, halt: Halt) -> bool:
        """Return whether the hand only touched something too hard, and may try again."""
        if halt.refused_by is None or halt.refused_by.rule not in BUMPS:
            return False
        bumps = int(self._body.evidence.get("bumps", 0)) + 1
        self._body.evidence["bumps"] = bumps
        return bumps <= self._settings.bumps

    def _back_off(self) -> Halt | None:
        """Go back a little along the tool's own axis; what is held stays held."""
        body = self._body
        T = np.array(tool_pose(body.q_arm))
        T[:3, 3] -= BACK_M * T[:3, 2]
        line = arm_line(body.q_arm, T)
        halt = None if line is None else body.move_arm(*line, speed=0.3)
        if self._servo is not None:
            self._servo.rest_at(body.target)
        return halt

    def _hold(self) -> Halt | None:
        """Come to rest and stand for a moment: the policy is silent."""
        return self._come_to_rest() or self._body.wait(0.1)

    def _come_to_rest(self) -> Halt | None:
        if self._servo is None:
            return None
        return self._body.play(self._servo.come_to_rest())
