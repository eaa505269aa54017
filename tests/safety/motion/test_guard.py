"""The guarded robot: what reaches the driver, seen by the driver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from robots import Array, Chunk, Command, CommandReport, Observation, TrackedPerson, Violation
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from safety.motion import GuardedRobot, Mode
from tests.fakes.ideal_robot import IdealRobot

DT = PANDA_LIMITS.tick_s
JOINT = 0


class WatchedRobot(IdealRobot):
    """Remembers what it was told, shows people, and lies when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[Array] = [self.gate.target]
        self.people: tuple[TrackedPerson, ...] = ()
        self.changes: dict[str, object] = {}
        self.frozen: Observation | None = None

    def observe(self, *, cameras: Sequence[str] = ()) -> Observation:
        if self.frozen is not None:
            return self.frozen
        seen = tuple(replace(p, seen_at_s=super(WatchedRobot, self).observe().time_s) for p in self.people)
        return replace(super().observe(), people=seen, **self.changes)  # type: ignore[arg-type]  # a test's

    def command(self, command: Command) -> CommandReport:
        report = super().command(command)
        assert not report.was_refused, "the driver got something outside its limits"
        self.targets.append(self.gate.target)
        return report


@pytest.fixture
def robot() -> WatchedRobot:
    return WatchedRobot()


def swing(angle: float = 1.0, *, seconds: float = 2.0) -> Array:
    """Return a smooth swing of the first joint, one configuration per tick, shape (n, 10)."""
    t = np.arange(1, round(seconds / DT) + 1) * DT / seconds
    path = np.tile(np.concatenate([ARM_HOME, np.zeros(3)]), (len(t), 1))
    path[:, JOINT] += angle * (10 * t**3 - 15 * t**4 + 6 * t**5)
    return path


def send(guard: GuardedRobot, path: Array) -> list[CommandReport]:
    return [guard.command(Command(q_arm=q[:7], base=q[7:])) for q in path]


def person(x: float, y: float = 0.0, *, is_partner: bool = False) -> TrackedPerson:
    at = np.array([x, y])
    return TrackedPerson(
        name="somebody", p_world=at, velocity=np.zeros(2), radius=0.25, height=1.7,
        is_partner=is_partner, seen_at_s=0.0,
    )  # fmt: skip


def test_an_allowed_motion_reaches_the_driver_as_it_is(robot: WatchedRobot) -> None:
    path = swing()
    reports = send(GuardedRobot(robot), path)
    assert not any(r.was_refused or r.slowed for r in reports)
    assert np.array_equal(robot.targets[1:], path)


def test_a_slowed_motion_keeps_its_path_and_its_end(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing(seconds=1.0)
    slow = Violation(rule="slow", layer="mode", subject="", measured=1.0, allowed=0.0)
    guard.modes.enter("somebody asked", Mode.SLOW, slow)
    reports = send(guard, path)
    assert any(r.slowed for r in reports) and not any(r.was_refused for r in reports)
    told = np.array(robot.targets)
    assert len(told) > 1.5 * len(path)
    assert np.allclose(told[:, 1:], path[0, 1:]), "only the joint of the path moves"
    assert told[-1] == pytest.approx(path[-1], abs=1e-4)
    assert tool_speeds(told).max() <= 0.25


def test_near_a_partner_the_tool_is_slow(robot: WatchedRobot) -> None:
    robot.people = (person(1.3, is_partner=True),)
    reports = send(GuardedRobot(robot), swing(seconds=1.0))
    assert {v.rule for r in reports for v in r.slowed} == {"tool_is_slow_near_people"}
    assert tool_speeds(np.array(robot.targets)).max() <= 0.25


def test_a_person_who_passes_far_away_changes_nothing(robot: WatchedRobot) -> None:
    robot.people = (person(6.0),)
    assert not any(r.slowed for r in send(GuardedRobot(robot), swing()))


def test_a_person_close_by_holds_the_robot_and_it_goes_on_when_they_leave(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing()
    send(guard, path[:60])
    robot.people = (person(0.8),)
    report = next(r for q in path[60:] if (r := send(guard, q[None])[0]).was_refused)
    assert report.violations[0].rule == "separation"
    stands = np.array(robot.targets[-200:])
    assert np.ptp(stands, axis=0).max() == 0.0, "it stood while the person was there"
    robot.people = ()
    rest = guard.command(Command())
    assert not rest.was_refused


@pytest.mark.parametrize(
    "changes",
    [
        {"q_arm": np.full(7, np.nan)},
        {"base": np.array([np.inf, 0.0, 0.0])},
        {"q_arm": 10 * ARM_HOME},
        {"dq_arm": np.full(7, np.nan)},
    ],
    ids=["nan", "inf", "jump", "nan rate"],
)
def test_a_corrupt_state_stops_in_the_same_tick_and_is_forgotten_when_it_is_over(
    robot: WatchedRobot, changes: dict[str, object]
) -> None:
    guard, path = GuardedRobot(robot), swing()
    send(guard, path[:100])
    before = len(robot.targets)
    robot.changes = changes
    report = send(guard, path[100:101])[0]
    assert report.was_refused and guard.modes.mode is Mode.HOLD
    speed = np.abs(np.diff(robot.targets, axis=0))[:, JOINT] / DT
    assert (np.diff(speed[before - 1 :]) <= 1e-9).all() and speed[-1] == 0.0, "it only slows down"
    robot.changes = {}
    assert not guard.command(Command()).was_refused and guard.modes.mode is Mode.RUN


def test_a_silent_sensor_stops_the_robot(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing()
    send(guard, path[:100])
    robot.frozen = robot.observe()
    moved = len(robot.targets)
    reports = send(guard, path[100:130])
    assert reports[-1].violations[0].rule == "state_is_fresh"
    told = np.array(robot.targets)
    assert (told[-1] == told[-2]).all()
    still = np.flatnonzero(np.abs(np.diff(told[:, JOINT])) > 0)[-1] + 1 - moved
    assert still * DT <= 0.35, "50 ms without a sample, and the time to stop"


def test_hard_contact_stops_until_somebody_acknowledges(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing()
    send(guard, path[:50])
    robot.changes = {"external_force": 21.0}
    assert send(guard, path[50:51])[0].was_refused
    robot.changes = {}
    assert guard.command(Command()).was_refused and guard.modes.mode is Mode.PROTECTIVE_STOP
    guard.modes.acknowledge()
    assert not guard.command(Command()).was_refused


def test_a_gentle_contact_does_not(robot: WatchedRobot) -> None:
    robot.changes = {"external_force": 19.9}
    assert not any(r.was_refused for r in send(GuardedRobot(robot), swing()))


def test_an_emergency_stop_needs_reset_and_arming_before_anything_moves(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing()
    send(guard, path[:80])
    guard.modes.press_e_stop()
    guard.command(Command(q_arm=path[80, :7], base=path[80, 7:]))
    at = robot.gate.target
    assert robot.gate.is_at_rest
    for act in (guard.modes.reset, guard.modes.acknowledge):
        act()
        assert send(guard, swing(-0.1)[:20])[-1].was_refused
        assert np.array_equal(robot.gate.target, at)
    guard.modes.arm()
    assert not guard.command(Command()).was_refused


@pytest.mark.parametrize(
    "command",
    [
        Command(q_arm=np.full(7, np.nan)),
        Command(q_arm=ARM_HOME + 1.0),
        Command(q_arm=np.zeros(6)),
        Command(base=np.array([0.0, np.inf, 0.0])),
        Command(gripper_width=float("nan")),
        Command(gripper_force=1e9),
    ],
)
def test_a_command_outside_the_limits_is_refused_whole(robot: WatchedRobot, command: Command) -> None:
    report = GuardedRobot(robot).command(command)
    assert report.was_refused and np.array_equal(robot.gate.target, robot.targets[0])


def test_a_joint_is_never_driven_to_where_it_could_not_stop(robot: WatchedRobot) -> None:
    """Full speed at the limit of joint 1: slowed before it, whatever is asked."""
    guard = GuardedRobot(robot)
    velocity, q = 0.0, ARM_HOME.copy()
    for _ in range(400):
        velocity = min(velocity + 14.0 * DT, 2.0)
        q = q + np.eye(7)[JOINT] * velocity * DT
        guard.command(Command(q_arm=q, base=np.zeros(3)))
        guard_stop = robot.gate.target[JOINT]
        assert guard_stop <= PANDA_LIMITS.arm.upper[JOINT]
    guard.stop()
    assert robot.gate.target[JOINT] <= PANDA_LIMITS.arm.upper[JOINT]


def test_a_motion_is_reviewed_whole_before_its_first_tick(robot: WatchedRobot) -> None:
    guard, path = GuardedRobot(robot), swing()
    bad = path.copy()
    bad[-1, JOINT] += 0.5
    first = Command(q_arm=path[0, :7], base=path[0, 7:], ahead=Chunk(q=bad, sequence=1, observed_at_s=0.0))
    report = guard.command(first)
    assert report.was_refused and "at knot" in report.violations[0].subject
    assert np.array_equal(robot.gate.target, robot.targets[0])
    good = replace(first, ahead=Chunk(q=path, sequence=1, observed_at_s=robot.observe().time_s))
    assert not guard.command(good).was_refused


@pytest.mark.parametrize(("sequence", "age_s"), [(0, 0.0), (5, 3.0), (5, -1.0)])
def test_a_reordered_or_stale_chunk_is_refused(robot: WatchedRobot, sequence: int, age_s: float) -> None:
    guard, path = GuardedRobot(robot), swing()
    for index, knot in enumerate(np.tile(path[:1] * 0 + robot.gate.target, (500, 1))):
        ahead = Chunk(q=knot[None], sequence=1, observed_at_s=robot.observe().time_s) if index == 0 else None
        guard.command(Command(q_arm=knot[:7], base=knot[7:], ahead=ahead))
    at = robot.observe().time_s - age_s
    report = guard.command(
        Command(q_arm=path[0, :7], base=path[0, 7:], ahead=Chunk(q=path, sequence=sequence, observed_at_s=at))
    )
    assert report.was_refused


def test_a_stream_that_is_refused_for_long_is_stopped(robot: WatchedRobot) -> None:
    guard = GuardedRobot(robot)
    for _ in range(100):
        guard.command(Command(q_arm=ARM_HOME + 1.0))
    assert guard.modes.mode is Mode.PROTECTIVE_STOP
    assert guard.modes.why is not None and "refused for" in guard.modes.why.reason


def test_nothing_sharp_moves_beside_a_person(robot: WatchedRobot) -> None:
    robot.people = (person(1.6),)
    guard = GuardedRobot(robot, held_types=lambda: frozenset({"sharp", "knife"}))
    report = send(guard, swing()[:2])[-1]
    assert report.was_refused
    assert np.abs(np.array(robot.targets) - robot.targets[0]).max() < 1e-4


def tool_speeds(told: Array) -> Array:
    from robots.panda_kinematics import TOOL, link_poses

    points = link_poses(told[:, :7])[:, TOOL, :3, 3]
    return np.linalg.norm(np.diff(points, axis=0), axis=1) / DT


def test_after_a_stop_the_targets_go_to_where_something_keeps_a_joint(robot: WatchedRobot) -> None:
    guard = GuardedRobot(robot)
    send(guard, swing(0.3, seconds=1.0))
    kept = robot.targets[-1][:7] - np.array([0, 0, 0, 0, 0, 0.04, 0])
    robot.changes = {"q_arm": kept}
    guard.stop()
    assert robot.targets[-1][:7] == pytest.approx(kept)
    told = np.array(robot.targets)
    assert (np.abs(np.diff(told, axis=0)).max(axis=0)[:7] <= PANDA_LIMITS.arm.velocity * DT).all()
    report = guard.command(Command(q_arm=kept, base=robot.targets[-1][7:]))
    assert not report.was_refused, "the next motion begins there"


def test_a_reading_that_jumps_moves_no_target(robot: WatchedRobot) -> None:
    guard = GuardedRobot(robot)
    send(guard, swing(0.3, seconds=1.0))
    told = robot.targets[-1]
    robot.changes = {"q_arm": told[:7] * 10.0}
    guard.stop()
    assert robot.targets[-1] == pytest.approx(told)


def test_a_step_waits_until_the_state_comes_back(robot: WatchedRobot) -> None:
    def come_back(violation: Violation) -> None:
        robot.changes = {}

    guard = GuardedRobot(robot, on_event=come_back)
    send(guard, swing()[:20])
    guard.stop()
    told = len(robot.targets)
    robot.changes = {"q_arm": np.full(7, np.nan)}
    assert guard.wait_for_state() is None and guard.modes.mode is Mode.RUN
    assert np.ptp(np.array(robot.targets[told - 1 :]), axis=0) == pytest.approx(0.0), "it only stood"
    assert not guard.command(Command()).was_refused


def test_a_state_that_stays_away_stops_until_somebody_looks(robot: WatchedRobot) -> None:
    guard = GuardedRobot(robot)
    send(guard, swing()[:20])
    robot.changes = {"q_arm": np.full(7, np.nan)}
    lost = guard.wait_for_state()
    assert lost is not None and lost.rule == "state_is_finite" and "5 s" in str(lost)
    assert guard.modes.mode is Mode.PROTECTIVE_STOP
    robot.changes = {}
    assert guard.wait_for_state() is None, "the state is believed again"
    assert guard.command(Command()).was_refused, "and the stop stays until somebody acknowledges"


@pytest.mark.parametrize("axis", range(7))
def test_time_makes_no_jump_believable(robot: WatchedRobot, axis: int) -> None:
    guard = GuardedRobot(robot)
    send(guard, swing()[:20])
    guard.stop()
    told = robot.targets[-1]
    robot.changes = {"q_arm": told[:7] + np.eye(7)[axis]}
    lost = guard.wait_for_state()
    assert lost is not None and lost.rule == "state_is_possible"
    guard.modes.acknowledge()
    guard.begin_step(60.0)
    assert guard.command(Command()).was_refused
    assert robot.targets[-1] == pytest.approx(told), "nothing goes to where it was read"
    robot.changes = {}
    assert guard.wait_for_state() is None and not guard.command(Command()).was_refused


def test_a_hand_that_presses_lets_go_slowly_before_the_next_step(robot: WatchedRobot) -> None:
    guard = GuardedRobot(robot)
    path = swing(0.3, seconds=1.0)
    send(guard, path[:60])
    kept = robot.targets[-1][:7] - np.array([0.06, 0, 0, 0, 0, 0, 0])
    robot.changes = {"q_arm": kept, "hand_force": 350.0}
    told = len(robot.targets)
    report = guard.command(Command(q_arm=path[60][:7], base=path[60][7:]))
    assert [v.rule for v in report.violations] == ["hand_is_gentle"]
    guard.begin_step(60.0)
    assert not guard.command(Command(q_arm=kept, base=path[60][7:])).was_refused
    assert robot.targets[-1][:7] == pytest.approx(kept), "no spring stays drawn"
    stands = told + int(np.flatnonzero(tool_speeds(np.array(robot.targets[told:])) < 1e-9)[0])
    assert tool_speeds(np.array(robot.targets[stands:])).max() <= 0.25
