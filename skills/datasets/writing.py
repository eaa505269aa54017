"""Room skills: a LeRobotDataset v3.0 written with pyarrow: parquet with PNG pictures, and its metadata.

What LeRobot does not know of a frame (the teacher's chunk, where the target is) are further columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from robots import Array

from .dataset import (
    DATA,
    SKILL_KEY,
    DatasetError,
    DatasetSpec,
    Episode,
    info_file,
    need_pyarrow,
    refuse_existing,
)
from .statistics import combined, statistics_of

if TYPE_CHECKING:
    import pyarrow

EPISODES = "meta/episodes/chunk-000/file-000.parquet"
FILE_EPISODES = 100
"""Episodes of one data file."""
DEFAULTS: Mapping[str, str] = {
    "timestamp": "float32",
    "frame_index": "int64",
    "episode_index": "int64",
    "index": "int64",
    "task_index": "int64",
}


def write_dataset(folder: Path, spec: DatasetSpec, episodes: Sequence[Episode]) -> None:
    """Write all episodes into a new folder; `meta/info.json` comes last, so a half-written folder has none.

    Raises:
        DatasetError: If the folder is a data set already, an episode does not fit, or pyarrow is missing.
    """
    need_pyarrow()
    refuse_existing(folder)
    tasks = list(dict.fromkeys(e.task for e in episodes))
    rows: list[dict[str, Any]] = []
    start = 0
    for first in range(0, len(episodes), FILE_EPISODES):
        part = episodes[first : first + FILE_EPISODES]
        tables = []
        for k, episode in enumerate(part, start=first):
            _check(episode, spec, k)
            tables.append(_table(episode, spec, k, start, tasks.index(episode.task)))
            rows.append(_row(episode, spec, k, start, first // FILE_EPISODES))
            start += len(episode.state)
        file = folder / DATA.format(chunk_index=0, file_index=first // FILE_EPISODES)
        _write(file, tables, _features(spec))
    _write_metadata(folder, spec, rows, tasks, start)


def _check(episode: Episode, spec: DatasetSpec, number: int) -> None:
    frames = len(episode.state)
    wanted: dict[str, tuple[int, ...]] = {
        "state": (frames, len(spec.state)),
        "action": (frames, len(spec.action)),
    }
    wanted |= {name: (frames, count) for name, count in spec.extras.items()}
    wanted |= {name: (frames, *size, 3) for name, size in spec.cameras.items()}
    given: dict[str, Any] = {
        "state": episode.state,
        "action": episode.action,
        **episode.extras,
        **episode.pictures,
    }
    for name, shape in wanted.items():
        has = np.shape(given[name]) if name in given else "nothing"
        if has != shape or not frames:
            raise DatasetError(f"episode {number}: {name} is {has}; expected {shape} with at least one frame")
        if not np.isfinite(given[name]).all():
            raise DatasetError(f"episode {number}: {name} holds values that are no finite numbers")


def _columns(episode: Episode, spec: DatasetSpec) -> dict[str, Array]:
    return {
        "observation.state": episode.state,
        "action": episode.action,
        **{f"saycando.{name}": episode.extras[name] for name in spec.extras},
    }


def _table(episode: Episode, spec: DatasetSpec, number: int, start: int, task: int) -> pyarrow.Table:
    import pyarrow as pa

    frames = len(episode.state)
    columns: dict[str, Any] = {}
    for name, values in _columns(episode, spec).items():
        flat = pa.array(np.asarray(values, dtype=np.float32).ravel())
        columns[name] = (
            flat if values.shape[1] == 1 else pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
        )
    picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    for name, pictures in episode.pictures.items():
        blobs = [{"bytes": _png(p), "path": None} for p in pictures]
        columns[f"observation.images.{name}"] = pa.array(blobs, picture)
    ticks = np.arange(frames)
    columns["timestamp"] = pa.array((ticks / spec.fps).astype(np.float32))
    columns["frame_index"] = pa.array(ticks)
    columns["episode_index"] = pa.array(np.full(frames, number))
    columns["index"] = pa.array(start + ticks)
    columns["task_index"] = pa.array(np.full(frames, task))
    return pa.table(columns)


def _png(picture: NDArray[np.uint8]) -> bytes:
    import cv2

    return bytes(cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]))[1])


def _row(episode: Episode, spec: DatasetSpec, number: int, start: int, file: int) -> dict[str, Any]:
    frames = len(episode.state)
    row: dict[str, Any] = {
        "episode_index": number,
        "tasks": [episode.task],
        "length": frames,
        "data/chunk_index": 0,
        "data/file_index": file,
        "dataset_from_index": start,
        "dataset_to_index": start + frames,
        "meta/episodes/chunk_index": 0,
        "meta/episodes/file_index": 0,
    }
    ticks = np.arange(frames, dtype=np.float64)[:, None]
    plain = {**_columns(episode, spec), "timestamp": ticks / spec.fps, "frame_index": ticks}
    for name, values in plain.items():
        row |= {f"stats/{name}/{key}": value for key, value in statistics_of(values).items()}
    for name, pictures in episode.pictures.items():
        pixels = pictures.reshape(-1, 3) / 255.0
        shaped: dict[str, Any] = {
            k: v if k == "count" else [[[x]] for x in v] for k, v in statistics_of(pixels).items()
        }
        shaped["count"] = [frames]
        row |= {f"stats/observation.images.{name}/{key}": value for key, value in shaped.items()}
    return row


def _features(spec: DatasetSpec) -> dict[str, Any]:
    features: dict[str, Any] = {
        "observation.state": {"dtype": "float32", "shape": [len(spec.state)], "names": list(spec.state)},
        "action": {"dtype": "float32", "shape": [len(spec.action)], "names": list(spec.action)},
    }
    for name, size in spec.cameras.items():
        names = ["height", "width", "channels"]
        features[f"observation.images.{name}"] = {"dtype": "image", "shape": [*size, 3], "names": names}
    for name, count in spec.extras.items():
        features[f"saycando.{name}"] = {"dtype": "float32", "shape": [count], "names": None}
    return features | {name: {"dtype": kind, "shape": [1], "names": None} for name, kind in DEFAULTS.items()}


def _write(file: Path, tables: list[pyarrow.Table], features: Mapping[str, Any]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    told: dict[str, Any] = {}
    for name, feature in features.items():
        if feature["dtype"] == "image":
            told[name] = {"_type": "Image"}
        elif feature["shape"] == [1]:
            told[name] = {"dtype": feature["dtype"], "_type": "Value"}
        else:
            inner = {"dtype": feature["dtype"], "_type": "Value"}
            told[name] = {"feature": inner, "length": feature["shape"][0], "_type": "List"}
    table = pa.concat_tables(tables)
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": told}})})
    file.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, file, compression="snappy")


def _write_metadata(
    folder: Path, spec: DatasetSpec, rows: list[dict[str, Any]], tasks: list[str], frames: int
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    episodes = folder / EPISODES
    episodes.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(rows), episodes)
    told = {"index_columns": ["__index_level_0__"], "columns": [], "column_indexes": []}
    table = pa.table({"task_index": np.arange(len(tasks)), "__index_level_0__": tasks})
    parquet.write_table(
        table.replace_schema_metadata({"pandas": json.dumps(told)}), folder / "meta/tasks.parquet"
    )
    (folder / "meta/stats.json").write_text(json.dumps(combined(rows), indent=1), encoding="utf-8")
    info = {
        "codebase_version": "v3.0",
        "robot_type": spec.robot_type,
        "total_episodes": len(rows),
        "total_frames": frames,
        "total_tasks": len(tasks),
        "chunks_size": 1000,
        "data_files_size_in_mb": 100,
        "video_files_size_in_mb": 200,
        "fps": spec.fps,
        "splits": {"train": f"0:{len(rows)}"},
        "data_path": DATA,
        "video_path": None,
        "features": _features(spec),
        **({SKILL_KEY: spec.skill} if spec.skill else {}),
    }
    info_file(folder).write_text(json.dumps(info, indent=1), encoding="utf-8")
