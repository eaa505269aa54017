"""People who walk at the robot, and the referee who reads the simulator."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.person_approaches import approach, empty_room, motion
from robots import Command, CommandReport
from robots.pybullet.referee import Referee
from safety.motion import GuardedRobot

pytestmark = pytest.mark.sim


@pytest.mark.parametrize(("state", "direction"), [(7, 0), (13, 20), (18, 47), (2, 60)])
def test_the_robot_stands_before_somebody_walks_into_it(state: int, direction: int) -> None:
    seen = approach(state, direction, 72)
    assert np.isfinite(seen.smallest_moving_gap), "the robot never moved: the test shows nothing"
    assert seen.was_slowed
    assert seen.speed_at_contact < 0.01
    assert seen.smallest_moving_gap > 0.1


def test_the_referee_sees_an_unguarded_robot_hit_a_person() -> None:
    kitchen = empty_room()
    try:
        path = motion(18, GuardedRobot(kitchen.robot))
        kitchen.add_person("walker", [(3.0, 0.0), (0.0, 0.0)])
        referee = Referee(kitchen)
        for q in path[:300]:
            report: CommandReport = kitchen.robot.command(Command(q_arm=q[:7], base=q[7:]))
            assert not report.was_refused
    finally:
        kitchen.close()
    assert referee.counts["person_was_hit"] > 0


def test_a_walker_is_tracked_where_the_script_says() -> None:
    kitchen = empty_room()
    try:
        kitchen.add_person("walker", [(5.0, 2.0), (5.0, -2.0)], speed=1.6)
        for _ in range(120):
            kitchen.robot.command(Command())
        (seen,) = [p for p in kitchen.robot.observe().people if p.name == "walker"]
    finally:
        kitchen.close()
    since = seen.seen_at_s
    assert 0.9 < since <= 1.0
    assert seen.p_world == pytest.approx([5.0, 2.0 - 1.6 * since], abs=0.03)
    assert seen.velocity == pytest.approx([0.0, -1.6], abs=0.1)
    assert not seen.is_partner
