"""Room skills: what a data set of demonstrations holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from robots import Array

SKILL_KEY = "saycando_skill"
DATA = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
"""Where LeRobot looks for frames."""


class DatasetError(ValueError):
    """A data set that cannot be written or read; the message says why."""


@dataclass(frozen=True, kw_only=True)
class DatasetSpec:
    """What every frame has."""

    fps: int
    robot_type: str
    state: tuple[str, ...]
    action: tuple[str, ...]
    cameras: Mapping[str, tuple[int, int]]
    """Camera to height and width, [pixel]."""
    extras: Mapping[str, int] = field(default_factory=dict)
    """Further columns to their number of values."""
    skill: str = ""
    """Which skill the episodes show; a key of our own in `meta/info.json`."""


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One demonstration of t frames."""

    task: str
    """The instruction."""
    state: Array
    """(t, states)."""
    action: Array
    """(t, actions)."""
    pictures: Mapping[str, NDArray[np.uint8]]
    """Camera to (t, height, width, 3), RGB."""
    extras: Mapping[str, Array] = field(default_factory=dict)
    """Further columns, (t, n)."""


def refuse_existing(folder: Path) -> None:
    """Refuse to write over a data set.

    Raises:
        DatasetError: If the folder is one.
    """
    if info_file(folder).exists():
        raise DatasetError(f"{folder} is a data set already; give another folder")


def info_file(folder: Path) -> Path:
    """Return the file that makes a folder a data set."""
    return folder / "meta" / "info.json"


def need_pyarrow() -> None:
    """Refuse to go on without pyarrow.

    Raises:
        DatasetError: If it is missing.
    """
    try:
        import pyarrow  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise DatasetError("data sets need pyarrow: pip install 'saycando[data]'") from error
