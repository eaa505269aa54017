"""Room skills: read back a LeRobotDataset v3.0 whose pictures are in its parquet files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from robots import Array

from .dataset import SKILL_KEY, DatasetError, DatasetSpec, Episode, info_file, need_pyarrow

if TYPE_CHECKING:
    import pyarrow


def read_dataset(folder: Path) -> tuple[DatasetSpec, Iterator[Episode]]:
    """Return what a data set holds, and its episodes one after the other.

    Raises:
        DatasetError: If there is none, or pyarrow is missing.
    """
    need_pyarrow()
    file = info_file(folder)
    if not file.is_file():
        raise DatasetError(f"{folder} is no data set: meta/info.json is missing")
    info = json.loads(file.read_text(encoding="utf-8"))
    if info.get("codebase_version") != "v3.0":
        raise DatasetError(f"{folder} is of version {info.get('codebase_version')}; this reads v3.0")
    features = info["features"]
    cameras = {n.rpartition(".")[2]: f["shape"] for n, f in features.items() if f["dtype"] == "image"}
    spec = DatasetSpec(
        fps=info["fps"],
        robot_type=info["robot_type"],
        state=tuple(features["observation.state"]["names"]),
        action=tuple(features["action"]["names"]),
        cameras={name: (int(shape[0]), int(shape[1])) for name, shape in cameras.items()},
        extras={n[9:]: f["shape"][0] for n, f in features.items() if n.startswith("saycando.")},
        skill=info.get(SKILL_KEY, ""),
    )
    return spec, _episodes(folder, spec)


def _episodes(folder: Path, spec: DatasetSpec) -> Iterator[Episode]:
    from pyarrow import parquet

    tasks = parquet.read_table(folder / "meta" / "tasks.parquet").to_pydict()["__index_level_0__"]
    for file in sorted(folder.glob("data/chunk-*/file-*.parquet")):
        table = parquet.read_table(file)
        owners = table["episode_index"].to_numpy()
        for number in np.unique(owners):
            rows = np.flatnonzero(owners == number)
            part = table.slice(int(rows[0]), len(rows))
            yield Episode(
                task=tasks[part["task_index"][0].as_py()],
                state=_matrix(part, "observation.state"),
                action=_matrix(part, "action"),
                pictures={name: _pictures(part, name) for name in spec.cameras},
                extras={name: _matrix(part, f"saycando.{name}") for name in spec.extras},
            )


def _matrix(table: pyarrow.Table, name: str) -> Array:
    column = table[name].combine_chunks()
    if not hasattr(column.type, "list_size"):
        return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)[:, None]
    return np.asarray(column.flatten().to_numpy(), dtype=np.float64).reshape(len(column), -1)


def _pictures(table: pyarrow.Table, name: str) -> NDArray[np.uint8]:
    blobs = table[f"observation.images.{name}"].combine_chunks().field("bytes")
    frames = [_decoded(b.as_py()) for b in blobs]
    return np.ascontiguousarray(np.stack(frames), dtype=np.uint8)


def _decoded(blob: bytes) -> NDArray[np.uint8]:
    import cv2

    picture = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise DatasetError("a picture cannot be decoded")
    return np.asarray(picture[..., ::-1], dtype=np.uint8)
