"""Room robots: the simulated world on disk, so that it outlives the process that simulates it.

A real home is still there after a crash; a simulated one is not. A snapshot is two files: Bullet's own state,
and a manifest with everything that Bullet does not store and the SHA-256 of both. The manifest is renamed
into place last, so that a snapshot without one, or with another hash, was never finished. Taking one reads
the world and leaves it as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from robots.arrays import frozen
from robots.proxy import RobotProxy
from robots.robot import Command, CommandReport, Robot

from .client import pybullet
from .kitchen import PybulletKitchen, WorldMemory
from .panda_robot import RobotMemory

EVERY_S = 0.5
"""Robot time between snapshots while a skill runs, [s]."""
KEPT = 2
"""Snapshots of each kind that stay: those of steps survive a power failure, those within steps need not."""
VERSION = 1
_CHUNK_HEADER = 24
"""Bytes before the payload of a chunk: code, length, address, type, count.
Source: bullet3 src/LinearMath/btSerializer.h, btChunk with 64-bit pointers."""
_FILE_HEADER = 12


class SnapshotFailed(RuntimeError):
    """A world that could not be written to, or read from, the disk; one sentence."""


def save_snapshot(kitchen: PybulletKitchen, folder: Path, *, is_durable: bool) -> None:
    """Write the world as it is now.

    Args:
        kitchen: The world.
        folder: Where snapshots of this run lie; must exist.
        is_durable: Return only when it would survive a power failure, not just the end of the process.

    Raises:
        SnapshotFailed: If it cannot be written whole.
    """
    memory, tick = kitchen.memory, kitchen.robot.tick
    stem = folder / f"{tick:09d}-{'step' if is_durable else 'tick'}"
    physics, partial = stem.with_suffix(".bullet"), folder / ".partial"
    try:
        kitchen.bullet.saveBullet(str(partial))
        data = partial.read_bytes()
        if not _is_whole(data):
            raise SnapshotFailed("the file of the world was cut short")
        _place(partial, physics, is_durable)
        body: dict[str, Any] = {
            "version": VERSION,
            "tick": tick,
            "time_s": kitchen.robot.time_s,
            "physics": {"file": physics.name, "bytes": len(data), "sha256": _sha256(data)},
            "memory": _to_json(memory),
            "walkers": _walkers(kitchen),
        }
        manifest = {**body, "sha256": _sha256(_canonical(body))}
        partial.write_text(json.dumps(manifest), encoding="utf-8")
        _place(partial, stem.with_suffix(".json"), is_durable)
        _forget_old(folder)
    except (OSError, pybullet.error) as error:
        raise SnapshotFailed(f"the world cannot be kept: {error}") from error


def load_snapshot(kitchen: PybulletKitchen, folder: Path) -> bool:
    """Put the newest complete snapshot into a home that was built as the run's was.

    Poses, velocities, joint positions and memory are then equal bit for bit; what Bullet does not store is
    how long a body has been at rest, so everything is awake.

    Returns:
        Whether there was one.

    Raises:
        SnapshotFailed: If it is of another home.
    """
    for file in sorted(folder.glob("*.json"), reverse=True):
        manifest = _complete(file)
        if manifest is None:
            continue
        memory = _from_json(manifest["memory"])
        _check_is_same_home(kitchen, memory, file)
        for name, script in manifest["walkers"].items():
            if name not in kitchen.walkers:
                kitchen.add_person(name, script["way"], speed=script["speed"], start_s=script["start_s"])
        try:
            kitchen.bullet.restoreState(fileName=str(folder / manifest["physics"]["file"]))
        except pybullet.error as error:
            raise SnapshotFailed(f"{file} is of another home: {error}") from error
        kitchen.restore_memory(memory)
        return True
    return False


class KeptWorld(RobotProxy):
    """A robot whose world is written to disk every `EVERY_S` of its time; `keep` does so at once."""

    def __init__(self, robot: Robot, kitchen: PybulletKitchen, folder: Path) -> None:
        """Keep the world of `kitchen`, in which `robot` acts, in `folder`."""
        super().__init__(robot)
        self._kitchen = kitchen
        self._folder = folder
        self._every = max(1, round(EVERY_S / robot.limits.tick_s))
        self._last_tick = -1
        self._is_broken = False
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise SnapshotFailed(f"the world cannot be kept: {error}") from error

    def command(self, command: Command) -> CommandReport:
        """Execute one tick, and keep the world when it is due.

        Raises:
            SnapshotFailed: If it cannot be kept; once, so that the robot can still be brought to rest.
        """
        report = self._robot.command(command)
        if self._kitchen.robot.tick - self._last_tick >= self._every and not self._is_broken:
            self._save(is_durable=False)
        return report

    def keep(self) -> None:
        """Write the world now; it survives a power failure.

        Raises:
            SnapshotFailed: If it cannot be written.
        """
        if self._kitchen.robot.tick != self._last_tick:
            self._save(is_durable=True)

    def forget(self) -> None:
        """Delete what was kept: a run that has ended is not gone on with."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _save(self, *, is_durable: bool) -> None:
        try:
            save_snapshot(self._kitchen, self._folder, is_durable=is_durable)
        except SnapshotFailed:
            self._is_broken = True
            raise
        self._last_tick = self._kitchen.robot.tick


def _place(partial: Path, file: Path, is_durable: bool) -> None:
    """Rename a finished file into its place, on the disk before that if it has to be durable."""
    if is_durable:
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
    partial.replace(file)


def _forget_old(folder: Path) -> None:
    for kind in ("step", "tick"):
        for manifest in sorted(folder.glob(f"*-{kind}.json"))[:-KEPT]:
            manifest.unlink()
            manifest.with_suffix(".bullet").unlink(missing_ok=True)


def _complete(file: Path) -> dict[str, Any] | None:
    """Return the manifest of a snapshot that was finished and is unchanged, else None."""
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        body = {key: value for key, value in manifest.items() if key != "sha256"}
        data = (file.parent / body["physics"]["file"]).read_bytes()
        is_sound = manifest["sha256"] == _sha256(_canonical(body)) and body["version"] == VERSION
        return body if is_sound and body["physics"]["sha256"] == _sha256(data) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _check_is_same_home(kitchen: PybulletKitchen, memory: WorldMemory, file: Path) -> None:
    pairs = ((set(memory.fill), set(kitchen.items)), (set(memory.latches), set(kitchen.fixtures)))
    for there, here in pairs:
        if there != here:
            names = ", ".join(sorted(there ^ here))
            raise SnapshotFailed(f"{file} is of another home: only one of the two has {names}")


def _is_whole(data: bytes) -> bool:
    """Return whether Bullet's file runs to its last chunk; Bullet itself reports no full disk."""
    at, code = _FILE_HEADER, b""
    while at + _CHUNK_HEADER <= len(data):
        code = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little", signed=True)
        if length < 0:
            return False
        at += _CHUNK_HEADER + length
    return data.startswith(b"BULLETd") and at == len(data) and code == b"DNA1"


def _walkers(kitchen: PybulletKitchen) -> dict[str, Any]:
    """Return the scripts of the people who walk through; where they are follows from the clock."""
    return {
        name: {"way": walker._way.tolist(), "speed": walker._speed, "start_s": walker._start_s}
        for name, walker in kitchen.walkers.items()
    }


def _to_json(memory: WorldMemory) -> dict[str, Any]:
    robot = {field.name: getattr(memory.robot, field.name) for field in fields(memory.robot)}
    return {
        "robot": {**robot, "history": [part.tolist() for part in memory.robot.history]},
        "latches": {name: list(latch) for name, latch in memory.latches.items()},
        "fill": dict(memory.fill),
        "wiped": {name: cells.astype(int).tolist() for name, cells in memory.wiped.items()},
        "poured": sorted(map(list, memory.poured)),
    }


def _from_json(data: dict[str, Any]) -> WorldMemory:
    robot = data["robot"]
    position, velocity, acceleration = (frozen(part) for part in robot["history"])
    return WorldMemory(
        robot=RobotMemory(**{**robot, "history": (position, velocity, acceleration)}),
        latches={name: (is_on, is_armed) for name, (is_on, is_armed) in data["latches"].items()},
        fill=data["fill"],
        wiped={name: np.array(cells, dtype=np.bool_) for name, cells in data["wiped"].items()},
        poured=frozenset((source, target) for source, target in data["poured"]),
    )


def _canonical(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True).encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
