"""Room skills: demonstrations on disk, in the format that LeRobot reads."""

from .lerobot import DatasetError, DatasetSpec, Episode, read_dataset, write_dataset

__all__ = ["DatasetError", "DatasetSpec", "Episode", "read_dataset", "write_dataset"]
