"""Demonstrations on disk: what was written is read, and LeRobot's own rules hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from skills.datasets import DatasetError, DatasetSpec, Episode, read_dataset, write_dataset

SPEC = DatasetSpec(
    fps=10,
    robot_type="test",
    state=("a", "b"),
    action=("x", "y", "z"),
    cameras={"wrist": (8, 6)},
    extras={"one": 1, "two": 2},
    skill="open",
)


def _episode(seed: int, frames: int, task: str) -> Episode:
    rng = np.random.default_rng(seed)
    return Episode(
        task=task,
        state=rng.normal(size=(frames, 2)).astype(np.float32),
        action=rng.normal(size=(frames, 3)).astype(np.float32),
        pictures={"wrist": rng.integers(0, 256, size=(frames, 8, 6, 3), dtype=np.uint8)},
        extras={"one": rng.normal(size=(frames, 1)).astype(np.float32), "two": np.ones((frames, 2))},
    )


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, list[Episode]]:
    episodes = [_episode(k, 3 + k % 4, ("open it", "close it")[k % 2]) for k in range(103)]
    write_dataset(tmp_path / "data", SPEC, episodes)
    return tmp_path / "data", episodes


def test_what_was_written_is_read(written: tuple[Path, list[Episode]]) -> None:
    folder, episodes = written
    spec, found = read_dataset(folder)
    assert spec == SPEC
    for before, after in zip(episodes, found, strict=True):
        assert before.task == after.task
        assert np.array_equal(before.state, after.state)
        assert np.array_equal(before.action, after.action)
        assert np.array_equal(before.pictures["wrist"], after.pictures["wrist"])
        assert all(np.array_equal(before.extras[name], after.extras[name]) for name in SPEC.extras)


def test_the_metadata_counts_what_is_there(written: tuple[Path, list[Episode]]) -> None:
    folder, episodes = written
    info = json.loads((folder / "meta/info.json").read_text())
    frames = sum(len(e.state) for e in episodes)
    assert (info["codebase_version"], info["total_episodes"], info["total_frames"]) == ("v3.0", 103, frames)
    assert info["splits"] == {"train": "0:103"}
    rows = parquet.read_table(folder / "meta/episodes/chunk-000/file-000.parquet").to_pylist()
    for row in rows:
        file = folder / info["data_path"].format(
            chunk_index=row["data/chunk_index"], file_index=row["data/file_index"]
        )
        table = parquet.read_table(file)
        mine = table.filter(np.asarray(table["episode_index"]) == row["episode_index"])
        assert len(mine) == row["length"] == row["dataset_to_index"] - row["dataset_from_index"]
        assert mine["index"].to_pylist() == list(range(row["dataset_from_index"], row["dataset_to_index"]))
        assert np.asarray(mine["timestamp"]) == pytest.approx(np.arange(row["length"]) / 10, abs=1e-6)
        assert row["tasks"] == [episodes[row["episode_index"]].task]
    names = set(info["features"])
    columns = set(parquet.read_schema(folder / "data/chunk-000/file-000.parquet").names)
    assert names == columns


def test_the_statistics_are_those_of_all_frames(written: tuple[Path, list[Episode]]) -> None:
    folder, episodes = written
    stats = json.loads((folder / "meta/stats.json").read_text())
    states = np.concatenate([e.state for e in episodes])
    assert stats["observation.state"]["mean"] == pytest.approx(states.mean(axis=0), abs=1e-5)
    assert stats["observation.state"]["std"] == pytest.approx(states.std(axis=0), abs=1e-5)
    assert stats["observation.state"]["min"] == pytest.approx(states.min(axis=0))
    assert stats["observation.state"]["count"] == [len(states)]
    pixels = np.concatenate([e.pictures["wrist"].reshape(-1, 3) for e in episodes]) / 255
    assert np.array(stats["observation.images.wrist"]["mean"]).shape == (3, 1, 1)
    assert np.ravel(stats["observation.images.wrist"]["mean"]) == pytest.approx(pixels.mean(axis=0), abs=1e-3)


def test_bad_episodes_are_refused_and_leave_no_data_set(tmp_path: Path) -> None:
    good = _episode(0, 4, "x")
    bad = Episode(
        task="x",
        state=np.full((4, 2), np.nan),
        action=good.action,
        pictures=good.pictures,
        extras=good.extras,
    )
    for episode, told in (
        (bad, "no finite numbers"),
        (
            Episode(
                task="x", state=good.state[:3], action=good.action, pictures=good.pictures, extras=good.extras
            ),
            "action",
        ),
        (
            Episode(task="x", state=good.state, action=good.action, pictures={}, extras=good.extras),
            "wrist is nothing",
        ),
    ):
        with pytest.raises(DatasetError, match=told):
            write_dataset(tmp_path / "data", SPEC, [good, episode])
        with pytest.raises(DatasetError, match="info.json is missing"):
            read_dataset(tmp_path / "data")


def test_nothing_is_written_over(written: tuple[Path, list[Episode]]) -> None:
    folder, episodes = written
    with pytest.raises(DatasetError, match="is a data set already"):
        write_dataset(folder, SPEC, episodes[:1])
