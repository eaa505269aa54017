"""A policy in closed loop: what is executed, what is refused, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grounding import Scene
from robots import Command, CommandReport, Observation
from skills import SkillContext, Status
from skills.motion.body import Body, Halt
from skills.policies import FailureKind, PolicyAnswer, PolicyFailure
from skills.policies.running import Runner, RunSettings
from skills.policies.stop import StopReason, StopSettings, StopTests
from tests.fakes.ideal_robot import IdealRobot
from tests.fakes.policies import ScriptedPolicy, still_chunk
from tests.fakes.symbolic_scene import symbolic_scene

DOWN = np.tile([0.0, 0.0, -0.01, 0.0, 0.0, 0.0], (5, 1))


def _never(scene: Scene) -> bool:
    return False


def _run(
    policy: ScriptedPolicy,
    *,
    settings: RunSettings | None = None,
    is_done: Callable[[Scene], bool] = _never,
    stop: StopSettings | None = None,
) -> tuple[Halt | None, Runner, Body, IdealRobot]:
    robot = IdealRobot()
    context = SkillContext(robot=robot, perceive=lambda: symbolic_scene({}), rng=np.random.default_rng(0))
    body = Body(context)
    runner = Runner(body, context, policy, settings or RunSettings())
    halt = runner.run("do it", StopTests(is_done=is_done, settings=stop or StopSettings()))
    return halt, runner, body, robot


def test_only_a_part_of_each_chunk_is_executed() -> None:
    policy = ScriptedPolicy([still_chunk(motion=DOWN)] * 4)
    halt, runner, body, robot = _run(
        policy, settings=RunSettings(execute=2), is_done=lambda s: policy.asked >= 3
    )
    assert halt is None
    assert runner.stopped_by is StopReason.PREDICATE
    assert policy.asked == 4  # seen done twice in a row
    assert body.evidence["steps"] == 8
    assert robot.refusals == 0
    assert robot.gate.is_at_rest


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (still_chunk(motion=np.full((5, 6), np.nan), sequence=1), "no finite numbers"),
        (still_chunk(sequence=-1), "stale: chunk -1 after chunk -1"),
        (still_chunk(sequence=5, observed_at_s=-1.0), "s old and lasts 0.50 s"),
        (still_chunk(sequence=5, observed_at_s=9.0), "stale"),
        (
            PolicyFailure(kind=FailureKind.TIMED_OUT, reason="no reply in 0.1 s"),
            "timed_out: no reply in 0.1 s",
        ),
    ],
)
def test_a_chunk_that_must_not_be_executed_moves_nothing(bad: PolicyAnswer, told: str) -> None:
    start = IdealRobot().gate.target
    halt, runner, body, robot = _run(ScriptedPolicy([bad] * 3, is_honest=False))
    assert halt is not None
    assert halt.status is Status.FAILED
    assert told in halt.reason
    assert body.evidence["policy_failures"] == 3
    assert robot.gate.target == pytest.approx(start)
    assert runner.stopped_by is None


def test_one_late_reply_is_forgiven_and_the_robot_rests_meanwhile() -> None:
    late = PolicyFailure(kind=FailureKind.TIMED_OUT, reason="late")
    policy = ScriptedPolicy([still_chunk(motion=DOWN), late, *[still_chunk(motion=DOWN)] * 9])
    halt, runner, body, robot = _run(policy, is_done=lambda s: policy.asked >= 4)
    assert halt is None
    assert body.evidence["policy_failures"] == 1
    assert robot.refusals == 0


def test_a_policy_that_wants_nothing_any_more_is_stopped() -> None:
    halt, runner, _, _ = _run(ScriptedPolicy([still_chunk()] * 50), stop=StopSettings(still_chunks=4))
    assert halt is None
    assert runner.stopped_by is StopReason.CONVERGED


def test_a_policy_that_goes_on_for_ever_is_stopped_by_time() -> None:
    to_and_fro = [still_chunk(motion=DOWN * sign) for sign in (1, -1)] * 40
    halt, runner, _, robot = _run(ScriptedPolicy(to_and_fro), stop=StopSettings(longest_s=3.0))
    assert halt is None
    assert runner.stopped_by is StopReason.TIME
    assert 3.0 <= robot.observe().time_s < 4.0


def test_a_policy_that_gives_itself_up_is_stopped() -> None:
    hopeless = [still_chunk(motion=DOWN * sign, success=0.01) for sign in (1, -1)] * 20
    _, runner, _, _ = _run(ScriptedPolicy(hopeless), stop=StopSettings(hopeless_chunks=5))
    assert runner.stopped_by is StopReason.SUCCESS_HEAD
    assert runner.success == pytest.approx(0.01)


def test_out_of_reach_ends_the_run_with_its_place() -> None:
    far = still_chunk(motion=np.tile([0.4, 0.0, 0.0, 0.0, 0.0, 0.0], (5, 1)))
    halt, _, _, robot = _run(ScriptedPolicy([far] * 20))
    assert halt is not None
    assert "no inverse kinematics" in halt.reason
    assert robot.gate.is_at_rest


def test_ensembling_mixes_in_what_the_chunk_before_said_about_the_same_steps() -> None:
    up, down = still_chunk(motion=-DOWN), still_chunk(motion=DOWN)
    heights = []
    for share in (0.0, 0.5):
        policy = ScriptedPolicy([up, down, still_chunk(), still_chunk(), still_chunk()])
        settings = RunSettings(execute=2, ensemble=share)
        _, _, _, robot = _run(policy, settings=settings, is_done=lambda s, p=policy: p.asked >= 2)
        heights.append(float(robot.gate.target[3]))
    assert heights[0] != pytest.approx(heights[1], abs=1e-4)


class _SlowedRobot(IdealRobot):
    """Is a little behind its targets in its first tenths of a second."""

    def command(self, command: Command) -> CommandReport:
        report = super().command(command)
        told = report.executed.q_arm
        is_early = 0.1 < self.observe().time_s < 0.3 and told is not None
        return replace(report, executed=replace(report.executed, q_arm=told - 1e-4)) if is_early else report


def test_after_being_slowed_the_next_chunk_begins_from_rest() -> None:
    robot = _SlowedRobot()
    context = SkillContext(robot=robot, perceive=lambda: symbolic_scene({}), rng=np.random.default_rng(0))
    body = Body(context)
    speeds: list[float] = []

    class _Watching(ScriptedPolicy):
        def act(self, observation: Observation, instruction: str) -> PolicyAnswer:
            speeds.append(float(np.abs(observation.dq_arm).max()))
            return super().act(observation, instruction)

    policy = _Watching([still_chunk(motion=DOWN)] * 9)
    runner = Runner(body, context, policy, RunSettings())
    halt = runner.run("go", StopTests(is_done=lambda s: policy.asked >= 5))
    assert halt is None
    assert robot.refusals == 0
    assert speeds[1] == 0.0, "slowed in the first chunk: at rest before the second"
    assert speeds[4] > 0.01
