"""Room tests: the simulated world on disk: exact, complete or not there at all, and without side effects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from robots import Command
from robots.mobile_base import ARM_HOME
from robots.pybullet import PybulletKitchen, open_kitchen
from robots.pybullet.snapshot import (
    EVERY_S,
    KEPT,
    KeptWorld,
    SnapshotFailed,
    _is_whole,
    load_snapshot,
    save_snapshot,
)
from robots.setup import SceneSetup
from tests.fakes.scripted_arm import smooth

pytestmark = pytest.mark.sim

SETUP = SceneSetup(
    items={"coke_can_1": "close_counter", "apple_1": "table", "bowl_1": "table", "orange_1": "bowl_1"},
    holding="water_bottle_1",
    opened=frozenset({"fridge"}),
    powered_on=frozenset({"stove"}),
)
MIDDLE = 40
"""Ticks after which the arm swings fastest."""


def opened(setup: SceneSetup = SETUP, seed: int = 3) -> PybulletKitchen:
    return open_kitchen(setup, seed=seed)


def swing(robot: Any, start: int, end: int) -> None:
    for k in range(start + 1, end + 1):
        robot.command(Command(q_arm=ARM_HOME + 0.3 * smooth(k / (2 * MIDDLE)), gripper_width=0.03))


def everything(kitchen: PybulletKitchen) -> dict[str, Any]:
    """Return all that can be measured or is remembered, exactly."""
    bullet, memory = kitchen.bullet, kitchen.memory
    bodies = [kitchen.robot.body, *(f.body for f in kitchen.fixtures.values())]
    return {
        "items": {
            name: (
                bullet.getBasePositionAndOrientation(item.body),
                bullet.getBaseVelocity(item.body),
            )
            for name, item in kitchen.items.items()
        },
        "joints": [
            [bullet.getJointState(body, j)[:2] for j in range(bullet.getNumJoints(body))] for body in bodies
        ],
        "latches": memory.latches,
        "fill": memory.fill,
        "poured": memory.poured,
        "wiped": {name: cells.tobytes() for name, cells in memory.wiped.items()},
        "robot": [part.tobytes() for part in memory.robot.history],
        "hand": (memory.robot.width, memory.robot.force, memory.robot.tick, memory.robot.loose_ticks),
    }


@pytest.fixture
def moving() -> Iterator[PybulletKitchen]:
    """A home in the middle of a motion, with something held, poured, wiped and slipping."""
    kitchen = opened()
    swing(kitchen.robot, 0, MIDDLE)
    kitchen.fill["water_bottle_1"] = 1 / 3
    kitchen._poured.add(("water_bottle_1", "bowl_1"))
    kitchen._wiped["table"].cells[2, 3] = True
    kitchen.robot.loosen_grip(2)
    yield kitchen
    kitchen.close()


def test_a_restored_world_is_the_same_bit_for_bit(moving: PybulletKitchen, tmp_path: Path) -> None:
    save_snapshot(moving, tmp_path, is_durable=True)
    expected = everything(moving)
    other = opened()
    assert everything(other) != expected
    assert load_snapshot(other, tmp_path)
    assert everything(other) == expected
    assert np.abs(moving.robot.observe().dq_arm).max() > 0.1, "it has to be in motion to prove anything"
    other.close()


def test_a_restored_world_goes_on_as_the_old_one_would_have(tmp_path: Path) -> None:
    """Bullet does not store contact caches: what follows agrees closely, not in every bit."""
    kitchen, other = opened(), opened()
    swing(kitchen.robot, 0, MIDDLE)
    save_snapshot(kitchen, tmp_path, is_durable=True)
    load_snapshot(other, tmp_path)
    for each in (kitchen, other):
        swing(each.robot, MIDDLE, 2 * MIDDLE)
    first, second = kitchen.state(), other.state()
    assert first.held == second.held == {"water_bottle_1"} and first.contacts == second.contacts
    for name, item in first.items.items():
        assert np.abs(item.T_world_item - second.items[name].T_world_item).max() < 1e-4, name
    assert np.abs(kitchen.robot.observe().q_arm - other.robot.observe().q_arm).max() < 1e-6
    kitchen.close()
    other.close()


def test_people_go_on_walking(tmp_path: Path) -> None:
    kitchen, other = opened(SceneSetup()), opened(SceneSetup())
    kitchen.add_person("ann", [(2.0, -2.0), (-2.0, -2.0)])
    for _ in range(MIDDLE):
        kitchen.robot.command(Command())
    save_snapshot(kitchen, tmp_path, is_durable=True)
    assert load_snapshot(other, tmp_path)
    for each in (kitchen, other):
        each.robot.command(Command())
    (here,), (there,) = (
        [person for person in home.robot.observe().people if person.name == "ann"]
        for home in (kitchen, other)
    )
    assert (here.p_world == there.p_world).all() and here.p_world[0] < 1.9
    kitchen.close()
    other.close()


def test_keeping_the_world_does_not_change_it(tmp_path: Path) -> None:
    kitchen, watched = opened(), opened()
    kept = KeptWorld(watched.robot, watched, tmp_path / "world")
    swing(kitchen.robot, 0, 2 * MIDDLE)
    swing(kept, 0, MIDDLE)
    kept.keep()
    kept.keep()
    swing(kept, MIDDLE, 2 * MIDDLE)
    assert everything(watched) == everything(kitchen)
    kitchen.close()
    watched.close()


def test_it_is_kept_twice_a_second_and_only_the_newest_stay(tmp_path: Path) -> None:
    kitchen = opened(SceneSetup())
    kept = KeptWorld(kitchen.robot, kitchen, tmp_path / "world")
    ticks = round(EVERY_S / kitchen.robot.limits.tick_s)
    kept.keep()
    for count in range(1, 6 * ticks):
        kept.command(Command())
        newest = max(int(f.name[:9]) for f in (tmp_path / "world").glob("*.json"))
        assert count - newest < ticks
    kept.keep()
    files = sorted(f.name for f in (tmp_path / "world").iterdir())
    assert len(files) == 2 * 2 * KEPT and sum("step" in name for name in files) == 2 * KEPT
    kept.forget()
    assert not (tmp_path / "world").exists()
    kitchen.close()


def damage(folder: Path, way: str) -> None:
    newest = max(folder.glob("*.json"))
    physics = newest.with_suffix(".bullet")
    manifest = json.loads(newest.read_text())
    if way == "physics cut":
        physics.write_bytes(physics.read_bytes()[:-100])
    elif way == "physics changed":
        data = bytearray(physics.read_bytes())
        data[len(data) // 2] ^= 1
        physics.write_bytes(bytes(data))
    elif way == "physics gone":
        physics.unlink()
    elif way == "manifest cut":
        newest.write_text(newest.read_text()[:-20])
    elif way == "memory changed":
        manifest["memory"]["fill"]["water_bottle_1"] = 0.5
        newest.write_text(json.dumps(manifest))
    elif way == "manifest gone":
        newest.unlink()


@pytest.mark.parametrize(
    "way",
    ["physics cut", "physics changed", "physics gone", "manifest cut", "memory changed", "manifest gone"],
)
def test_a_snapshot_that_is_not_whole_gives_way_to_the_one_before(tmp_path: Path, way: str) -> None:
    kitchen = opened()
    save_snapshot(kitchen, tmp_path, is_durable=True)
    expected = everything(kitchen)
    swing(kitchen.robot, 0, 5)
    save_snapshot(kitchen, tmp_path, is_durable=True)
    damage(tmp_path, way)
    assert load_snapshot(kitchen, tmp_path)
    assert everything(kitchen) == expected
    kitchen.close()


def test_without_a_whole_snapshot_nothing_is_restored(tmp_path: Path) -> None:
    kitchen = opened(SceneSetup())
    assert not load_snapshot(kitchen, tmp_path)
    save_snapshot(kitchen, tmp_path, is_durable=False)
    damage(tmp_path, "physics cut")
    expected = everything(kitchen)
    assert not load_snapshot(kitchen, tmp_path)
    assert everything(kitchen) == expected
    kitchen.close()


def test_a_snapshot_of_another_home_is_refused(tmp_path: Path) -> None:
    kitchen, other = opened(), opened(SceneSetup(items={"apple_1": "table"}))
    save_snapshot(kitchen, tmp_path, is_durable=False)
    with pytest.raises(SnapshotFailed, match="another home: only one of the two has .*water_bottle_1"):
        load_snapshot(other, tmp_path)
    kitchen.close()
    other.close()


def test_a_file_that_was_cut_short_anywhere_is_noticed(moving: PybulletKitchen, tmp_path: Path) -> None:
    """Bullet reports no full disk: a file is whole when its chunks run exactly to its end."""
    save_snapshot(moving, tmp_path, is_durable=False)
    (file,) = tmp_path.glob("*.bullet")
    data = file.read_bytes()
    assert _is_whole(data)
    rng = np.random.default_rng(0)
    lengths = {0, 1, 11, 12, 36, len(data) - 1, *rng.integers(0, len(data), 500).tolist()}
    assert not any(_is_whole(data[:length]) for length in lengths)
    assert not _is_whole(data + b"x")


def test_a_world_that_cannot_be_kept_is_reported_once_and_the_robot_can_still_stop(tmp_path: Path) -> None:
    kitchen = opened(SceneSetup())
    kept = KeptWorld(kitchen.robot, kitchen, tmp_path / "world")
    (tmp_path / "world").rmdir()
    ticks = round(EVERY_S / kitchen.robot.limits.tick_s)
    with pytest.raises(SnapshotFailed, match="cannot be kept"):
        for _ in range(2 * ticks):
            kept.command(Command())
    for _ in range(2 * ticks):
        kept.command(Command())
    kept.stop()
    kitchen.close()
