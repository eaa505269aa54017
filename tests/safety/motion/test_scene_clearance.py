"""Motions among things that stand around: laws of distance, and what the gate makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from robots import Array, Chunk, Command, Solid, Sphere, frozen
from robots.mobile_base import ARM_HOME
from robots.panda import PANDA_LIMITS
from robots.transforms import pose
from safety import HouseholdSupervisor
from safety.motion import ChunkGate
from safety.motion.chunk_gate import LEAST_CLEARANCE
from safety.motion.scene_clearance import SceneClearance
from skills import HOUSEHOLD_CONTRACTS, SkillCall
from tests.fakes.ideal_robot import IdealRobot
from tests.fakes.symbolic_scene import symbolic_scene

DT = PANDA_LIMITS.tick_s
RADIUS = 0.05


def ball(x: float, y: float, z: float) -> Solid:
    return Solid(shape=Sphere(radius=RADIUS), T_owner_solid=frozen(pose(x, y, z)))


def swing(angle: float) -> Array:
    """Return a slow swing of the first joint from rest to rest, shape (n, 10)."""
    t = np.arange(1, 361) / 360
    path = np.tile(np.concatenate([ARM_HOME, np.zeros(3)]), (len(t), 1))
    path[:, 0] += angle * (10 * t**3 - 15 * t**4 + 6 * t**5)
    return path


def palm(q: Array) -> Array:
    """Return the middle of the palm in the world, shape (3,)."""
    from robots.panda import T_BASE_ARM_XYZ
    from robots.panda_kinematics import link_poses

    hand = link_poses(q[None, :7])[0, 7]
    return np.asarray(hand[:3, 3] + 0.03 * hand[:3, 2] + np.array(T_BASE_ARM_XYZ))


def test_the_distance_moves_with_the_robot() -> None:
    rng = np.random.default_rng(0)
    q = np.concatenate([ARM_HOME, np.zeros(3)]) + np.append(rng.uniform(-0.5, 0.5, 7), np.zeros(3))
    x, y, yaw = rng.uniform(-2, 2, 3)
    seen = pose(x, y, 0.0, yaw=yaw) @ pose(0.9, 0.3, 0.8)
    moved = np.concatenate([q[:7], [x, y, yaw]])
    near, far = SceneClearance([ball(0.9, 0.3, 0.8)]), SceneClearance([ball(*seen[:3, 3])])
    assert far(moved[None]) == pytest.approx(near(q[None]))
    both = SceneClearance([ball(0.9, 0.3, 0.8), ball(5.0, 5.0, 5.0)])
    assert both(np.stack([q, q])) == pytest.approx(near(np.stack([q, q]))), "what is far away changes nothing"


def test_a_motion_through_something_is_refused_and_beside_it_is_not() -> None:
    path = swing(0.8)
    gate = ChunkGate(PANDA_LIMITS)
    here = (np.concatenate([ARM_HOME, np.zeros(3)]), np.zeros(10), np.zeros(10))
    on_the_way = palm(path[len(path) // 2])
    for lift, allowed in ((0.0, False), (0.6, True)):
        gate.begin(SceneClearance([ball(*(on_the_way + [0.0, 0.0, lift]))]))
        found = gate.review(Chunk(q=path, sequence=0, observed_at_s=0.0), here, 0.0)
        assert [v.rule for v in found] == ([] if allowed else ["clearance"])


def test_a_motion_may_lead_out_of_what_it_begins_in() -> None:
    path = swing(0.8)
    gate = ChunkGate(PANDA_LIMITS)
    here = (np.concatenate([ARM_HOME, np.zeros(3)]), np.zeros(10), np.zeros(10))
    gate.begin(SceneClearance([ball(*palm(here[0]))]))
    gap = float(gate.clearance(here[0][None])[0]) if gate.clearance else np.nan
    assert gap < LEAST_CLEARANCE
    assert gate.review(Chunk(q=path, sequence=0, observed_at_s=0.0), here, 0.0) == ()


@pytest.mark.parametrize(("wanted", "refused"), [("apple_1", ["clearance"]), ("mug_1", [])])
def test_what_a_step_is_about_may_be_touched_and_what_stands_beside_may_not(
    wanted: str, refused: list[str]
) -> None:
    supervisor = HouseholdSupervisor(HOUSEHOLD_CONTRACTS)
    guard = supervisor.guard(IdealRobot())
    scene = symbolic_scene({"apple_1": "table", "mug_1": "table"}, robot_at="table")
    path = swing(0.8)
    mug = scene.items["mug_1"]
    solids = (ball(*palm(path[len(path) // 2])),)
    scene = replace(
        scene, items={**scene.items, "mug_1": replace(mug, item=replace(mug.item, solids=solids))}
    )
    supervisor.begin(scene)
    assert supervisor.review_step(SkillCall(skill="pick", arguments=(wanted,)), scene, scene.time_s) == ()
    ahead = Chunk(q=path, sequence=0, observed_at_s=0.0)
    report = guard.command(Command(q_arm=path[0][:7], base=path[0][7:], ahead=ahead))
    assert [v.rule for v in report.violations] == refused
