"""Room skills: demonstrations on disk, in the format that LeRobot reads."""

from .dataset import DatasetError, DatasetSpec, Episode
from .reading import read_dataset
from .writing import write_dataset

__all__ = ["DatasetError", "DatasetSpec", "Episode", "read_dataset", "write_dataset"]
